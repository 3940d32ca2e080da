//! The output schemas that servers declare, for results that the gateway changed on their way.
//!
//! A schema is compiled when the first such result of its tool passes: most tools never have one.

use std::collections::HashMap;
use std::sync::OnceLock;

use mcp::Json;

use crate::catalogue::Catalogue;
use crate::schema::Schema;

/// Whether a structured result is what its tool declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutputFit {
    /// It is not.
    Breaks,
    /// It is, or nothing is declared.
    Fits,
    /// It cannot be said: the schema cannot be used, or would take too long.
    Unknown,
}

/// Schemas by server and tool, for the tools that declare one. One that cannot be used is none.
#[derive(Debug, Default)]
pub(super) struct OutputSchemas {
    servers: HashMap<String, HashMap<String, OnceLock<Option<Schema>>>>,
}

impl OutputSchemas {
    /// The tools of a catalogue that declare one.
    pub(super) fn of(catalogue: &Catalogue) -> OutputSchemas {
        let declaring = |server: &str| {
            let tools = catalogue.tools(server).into_iter().flatten();
            let declaring = tools.filter(|tool| tool.output_schema().is_some());
            declaring.map(|tool| (tool.name().to_owned(), OnceLock::new())).collect()
        };
        let servers = catalogue.servers().map(|server| (server.to_owned(), declaring(server)));
        OutputSchemas { servers: servers.collect() }
    }

    /// Whether a tool's structured result meets the schema, which the catalogue has as text.
    pub(super) fn fit(&self, catalogue: &Catalogue, server: &str, tool: &str, result: Json<'_>) -> OutputFit {
        let Some(cell) = self.servers.get(server).and_then(|tools| tools.get(tool)) else {
            return OutputFit::Fits;
        };
        let compile = || {
            let declared = catalogue.tool(server, tool)?.output_schema()?;
            Schema::of_output(declared).ok()
        };
        match cell.get_or_init(compile).as_ref().and_then(|schema| schema.meets(result)) {
            Some(true) => OutputFit::Fits,
            Some(false) => OutputFit::Breaks,
            None => OutputFit::Unknown,
        }
    }
}
