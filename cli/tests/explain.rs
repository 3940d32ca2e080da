//! `trigate explain` and `trigate policy test`: what they print and the codes they end with.

#![expect(clippy::unwrap_used, reason = "a test whose ground cannot be laid has to fail")]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const DOCUMENT: &str = r#"version: 1
servers:
  shop: { url: http://127.0.0.1:1/mcp }
keys:
  - { id: k7f3q2m5x4aa, name: bot, role: agent, sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", claims: { team: eu } }
roles:
  agent:
    tools:
      - allow: shop.create
        when: args.priority in ["low", "normal"] && claims.team == "eu"
      - deny: shop.delete_*
tests:
  - { key: bot, tool: shop.create, args: { priority: low }, expect: allow, rule: allow shop.create }
  - { key: bot, tool: shop.create, args: { priority: high }, expect: deny }
  - { role: agent, claims: { team: us }, tool: shop.create, args: { priority: low }, expect: deny }
  - { role: agent, tool: shop.delete_all, expect: deny, rule: "deny shop.delete_*" }
"#;

fn folder(document: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("trigate.yaml"), document).unwrap();
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trigate"));
    for name in ["TRIGATE_CONTROL_PLANE", "TRIGATE_TOKEN", "TRIGATE_STATE_DIR", "TRIGATE_CONFIG"] {
        command.env_remove(name);
    }
    command.current_dir(folder.path()).args(arguments).output().unwrap()
}

/// Expects an exit code, and words in what is printed on either stream.
#[track_caller]
fn check(document: &str, arguments: &[&str], code: i32, words: &[&str]) {
    let output = run(&folder(document), arguments);
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?}: `{word}` is not in: {said}");
    }
}

const CREATE: [&str; 9] =
    ["explain", "--config", "trigate.yaml", "--key", "bot", "--server", "shop", "--tool", "create"];

#[test]
fn cases_that_come_out_as_they_expect_end_with_code_0() {
    check(
        DOCUMENT,
        &["policy", "test", "trigate.yaml"],
        0,
        &["4 cases of `trigate.yaml` came out as they expect"],
    );
}

#[test]
fn each_failure_is_named_with_its_line_and_ends_with_code_3() {
    let wrong = DOCUMENT
        .replace("priority: high }, expect: deny", "priority: high }, expect: allow")
        .replace("rule: allow shop.create", "rule: allow shop.other");
    let words = [
        "trigate.yaml:13:5 tests[0]: expected the rule `allow shop.other` to decide, but it was `allow shop.create`",
        "trigate.yaml:14:5 tests[1]: expected allow, but it is denied: 4041 condition_unmet",
        "2 of 4 cases of `trigate.yaml` came out otherwise than they expect",
    ];
    check(&wrong, &["policy", "test", "trigate.yaml"], 3, &words);
}

#[test]
fn a_case_that_cannot_be_run_is_a_problem_of_the_document() {
    let wrong = DOCUMENT.replace("{ role: agent, tool: shop.delete_all", "{ role: agnet, tool: shop.*");
    let words = ["no role is named `agnet` (did you mean `agent`?)", "`shop.*` names nothing"];
    check(&wrong, &["policy", "test", "trigate.yaml"], 3, &words);
}

#[test]
fn a_refused_call_is_explained_with_the_smallest_change() {
    let words = [
        "deny: allow shop.create",
        "4041 tool `create` on server `shop`: the arguments have to meet `args.priority in [\"low\", \"normal\"]`",
        "roles.agent.tools[0]",
        "unmet",
        "elsewhere",
        "take `when` out of `roles.agent.tools[0]`",
    ];
    check(DOCUMENT, &[&CREATE[..], &["--args", r#"{"priority":"high"}"#]].concat(), 0, &words);
}

#[test]
fn programs_get_values() {
    let folder = folder(DOCUMENT);
    let arguments = [&CREATE[..], &["--args", r#"{"priority":"low"}"#, "--output", "json"]].concat();
    let explained: Value = serde_json::from_slice(&run(&folder, &arguments).stdout).unwrap();
    assert_eq!(explained["decision"], "allow");
    assert_eq!(explained["rule"], "allow shop.create");
    assert_eq!(explained["considered"][0]["outcome"], "matches");
    assert_eq!(explained["change"], Value::Array(Vec::new()));
}

#[test]
fn without_arguments_the_question_is_the_lists() {
    check(DOCUMENT, &CREATE, 0, &["allow: allow shop.create", "may_match"]);
    let other =
        ["explain", "--config", "trigate.yaml", "--role", "agent", "--claim", "team=us", "--server", "shop"];
    check(DOCUMENT, &[&other[..], &["--tool", "create"]].concat(), 0, &["deny: "]);
}

#[test]
fn a_control_plane_answers_the_same() {
    let folder = folder(DOCUMENT);
    assert!(run(&folder, &["policy", "apply", "trigate.yaml"]).status.success());
    let asked = ["--key", "bot", "--server", "shop", "--tool", "create", "--args", "{}", "--output", "json"];
    let remote = run(&folder, &[&["explain"][..], &asked[..]].concat());
    let local = run(&folder, &[&["explain", "--config", "trigate.yaml"][..], &asked[..]].concat());
    let value = |output: &Output| {
        let mut value: Value = serde_json::from_slice(&output.stdout).unwrap();
        value["revision"] = Value::Null;
        value
    };
    assert_eq!(value(&remote), value(&local));
    assert_eq!(value(&remote)["code"], 4042);
}

#[test]
fn a_question_about_nobody_or_nothing_is_refused() {
    let asked = ["explain", "--config", "trigate.yaml", "--server", "shop"];
    check(
        DOCUMENT,
        &[&asked[..], &["--key", "nobody", "--tool", "create"]].concat(),
        3,
        &["`nobody`", "bot"],
    );
    check(
        DOCUMENT,
        &[&asked[..], &["--role", "agnet", "--tool", "create"]].concat(),
        3,
        &["no role is named `agnet` (did you mean `agent`?)"],
    );
    check(DOCUMENT, &[&asked[..], &["--tool", "create"]].concat(), 2, &["--key"]);
    check(DOCUMENT, &[&asked[..], &["--role", "agent"]].concat(), 2, &["--tool"]);
    check(DOCUMENT, &[&CREATE[..], &["--args", "[1]"]].concat(), 3, &["no JSON object"]);
    check(DOCUMENT, &[&CREATE[..], &["--args", r#"{"a":1,"a":2}"#]].concat(), 3, &["no JSON"]);
}

#[test]
fn claims_that_no_key_has_are_found_when_the_document_is_checked() {
    let wrong = DOCUMENT.replace("claims.team == \"eu\"", "claims.tema == \"eu\"");
    let words = ["trigate.yaml:10:", "no key of the role has the claim `tema` (did you mean `team`?)"];
    check(&wrong, &["policy", "validate", "trigate.yaml"], 3, &words);
    let database = "version: 1\ndatabases: { db: { url: \"sqlite://x.db\" } }\nroles:\n  a:\n    tools:\n      \
        - { allow: db.query, when: 'args.tabel == \"orders\"' }\n";
    let words = ["trigate.yaml:6:34", "the tool declares no argument `tabel` (did you mean `table`?)"];
    check(database, &["policy", "validate", "trigate.yaml"], 3, &words);
    let asked = DOCUMENT.replace("claims.team == \"eu\"", "!has(claims.tema)");
    check(&asked, &["policy", "validate", "trigate.yaml"], 0, &["is valid"]);
}
