//! Every edit: what it changes, and what it says when it changes nothing.

use super::*;
use crate::document::Server;
use crate::ruleset::RuleSet;
use crate::ruleset::rights::Columns;
use crate::{Arguments, Claims, Operation, Subject, TableOperation};

fn document() -> Document {
    let mut document = Document::default();
    add_database(&mut document, "mydb", "sqlite://my.db").unwrap();
    add_role(&mut document, "ai-reader", "Read-only agent access").unwrap();
    document
}

fn key(id: &str, role: &str) -> Key {
    Key {
        id: id.into(),
        name: "my-agent".into(),
        role: role.into(),
        sha256: "0".repeat(64),
        expires: None,
        claims: Claims::default(),
        scopes: None,
    }
}

#[track_caller]
fn check(outcome: Result<(), EditError>, expected: &str) {
    assert_eq!(outcome.unwrap_err().to_string(), expected);
}

#[test]
fn role_grant_and_key_work_end_to_end() {
    let mut document = document();
    grant(&mut document, "ai-reader", "mydb", &["customers", "orders"], &["GET".parse().unwrap()]).unwrap();
    deny_columns(&mut document, "ai-reader", "mydb", "customers", &["email", "phone"]).unwrap();
    add_key(&mut document, key("k7f3q2m5x4aa", "ai-reader")).unwrap();

    let rules = RuleSet::compile(&document, 1).unwrap();
    let subject = Subject {
        name: "my-agent".into(),
        key_id: "k7f3q2m5x4aa".into(),
        role: "ai-reader".into(),
        ..Subject::default()
    };
    assert!(
        rules
            .decide(
                &subject,
                "mydb",
                &Operation::CallTool { name: "query".into(), arguments: Arguments::Unknown }
            )
            .permits()
    );
    let rights = rules.database_rights("ai-reader", "mydb").unwrap();
    let customers = &rights.tables["customers"];
    assert_eq!(customers.operations, [TableOperation::Read].into());
    assert_eq!(customers.columns, Columns::All);
    assert_eq!(customers.denied, ["email".to_owned(), "phone".to_owned()].into());
    assert_eq!(rights.tables.len(), 2);
    assert_eq!((rights.max_rows, rights.raw_sql, rights.ddl), (1000, false, false));
}

#[test]
fn the_rule_for_the_gateway_is_added_once_and_only_where_none_is_there() {
    let mut document = document();
    for _ in 0..2 {
        grant(&mut document, "ai-reader", "mydb", &["orders"], &[Verb::Read]).unwrap();
    }
    assert_eq!(document.roles["ai-reader"].tools, [Rule::allow("mydb.*")]);

    add_role(&mut document, "careful", "").unwrap();
    let role = document.roles.get_mut("careful").unwrap();
    role.tools = vec![Rule::allow("mydb.query")];
    grant(&mut document, "careful", "mydb", &["orders"], &[Verb::Read]).unwrap();
    assert_eq!(document.roles["careful"].tools, [Rule::allow("mydb.query")]);

    add_role(&mut document, "wary", "").unwrap();
    document.roles.get_mut("wary").unwrap().tools = vec![Rule::deny("mydb.delete")];
    grant(&mut document, "wary", "mydb", &["orders"], &[Verb::Read]).unwrap();
    assert_eq!(document.roles["wary"].tools.len(), 2);
}

#[test]
fn grants_add_up_and_stay_short() {
    let mut document = document();
    let verbs = |words: &[&str]| words.iter().map(|word| word.parse().unwrap()).collect::<Vec<Verb>>();
    grant(&mut document, "ai-reader", "mydb", &["orders"], &verbs(&["POST", "GET"])).unwrap();
    grant(&mut document, "ai-reader", "mydb", &["orders"], &verbs(&["read", "patch"])).unwrap();
    let granted =
        |document: &Document| document.roles["ai-reader"].databases["mydb"].tables["orders"].clone();
    assert_eq!(granted(&document), [Verb::Read, Verb::Insert, Verb::Update]);
    grant(&mut document, "ai-reader", "mydb", &["orders"], &[Verb::Write]).unwrap();
    assert_eq!(granted(&document), [Verb::Read, Verb::Write]);
}

#[test]
fn denied_columns_add_up() {
    let mut document = document();
    grant(&mut document, "ai-reader", "mydb", &["*"], &[Verb::Read]).unwrap();
    deny_columns(&mut document, "ai-reader", "mydb", "customers", &["ssn"]).unwrap();
    deny_columns(&mut document, "ai-reader", "mydb", "customers", &["ssn", "phone"]).unwrap();
    assert_eq!(document.roles["ai-reader"].databases["mydb"].deny_columns["customers"], ["ssn", "phone"]);
}

