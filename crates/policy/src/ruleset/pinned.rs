//! The input schemas that servers declare, compiled for the rules that say `schema: pinned`.

use std::collections::HashMap;

use crate::catalogue::Catalogue;
use crate::schema::Schema;

/// Compiled schemas by server and tool, or why one cannot be used.
#[derive(Debug, Default)]
pub(super) struct PinnedSchemas {
    servers: HashMap<String, HashMap<String, Result<Schema, String>>>,
}

impl PinnedSchemas {
    /// The schemas of the tools that `needs` says a rule needs.
    pub(super) fn compile(catalogue: &Catalogue, needs: impl Fn(&str, &str) -> bool) -> PinnedSchemas {
        let of_server = |server: &str| {
            let tools = catalogue.tools(server)?.filter(|tool| needs(server, tool.name()));
            Some(tools.map(|tool| (tool.name().to_owned(), schema(tool.input_schema()))).collect())
        };
        let servers =
            catalogue.servers().filter_map(|server| Some((server.to_owned(), of_server(server)?))).collect();
        PinnedSchemas { servers }
    }

    /// The schema of one tool.
    pub(super) fn schema(&self, server: &str, tool: &str) -> Result<&Schema, String> {
        match self.servers.get(server).and_then(|tools| tools.get(tool)) {
            Some(Ok(schema)) => Ok(schema),
            Some(Err(words)) => Err(words.clone()),
            None => Err(
                "the rule holds the arguments to the input schema of the tool, and the gateway does not know that schema yet"
                    .to_owned(),
            ),
        }
    }
}

fn schema(declared: Option<&str>) -> Result<Schema, String> {
    let declared = declared.ok_or("the tool declares no input schema to hold the arguments to")?;
    Schema::declared(declared)
        .map_err(|error| format!("the input schema of the tool cannot be used: {error}"))
}
