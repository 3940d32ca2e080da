//! Whether a tool is the one that was approved.
//!
//! A [`Breach`] is found whatever the server's pins say; [`RuleSet::decide`](crate::RuleSet::decide) and
//! [`RuleSet::shows`](crate::RuleSet::shows) refuse it where they are enforced, the engine records it where they are
//! observed.

use std::fmt;
use std::sync::Arc;

use mcp::Digest;

use crate::catalogue::tool::{Flaw, Tool};
use crate::catalogue::{Catalogue, Known};
use crate::code::Code;
use crate::decision::Denial;
use crate::document::PinMode;
use crate::operation::Operation;
use crate::ruleset::RuleSet;
use crate::ruleset::outputs::OutputSchemas;
use crate::ruleset::pinned::PinnedSchemas;

/// Why a tool is not the one that was approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Breach {
    /// Its definition is not the approved one.
    Changed {
        /// The digest that was approved.
        approved: Digest,
        /// The digest of the definition there is now.
        now: Digest,
    },
    /// Its name cannot be told from another.
    Name(Flaw),
    /// No definition of this name was ever approved.
    Unapproved {
        /// The digest of the definition there is now.
        now: Digest,
    },
    /// Nobody has asked the server yet what it offers, or it did not answer.
    Unheard,
    /// The server does not offer a tool of this name.
    Unlisted,
}

impl Breach {
    /// The breach of a tool, if there is one: of what is known of it, under the definition that was last `seen` elsewhere.
    #[must_use]
    pub fn of(known: Known<'_>, seen: Option<Digest>) -> Option<Breach> {
        let tool = match (known, seen) {
            (Known::Tool(tool), _) => tool,
            (Known::Unheard | Known::Unlisted, Some(now)) => return Some(Breach::Unapproved { now }),
            (Known::Unheard, None) => return Some(Breach::Unheard),
            (Known::Unlisted, None) => return Some(Breach::Unlisted),
        };
        if let Some(flaw) = tool.flaw() {
            return Some(Breach::Name(flaw.clone()));
        }
        let digests = [Some(tool.digest()), seen];
        let Some(approved) = tool.approved() else {
            return Some(Breach::Unapproved { now: seen.unwrap_or(tool.digest()) });
        };
        let changed = digests.into_iter().flatten().find(|digest| *digest != approved)?;
        Some(Breach::Changed { approved, now: changed })
    }

    /// The kind of refusal.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Breach::Changed { .. } => Code::ToolChanged,
            Breach::Name(_) => Code::ToolNameRefused,
            Breach::Unapproved { .. } | Breach::Unheard | Breach::Unlisted => Code::ToolNotApproved,
        }
    }

    pub(super) fn denial(&self, server: &str, tool: &str) -> Denial {
        let help = match self {
            Breach::Changed { .. } | Breach::Unapproved { .. } => format!(
                "; ask the operator to look at it and to run `trigate pins approve --server {server} --tool {tool}`"
            ),
            Breach::Name(_) => format!("; ask the operator to look at `trigate pins show --server {server}`"),
            Breach::Unheard => "; ask the operator to look at `trigate pins list`".to_owned(),
            Breach::Unlisted => String::new(),
        };
        let what = format!("tool `{tool}` on server `{server}`: {self}{help}");
        Denial::new(self.code(), what).by(Arc::from(format!("servers.{server}.pins: enforce")))
    }
}

impl RuleSet {
    /// The same rules, with what the servers are known to offer.
    #[must_use]
    pub fn with_catalogue(self, catalogue: Arc<Catalogue>) -> RuleSet {
        let needs =
            |server: &str, tool: &str| self.roles.values().any(|role| role.needs_pinned(server, tool));
        let pinned = Arc::new(PinnedSchemas::compile(&catalogue, needs));
        let outputs = Arc::new(OutputSchemas::of(&catalogue));
        RuleSet { catalogue, pinned, outputs, ..self }
    }

    /// What the servers are known to offer.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// A tool as its server last defined it; none where the control plane has not heard of it.
    #[must_use]
    pub fn tool(&self, server: &str, name: &str) -> Option<&Tool> {
        self.catalogue.tool(server, name)
    }

    /// Whether a server's tools are held to what was approved.
    #[must_use]
    pub fn pins(&self, server: &str) -> PinMode {
        self.pins.get(server).copied().unwrap_or_default()
    }

    /// Why a tool is not the one that was approved, whatever the server's pins make of it. `seen` is the digest of a
    /// definition that was met since the catalogue was made.
    #[must_use]
    pub fn breach(&self, server: &str, tool: &str, seen: Option<Digest>) -> Option<Breach> {
        Breach::of(self.catalogue.known(server, tool), seen)
    }

    /// The refusal of a tool where its server's pins are enforced and it is not the one that was approved.
    #[must_use]
    pub fn pin_denial(&self, server: &str, tool: &str, seen: Option<Digest>) -> Option<Denial> {
        if self.pins(server) != PinMode::Enforce {
            return None;
        }
        self.breach(server, tool, seen).map(|breach| breach.denial(server, tool))
    }

    /// The refusal of a call whose tool is not the one that was approved.
    pub(super) fn unpinned(&self, server: &str, operation: &Operation<'_>) -> Option<Denial> {
        let Operation::CallTool { name, .. } = operation else { return None };
        self.pin_denial(server, name, None)
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breach::Changed { approved, now } => {
                write!(f, "its definition changed since it was approved: approved {approved}, now {now}")
            }
            Breach::Name(flaw) => flaw.fmt(f),
            Breach::Unapproved { now } => write!(f, "its definition {now} was never approved"),
            Breach::Unheard => f.write_str("the server has not yet said what it offers"),
            Breach::Unlisted => f.write_str("the server does not offer it"),
        }
    }
}

#[cfg(test)]
mod tests;