#[test]
fn what_is_unknown_or_there_already_is_said() {
    let doc = &mut document();
    check(add_role(doc, "ai-reader", ""), "role `ai-reader` exists already; choose another name");
    check(grant(doc, "nobody", "mydb", &["t"], &[Verb::Read]), "unknown role `nobody`; there is ai-reader");
    check(grant(doc, "ai-reader", "shop", &["t"], &[Verb::Read]), "unknown database `shop`; there is mydb");
    check(grant(doc, "ai-reader", "mydb", &[], &[Verb::Read]), "name at least one table");
    check(grant(doc, "ai-reader", "mydb", &["t"], &[]), "name at least one operation");
    check(
        deny_columns(doc, "ai-reader", "mydb", "orders", &["a"]),
        "role `ai-reader` has no right on table `mydb.orders`; grant one first",
    );
    check(deny_columns(doc, "ai-reader", "mydb", "orders", &[]), "name at least one column");
    check(add_key(doc, key("k7f3q2m5x4aa", "nobody")), "unknown role `nobody`; there is ai-reader");
    add_key(doc, key("k7f3q2m5x4aa", "ai-reader")).unwrap();
    check(
        add_key(doc, key("k7f3q2m5x4aa", "ai-reader")),
        "key `k7f3q2m5x4aa` exists already; choose another name",
    );
    revoke_key(doc, "k7f3q2m5x4aa").unwrap();
    check(revoke_key(doc, "k7f3q2m5x4aa"), "unknown key `k7f3q2m5x4aa`; there is none yet");
    check(
        "DROP".parse::<Verb>().map(drop).map_err(|_| EditError::NothingNamed { what: Thing::Operation }),
        "name at least one operation",
    );
}

#[test]
fn an_edit_that_fails_changes_nothing() {
    let mut document = document();
    let before = document.clone();
    let _ = grant(&mut document, "ai-reader", "shop", &["t"], &[Verb::Read]);
    let _ = deny_columns(&mut document, "ai-reader", "mydb", "orders", &["a"]);
    let _ = add_key(&mut document, key("k7f3q2m5x4aa", "nobody"));
    assert_eq!(document, before);
}

#[test]
fn servers_databases_and_endpoints_are_added_under_free_names() {
    let doc = &mut document();
    let server = || Server::at("http://127.0.0.1:9001/mcp");
    add_server(doc, "tickets", server()).unwrap();
    add_endpoint(doc, "/tickets/mcp", "tickets").unwrap();
    add_endpoint(doc, "/mydb/mcp", "mydb").unwrap();
    check(add_server(doc, "mydb", server()), "database `mydb` exists already; choose another name");
    check(add_database(doc, "tickets", "sqlite://x"), "server `tickets` exists already; choose another name");
    check(add_endpoint(doc, "/mydb/mcp", "mydb"), "endpoint `/mydb/mcp` exists already; choose another name");
    check(add_endpoint(doc, "/x", "nothing"), "unknown server `nothing`; there is tickets, mydb");
    assert!(RuleSet::compile(doc, 1).is_ok());
}

#[test]
fn a_server_that_is_named_is_removed_by_force_alone() {
    let doc = &mut document();
    for name in ["tickets", "files"] {
        add_server(doc, name, Server::at("http://127.0.0.1:9001/mcp")).unwrap();
    }
    add_endpoint(doc, "/tickets/mcp", "tickets").unwrap();
    add_endpoint(doc, "/files/mcp", "files").unwrap();
    let rules = ["tickets.create", "*.list", "files.read"].map(|text| Rule::allow(text.to_owned()));
    doc.roles.get_mut("ai-reader").unwrap().tools = rules.into();
    let before = doc.clone();
    let refused = remove_server(doc, "tickets", false).unwrap_err().to_string();
    assert_eq!(
        refused,
        "server `tickets` is still named by endpoints[\"/tickets/mcp\"], roles.ai-reader.tools[0]; change that first, or force it"
    );
    assert_eq!(*doc, before);
    let gone = remove_server(doc, "tickets", true).unwrap();
    assert_eq!(gone, ["endpoints[\"/tickets/mcp\"]", "roles.ai-reader.tools[0]"]);
    assert_eq!(doc.endpoints.keys().collect::<Vec<_>>(), ["/files/mcp"]);
    let left: Vec<_> = doc.roles["ai-reader"].tools.iter().map(|rule| rule.pattern.as_str()).collect();
    assert_eq!(left, ["*.list", "files.read"]);
    assert!(RuleSet::compile(doc, 1).is_ok());
    assert!(
        remove_server(doc, "tickets", true).unwrap_err().to_string().starts_with("unknown server `tickets`")
    );
}
