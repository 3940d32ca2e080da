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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mcp::list::ListKind;
    use mcp::{Json, Limits};

    use crate::catalogue::Catalogue;
    use crate::catalogue::tool::Tool;
    use crate::operation::{Arguments, Operation};
    use crate::ruleset::RuleSet;
    use crate::subject::Subject;

    const POLICY: &str = "version: 1\nservers: { s: { url: http://127.0.0.1:1/mcp } }\nroles: { agent: { tools: [\n\
        { allow: s.*, schema: pinned }, { allow: s.both, schema: pinned, when: args.id < 3 } ] } }";

    fn rules(tools: &[&str]) -> RuleSet {
        let source = crate::parse(POLICY).unwrap_or_else(|problems| panic!("{problems}"));
        let rules = source.compile(1).unwrap_or_else(|problems| panic!("{problems}"));
        let mut catalogue = Catalogue::default();
        catalogue.insert("s", tools.iter().map(|text| Tool::read(text).unwrap()));
        rules.with_catalogue(Arc::new(catalogue))
    }

    #[track_caller]
    fn check(rules: &RuleSet, tool: &str, arguments: &str, expected: &str) {
        let json = Json::parse(arguments.as_bytes(), &Limits::default()).unwrap();
        let operation = Operation::CallTool { name: tool.into(), arguments: Arguments::Known(json) };
        let subject = Subject { role: "agent".into(), ..Subject::default() };
        let told = match rules.decide(&subject, "s", &operation) {
            crate::Decision::Permit(permit) => permit.rule().to_owned(),
            crate::Decision::Deny(denial) => denial.to_string(),
        };
        assert!(told.contains(expected), "{tool} of {arguments}: {told}");
    }

    fn shows(rules: &RuleSet, tool: &str) -> bool {
        rules.shows(&Subject { role: "agent".into(), ..Subject::default() }, "s", ListKind::Tools, tool)
    }

    #[test]
    fn the_servers_own_schema_is_enforced() {
        let schema = r#"{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}"#;
        let tool = |name: &str| format!(r#"{{"name":"{name}","inputSchema":{schema}}}"#);
        let rules = rules(&[&tool("one"), &tool("both")]);
        check(&rules, "one", r#"{"id":7}"#, "allow s.*");
        check(&rules, "one", r#"{"id":"7"}"#, "4043 arguments_invalid");
        check(&rules, "one", r#"{"id":7,"more":1}"#, "4043 arguments_invalid");
        check(&rules, "one", "{}", "4043 arguments_invalid");
        check(&rules, "both", r#"{"id":1}"#, "allow s.both");
        check(&rules, "both", r#"{"id":7}"#, "allow s.*");
        assert!(shows(&rules, "one") && shows(&rules, "both"));
    }

    #[test]
    fn a_schema_that_is_missing_or_cannot_be_used_denies() {
        let rules = rules(&[
            r#"{"name":"none"}"#,
            r#"{"name":"far","inputSchema":{"$ref":"https://example.com/x"}}"#,
            r##"{"name":"circle","inputSchema":{"allOf":[{"$ref":"#"}]}}"##,
        ]);
        check(
            &rules,
            "none",
            "{}",
            "4044 schema_unusable: tool `none` on server `s`: the tool declares no input schema",
        );
        check(
            &rules,
            "far",
            "{}",
            "4044 schema_unusable: tool `far` on server `s`: the input schema of the tool cannot be used",
        );
        check(&rules, "circle", "{}", "4044 schema_unusable");
        check(&rules, "unheard", "{}", "4044 schema_unusable");
        for tool in ["none", "far", "circle", "unheard"] {
            assert!(!shows(&rules, tool), "{tool}");
        }
    }
}
