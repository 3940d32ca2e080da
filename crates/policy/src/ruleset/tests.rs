//! Keys, endpoints, rights, and the rules of a node that has none.

use super::*;
use crate::document::TableOperation;
use crate::key::{ApiKeyText, ENTROPY};
use crate::parse;
use crate::ruleset::rights::Columns;
use crate::subject::{KeyRefused, Scopes};

fn rules(text: &str) -> RuleSet {
    parse(text)
        .unwrap_or_else(|problems| panic!("{problems}"))
        .compile(7)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn keyed(expires: &str) -> (RuleSet, ApiKeyText) {
    let key = ApiKeyText::generate(&[5; ENTROPY]);
    let text = format!(
        "version: 1\nroles: {{ agent: {{}} }}\nkeys: [ {{ id: {}, name: bot, role: agent, sha256: {}{expires} }} ]",
        key.id(),
        key.digest_hex()
    );
    (rules(&text), key)
}

#[test]
fn a_key_is_known_by_its_digest() {
    let (rules, key) = keyed("");
    let subject =
        Subject { name: "bot".into(), key_id: key.id().into(), role: "agent".into(), ..Subject::default() };
    assert_eq!(rules.authenticate(&key, u64::MAX), Ok(subject));
}

#[test]
fn a_right_id_with_a_wrong_secret_is_unknown() {
    let (rules, key) = keyed(", expires: 2027-01-01T00:00:00Z");
    let other = ApiKeyText::parse(&format!("tg_{}_{}", key.id(), "a".repeat(52))).unwrap();
    assert_eq!(rules.authenticate(&other, 0), Err(KeyRefused::Unknown));
    assert_eq!(rules.authenticate(&other, u64::MAX), Err(KeyRefused::Unknown));
    let stranger = ApiKeyText::generate(&[6; ENTROPY]);
    assert_eq!(rules.authenticate(&stranger, 0), Err(KeyRefused::Unknown));
}

#[test]
fn a_key_ends_with_its_last_second() {
    let (rules, key) = keyed(", expires: 2027-01-01T00:00:00Z");
    assert!(rules.authenticate(&key, 1_798_761_599).is_ok());
    assert_eq!(rules.authenticate(&key, 1_798_761_600), Err(KeyRefused::Expired));
}

#[test]
fn endpoints_are_found_by_their_exact_path() {
    let rules = rules(
        "version: 1\nservers: { tickets: { url: http://127.0.0.1:1/mcp } }\ndatabases: { shop: { url: sqlite://shop.db } }\n\
         endpoints: { /shop/mcp: { servers: [shop] }, /tickets/mcp: { servers: [tickets] } }",
    );
    let endpoint = rules.endpoint("/shop/mcp").unwrap();
    assert_eq!((endpoint.server.as_str(), endpoint.kind), ("shop", ServerKind::Database));
    assert_eq!(rules.endpoint("/tickets/mcp").unwrap().kind, ServerKind::Upstream);
    for path in ["/shop/mcp/", "/shop", "/SHOP/mcp", ""] {
        assert_eq!(rules.endpoint(path), None, "{path}");
    }
    assert_eq!(rules.databases().collect::<Vec<_>>(), [("shop", Some("sqlite://shop.db"))]);
    assert_eq!(rules.revision(), 7);
}

#[test]
fn defaults_are_filled_in() {
    let rules = rules("version: 1");
    assert_eq!(*rules.gateway(), Gateway::default());
    assert_eq!((rules.gateway().max_body, rules.gateway().max_depth), (4 * 1024 * 1024, 64));
    assert_eq!(rules.gateway().unmatched, Unmatched::Deny);
    assert_eq!((rules.audit().arguments, rules.audit().on_full), (Arguments::Digest, OnFull::Drop));
}

#[test]
fn rights_inside_a_database_are_taken_over_entry_by_entry() {
    let rules = rules(
        "version: 1\ndatabases: { shop: { url: sqlite://shop.db } }\nroles:\n  agent:\n    databases:\n      shop:\n        \
         tables: { \"*\": [read], orders: [write], sales.*: [read] }\n        columns: { orders: [id, total] }\n        \
         deny_columns: { customers: [ssn], \"*\": [secret] }\n        max_rows: 5\n        raw_sql: true\n        ddl: true\n",
    );
    let rights = rules.database_rights("agent", "shop").unwrap();
    use TableOperation::{Delete, Insert, Read, Update};
    assert_eq!(rights.tables["orders"].operations, [Insert, Update, Delete].into());
    assert_eq!(rights.tables["orders"].columns, Columns::Only(["id".to_owned(), "total".to_owned()].into()));
    assert_eq!(rights.tables["customers"].operations, [].into());
    assert_eq!(rights.tables["customers"].denied, ["ssn".to_owned()].into());
    assert_eq!(rights.tables["*"].operations, [Read].into());
    assert_eq!(rights.tables["*"].denied, ["secret".to_owned()].into());
    assert_eq!((rights.max_rows, rights.raw_sql, rights.ddl), (5, true, true));
    assert_eq!(rules.database_rights("agent", "till"), None);
    assert_eq!(rules.database_rights("other", "shop"), None);
}

#[test]
fn a_pattern_among_columns_is_a_problem() {
    let text = "version: 1
databases: { shop: { url: \"sqlite://x\" } }
roles: { agent: { databases: { shop: { tables: { t: [read] }, deny_columns: { t: [ok, \"s*\"] }, columns: { t: [\"\"] } } } } }
";
    let problems = parse(text).unwrap().check().to_string();
    assert!(problems.contains("deny_columns.t[1]: `s*` is no column"), "{problems}");
    assert!(problems.contains("columns.t[0]: `` is no column"), "{problems}");
}

/// Who has these scopes, and a claim that one rule asks for as well.
fn scoped(scopes: Scopes) -> Subject {
    let claims = [("team".to_owned(), crate::Claim::Text("eu".into()))].into();
    Subject { role: "agent".into(), scopes, claims, ..Subject::default() }
}

#[test]
fn a_rule_wants_its_scopes_and_lists_show_what_a_token_could_get() {
    let rules = rules(
        "version: 1\nservers: { s: { url: http://127.0.0.1:1/mcp } }\nroles: { agent: { tools: [\n\
         { allow: s.read, scopes: [read] }, { allow: s.write, scopes: [read, write] },\n\
         { allow: s.far, scopes: [write], when: 'claims.team == \"us\"' } ] } }",
    );
    let read = || std::sync::Arc::new(["read".to_owned()].into());
    let shows = |subject: &Subject, tool| rules.shows(subject, "s", mcp::list::ListKind::Tools, tool);
    let decide = |subject: &Subject, tool: &'static str| {
        let arguments = crate::Arguments::Unknown;
        rules.decide(subject, "s", &Operation::CallTool { name: tool.into(), arguments })
    };
    let shown = |subject: &Subject| ["read", "write", "far"].map(|tool| shows(subject, tool));
    let permitted = |subject: &Subject| ["read", "write", "far"].map(|tool| decide(subject, tool).permits());
    let (all, granted) = (scoped(Scopes::All), scoped(Scopes::Granted(read())));
    let only = scoped(Scopes::Only(read()));
    assert_eq!((permitted(&all), shown(&all)), ([true, true, false], [true, true, false]));
    assert_eq!((permitted(&granted), shown(&granted)), ([true, false, false], [true, true, false]));
    assert_eq!((permitted(&only), shown(&only)), ([true, false, false], [true, false, false]));

    let denial = |tool| match decide(&granted, tool) {
        crate::Decision::Deny(denial) => denial,
        crate::Decision::Permit(_) => panic!("{tool} is permitted"),
    };
    let (write, far) = (denial("write"), denial("far"));
    assert_eq!(
        (write.code(), write.scopes()),
        (crate::Code::InsufficientScope, &["read".into(), "write".into()][..])
    );
    assert_eq!((far.code(), far.scopes()), (crate::Code::ConditionUnmet, &[][..]));
}
