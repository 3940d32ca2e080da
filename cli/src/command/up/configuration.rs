//! Envoy's configuration in the state directory: rendered anew when the document changes, written when that matters.

use anyhow::Context;
use policy::{Document, RuleSet};
use serde_json::Value;

use crate::envoy::bootstrap::{self, Addresses, Plan};
use crate::envoy::gate::Gate;
use crate::envoy::tracing::Tracing;
use crate::serving::node;
use crate::state::StateDir;

/// What stays the same from one document to the next, and what was written last.
pub(super) struct Configuration {
    addresses: Addresses,
    gate: Gate,
    node: String,
    token: String,
    tracing: Option<Tracing>,
    written: Value,
}

impl Configuration {
    pub(super) fn new(
        addresses: Addresses,
        gate: Gate,
        token: String,
        tracing: Option<Tracing>,
    ) -> Configuration {
        Configuration { addresses, gate, node: node("envoy"), token, tracing, written: Value::Null }
    }

    /// Writes the configuration for a document; false where it is what was written before.
    pub(super) fn render(&mut self, document: &Document, state: &StateDir) -> anyhow::Result<bool> {
        // The revision is of no matter: only the limits are read.
        let rules = RuleSet::compile(document, 0).context("the document cannot be compiled")?;
        let plan = Plan {
            document,
            max_body: u64::try_from(rules.gateway().max_body).unwrap_or(u64::MAX),
            addresses: self.addresses,
            gate: &self.gate,
            node: &self.node,
            token: &self.token,
            tracing: self.tracing.as_ref(),
        };
        let rendered = bootstrap::render(&plan)?;
        if rendered == self.written {
            return Ok(false);
        }
        state.write_json("envoy.json", &rendered)?;
        self.written = rendered;
        Ok(true)
    }
}
