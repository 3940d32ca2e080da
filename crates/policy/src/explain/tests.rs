//! Explanations: what became of each rule, and changes that were tried.

use super::*;
use crate::yaml;

const POLICY: &str = r#"
version: 1
servers: { shop: { url: "http://127.0.0.1:1/mcp" } }
roles:
  agent:
    tools:
      - allow: shop.create
        when: args.priority == "low"
      - deny: shop.del*
      - allow: shop.d*
      - allow: shop.page
        schema: { required: [size] }
  empty: {}
"#;

fn ask(role: &str, tool: &str, arguments: Option<&str>) -> String {
    let source = yaml::parse(POLICY).unwrap_or_else(|problems| panic!("{problems}"));
    let rules = source.compile(1).unwrap_or_else(|problems| panic!("{problems}"));
    let question = Question {
        subject: Subject { role: role.to_owned(), ..Subject::default() },
        server: "shop".to_owned(),
        target: Target::Tool(tool.to_owned()),
        arguments: arguments.map(str::to_owned),
    };
    let explanation = explain(&source.document, &rules, &question);
    assert_eq!(explanation.decision, question.decide(&rules));
    let rules = explanation.considered.iter().filter(|rule| rule.outcome != RuleOutcome::Elsewhere);
    let rules = rules.map(|rule| format!("{} {}: {}", rule.place, rule.outcome.name(), rule.why));
    let changes = explanation.change.iter().map(ToString::to_string);
    let decision = if explanation.decision.permits() { "allow" } else { "deny" };
    [decision.to_owned()].into_iter().chain(rules).chain(changes).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(role: &str, tool: &str, arguments: Option<&str>, expected: &[&str]) {
    assert_eq!(ask(role, tool, arguments), expected.join("\n"));
}

#[test]
fn a_permitted_call_needs_no_change() {
    check(
        "agent",
        "create",
        Some(r#"{"priority":"low"}"#),
        &["allow", "roles.agent.tools[0] matches: it matches"],
    );
    check("agent", "create", None, &["allow", "roles.agent.tools[0] may_match: it matches some arguments"]);
}

#[test]
fn the_narrowest_change_that_works_is_proposed() {
    check(
        "agent",
        "create",
        Some(r#"{"priority":"high"}"#),
        &[
            "deny",
            "roles.agent.tools[0] unmet: the arguments have to meet `args.priority == \"low\"`",
            "take `when` out of `roles.agent.tools[0]`",
        ],
    );
    check(
        "agent",
        "page",
        Some("{}"),
        &[
            "deny",
            "roles.agent.tools[3] unmet: the arguments: \"size\" is a required property",
            "take `schema` out of `roles.agent.tools[3]`",
        ],
    );
    check(
        "agent",
        "delete",
        Some("{}"),
        &[
            "deny",
            "roles.agent.tools[1] matches: it matches",
            "roles.agent.tools[2] matches: it matches",
            "add `- allow: shop.delete` to `roles.agent.tools`",
        ],
    );
    check("empty", "query", Some("{}"), &["deny", "add `- allow: shop.query` to `roles.empty.tools`"]);
    check("nobody", "query", Some("{}"), &["deny"]);
}
