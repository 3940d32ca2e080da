//! What pins refuse, what they only find, and what they leave alone.

use std::sync::Arc;

use mcp::Digest;
use mcp::list::ListKind;

use crate::catalogue::Catalogue;
use crate::catalogue::tool::{Flaw, Tool};
use crate::{Code, Decision, Operation, RuleSet, Subject, operation::Arguments};

/// `pay` is approved, `new` never was, `old` was approved with another definition, `fake` looks like `pay`.
fn rules(pins: &str) -> RuleSet {
    let text = format!(
        "version: 1\nservers:\n  bank: {{ url: \"http://h/mcp\"{pins} }}\nroles: {{ agent: {{ tools: [{{ allow: bank.* }}] }}, all: {{ everything: true }} }}\n"
    );
    let read = |definition: &str| Tool::read(definition).unwrap();
    let digest = |definition: &str| Some(read(definition).digest());
    let mut catalogue = Catalogue::default();
    let look_alike = Some(Flaw::LooksLike("pay".into()));
    catalogue.insert(
        "bank",
        [
            read(r#"{"name":"pay"}"#).with_approved(digest(r#"{ "name": "pay" }"#)),
            read(r#"{"name":"new"}"#),
            read(r#"{"name":"old","title":"now"}"#).with_approved(digest(r#"{"name":"old"}"#)),
            read(r#"{"name":"рay"}"#).with_approved(digest(r#"{"name":"рay"}"#)).with_flaw(look_alike),
        ],
    );
    crate::parse(&text).unwrap().compile(1).unwrap().with_catalogue(Arc::new(catalogue))
}

fn subject(role: &str) -> Subject {
    Subject { name: "bot".into(), role: role.into(), ..Subject::default() }
}

fn decide(rules: &RuleSet, role: &str, tool: &str) -> Decision {
    let operation = Operation::CallTool { name: tool.into(), arguments: Arguments::Unknown };
    rules.decide(&subject(role), "bank", &operation)
}

#[track_caller]
fn check(rules: &RuleSet, tool: &str, refused: Option<Code>) {
    for role in ["agent", "all"] {
        let code = match decide(rules, role, tool) {
            Decision::Permit(_) => None,
            Decision::Deny(denial) => Some(denial.code()),
        };
        assert_eq!(code, refused, "{role} calls {tool}");
        let shown = rules.shows(&subject(role), "bank", ListKind::Tools, tool);
        assert_eq!(shown, refused.is_none(), "{role} sees {tool}");
    }
}

#[test]
fn enforced_pins_admit_what_was_approved_and_nothing_else() {
    let rules = rules(", pins: enforce");
    check(&rules, "pay", None);
    check(&rules, "new", Some(Code::ToolNotApproved));
    check(&rules, "old", Some(Code::ToolChanged));
    check(&rules, "рay", Some(Code::ToolNameRefused));
    check(&rules, "PAY", Some(Code::ToolNotApproved));
    check(&rules, "unlisted", Some(Code::ToolNotApproved));
}

#[test]
fn a_server_that_was_never_heard_is_refused_whole() {
    let rules = rules(", pins: { mode: enforce, first: trust }").with_catalogue(Arc::default());
    for tool in ["pay", "new", "unlisted"] {
        check(&rules, tool, Some(Code::ToolNotApproved));
    }
}

#[test]
fn pins_that_are_off_or_observed_refuse_nothing() {
    for pins in ["", ", pins: off", ", pins: observe", ", pins: { mode: observe }"] {
        for tool in ["pay", "new", "old", "рay", "unlisted"] {
            check(&rules(pins), tool, None);
        }
    }
}

#[test]
fn only_tools_are_pinned() {
    let rules = rules(", pins: enforce");
    let operation = Operation::GetPrompt { name: "new".into(), arguments: Arguments::Unknown };
    assert!(rules.decide(&subject("all"), "bank", &operation).permits());
    assert!(rules.shows(&subject("all"), "bank", ListKind::Prompts, "new"));
}

#[test]
fn a_definition_seen_since_counts_before_the_catalogue() {
    let rules = rules(", pins: enforce");
    let digest = |text: &str| Tool::read(text).unwrap().digest();
    let changed = digest(r#"{"name":"pay","description":"send all"}"#);
    let denial = rules.pin_denial("bank", "pay", Some(changed)).unwrap();
    assert_eq!(denial.code(), Code::ToolChanged);
    assert!(rules.pin_denial("bank", "pay", Some(digest(r#"{"name":"pay"}"#))).is_none());
    // What the catalogue has of `old` is not what was approved: one good list is not the end of it.
    assert!(rules.pin_denial("bank", "old", Some(digest(r#"{"name":"old"}"#))).is_some());
    assert_eq!(rules.pin_denial("bank", "x", Some(changed)).unwrap().code(), Code::ToolNotApproved);
}

#[test]
fn a_refusal_tells_both_digests_and_what_helps() {
    let Decision::Deny(denial) = decide(&rules(", pins: enforce"), "agent", "old") else {
        panic!("permitted")
    };
    let (was, is) =
        (Tool::read(r#"{"name":"old"}"#).unwrap(), Tool::read(r#"{"name":"old","title":"now"}"#).unwrap());
    let told = denial.public();
    for part in [was.digest(), is.digest()].map(|digest: Digest| digest.to_string()) {
        assert!(told.contains(&part), "{told}");
    }
    assert!(told.contains("`trigate pins approve --server bank --tool old`"), "{told}");
    assert_eq!(denial.rule(), "servers.bank.pins: enforce");
}
