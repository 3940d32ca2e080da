//! The commands on a state directory that no control plane holds, judged by what they print and the codes they end with.

#![expect(clippy::unwrap_used, reason = "a test whose ground cannot be laid has to fail")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const DOCUMENT: &str = "\
version: 1
databases:
  mydb: { url: 'sqlite:///tmp/mydb.db' }
endpoints:
  /mydb/mcp: { servers: [mydb] }
";

/// A directory to work in, and commands run in it.
struct Place(TempDir);

impl Place {
    fn empty() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    fn with_document() -> Place {
        let place = Place::empty();
        place.write("trigate.yaml", DOCUMENT);
        place.told("policy apply trigate.yaml");
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trigate"));
        for name in
            ["TRIGATE_CONTROL_PLANE", "TRIGATE_TOKEN", "TRIGATE_STATE_DIR", "TRIGATE_CONFIG", "TRIGATE_STORE"]
        {
            command.env_remove(name);
        }
        command.current_dir(self.path()).env("TZ", "UTC").args(arguments).output().unwrap()
    }

    #[track_caller]
    fn told(&self, line: &str) -> String {
        self.told_words(&line.split(' ').collect::<Vec<_>>())
    }

    #[track_caller]
    fn told_words(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{words:?} ended with {}: {said}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.told(&format!("{line} --output json"))).unwrap()
    }

    /// Expects an exit code and words on standard error.
    #[track_caller]
    fn check(&self, line: &str, code: i32, words: &[&str]) {
        let output = self.run(&line.split(' ').collect::<Vec<_>>());
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{line}: {said}");
        for word in words {
            assert!(said.contains(word), "{line}: `{word}` is not in: {said}");
        }
        assert!(!said.contains("panicked"), "{said}");
    }
}

#[test]
fn the_path_from_nothing_to_a_key_works() {
    let place = Place::with_document();
    let added = place.told_words(&["role", "add", "ai-reader", "--description", "Read-only agent access"]);
    assert!(added.contains("`ai-reader` added"), "{added}");
    place.told("role grant ai-reader mydb --tables customers,orders --verbs GET");
    place.told("role deny-columns ai-reader mydb.customers --columns email,phone");
    let created = place.json("apikey create --role ai-reader --name my-agent");
    let text = created["key"].as_str().unwrap();
    assert!(text.starts_with(&format!("tg_{}_", created["id"].as_str().unwrap())), "{created}");

    let document = place.told("policy show");
    for part in ["ai-reader", "Read-only agent access", "customers: [read]", "email", "my-agent"] {
        assert!(document.contains(part), "`{part}` is not in: {document}");
    }
    assert!(!document.contains(text), "the key itself is kept");
}

#[test]
fn a_created_key_is_listed_and_a_revoked_one_is_not() {
    let place = Place::with_document();
    place.told("role add reader");
    let output = place.run(&["apikey", "create", "--role", "reader", "--name", "a", "--expires", "30d"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let id = text.trim().split('_').nth(1).unwrap().to_owned();
    let keys = place.json("apikey list");
    assert_eq!(keys[0]["id"], id.as_str());
    assert!(keys[0]["expires"].is_string(), "{keys}");
    place.told(&format!("apikey revoke {id}"));
    assert_eq!(place.json("apikey list"), Value::Array(Vec::new()));
}

#[test]
fn every_change_is_a_revision_that_can_be_compared_and_taken_back() {
    let place = Place::with_document();
    place.told("role add reader");
    let history = place.json("policy history");
    let numbers: Vec<u64> =
        history.as_array().unwrap().iter().map(|entry| entry["revision"].as_u64().unwrap()).collect();
    assert_eq!(numbers, [2, 1]);
    let diff = place.told("policy diff");
    assert!(diff.contains("+") && diff.contains("reader"), "{diff}");
    place.told("policy rollback 1");
    assert_eq!(place.json("role list"), Value::Array(Vec::new()));
    assert_eq!(place.json("policy history").as_array().unwrap().len(), 3);
    assert!(place.told("policy diff 1 3").contains("no difference"));
}

#[test]
fn a_file_is_compared_with_the_newest_revision() {
    let place = Place::with_document();
    place.write("next.yaml", &DOCUMENT.replace("/mydb/mcp", "/other/mcp"));
    let diff = place.told("policy diff --file next.yaml");
    assert!(diff.contains("/other/mcp") && diff.contains("/mydb/mcp"), "{diff}");
}

#[test]
fn applying_the_same_document_again_makes_no_revision() {
    let place = Place::with_document();
    let applied = place.json("policy apply trigate.yaml");
    assert_eq!(applied["changed"], false);
    assert_eq!(applied["revision"], 1);
}

#[test]
fn a_revision_that_is_not_the_expected_one_is_refused() {
    let place = Place::with_document();
    place.write("next.yaml", &DOCUMENT.replace("/mydb/mcp", "/other/mcp"));
    place.check("policy apply next.yaml --expect-revision 7", 3, &["7"]);
    place.told("policy apply next.yaml --expect-revision 1");
}

#[test]
fn all_problems_of_a_document_are_named_with_file_line_and_column() {
    let place = Place::empty();
    place.write("bad.yaml", "version: 1\nrolls: {}\nservers:\n  s: { url: [7] }\n");
    place.check("policy validate bad.yaml", 3, &["2 problems", "bad.yaml:2:1", "rolls", "bad.yaml:4:"]);
    place.check("policy apply bad.yaml", 3, &["bad.yaml:2:1", "bad.yaml:4:"]);
    assert!(!place.path().join(".trigate").exists(), "a refused document leaves a state directory");
    let output = place.run(&["policy", "validate", "bad.yaml", "-o", "json"]);
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&said["valid"], &said["problems"][0]["line"]), (&Value::Bool(false), &Value::from(2)));
}

#[test]
fn a_valid_document_is_said_to_be_so_without_any_state() {
    let place = Place::empty();
    place.write("good.yaml", DOCUMENT);
    assert!(place.told("policy validate good.yaml").contains("is valid"));
    assert!(!place.path().join(".trigate").exists());
}

#[test]
fn what_cannot_be_read_is_named() {
    let place = Place::empty();
    place.check("policy validate absent.yaml", 1, &["absent.yaml"]);
    fs::write(place.path().join("latin.yaml"), b"version: 1 # \xe9\n").unwrap();
    place.check("policy validate latin.yaml", 1, &["latin.yaml", "UTF-8"]);
}

#[test]
fn refused_changes_end_with_code_3_and_say_why() {
    let place = Place::with_document();
    place.told("role add reader");
    place.check("role add reader", 3, &["reader"]);
    place.check("role grant nobody mydb --tables t --verbs GET", 3, &["nobody"]);
    place.check("role grant reader nodb --tables t --verbs GET", 3, &["nodb"]);
    place.check("role grant reader mydb --tables t --verbs FROB", 3, &["FROB"]);
    place.check("apikey create --role nobody --name n", 3, &["nobody"]);
    place.check("apikey revoke aaaaaaaaaaaa", 3, &["aaaaaaaaaaaa"]);
    place.check("policy show 99", 3, &["99"]);
    place.check("policy rollback 99", 3, &["99"]);
}

#[test]
fn usage_errors_end_with_code_2() {
    let place = Place::empty();
    place.check("frobnicate", 2, &["frobnicate"]);
    place.check("role grant", 2, &["--tables"]);
    place.check("role deny-columns r mydb --columns a", 2, &["DATABASE.TABLE"]);
    place.check("audit query --since yesterday-ish", 2, &["yesterday-ish", "2026-11-17 14:00"]);
    place.check("apikey create --role r --name n --expires never", 2, &["never"]);
    place.check("up --concurrency 0", 2, &["concurrency"]);
    place.check("mcp --db nonsense", 2, &["nonsense", "sqlite://"]);
}

#[test]
fn reading_makes_no_state_directory_and_says_what_to_do() {
    let place = Place::empty();
    place.check("role list", 1, &[".trigate", "trigate up", "--state-dir"]);
    place.check("audit query", 1, &[".trigate"]);
    assert!(!place.path().join(".trigate").exists());
}

#[test]
fn a_control_plane_that_does_not_answer_is_named() {
    let place = Place::with_document();
    place.check("role list --control-plane http://127.0.0.1:1", 1, &["http://127.0.0.1:1", "is it running"]);
    place.check("role list --control-plane nonsense", 1, &["nonsense", "http://HOST:PORT"]);
    place.check("role list --control-plane https://127.0.0.1:1", 1, &["TLS"]);
}

#[test]
fn pins_say_what_is_missing() {
    let place = Place::empty();
    place.write(
        "trigate.yaml",
        "version: 1\nservers:\n  s: { url: 'http://127.0.0.1:1/mcp', pins: enforce }\n",
    );
    place.told("policy apply trigate.yaml");
    place.check("pins list", 0, &["server `s` was not asked yet"]);
    place.check("pins list --ask", 3, &["no control plane is running", "trigate up"]);
    place.check("pins show --server t", 3, &["no upstream server is named `t`"]);
    place.check("pins show --server s --tool pay", 1, &["no tool `pay`", "trigate pins list"]);
    place.check("pins revoke --server s --tool pay", 3, &["`pay`", "not approved"]);
    place.check("pins approve --yes", 2, &["--all"]);
    place.check("pins approve --tool pay", 2, &["--server"]);
    place.check("pins approve --all --output json", 1, &["--yes"]);
    assert!(place.told("pins approve --all --yes").contains("nothing to approve"));
    assert_eq!(place.json("pins list")[0]["mode"], "enforce");
}

#[test]
fn an_empty_audit_is_empty_in_every_format() {
    let place = Place::with_document();
    assert_eq!(place.told("audit query --output json").trim(), "[]");
    assert_eq!(place.told("audit query --output csv").lines().count(), 1);
    assert!(place.told("audit query --since 2h").contains("no decision"));
}

#[test]
fn the_store_and_its_directory_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_document();
    let mode = fs::metadata(place.path().join(".trigate")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}

#[test]
fn every_shell_gets_a_completion_script() {
    let place = Place::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = place.told(&format!("completions {shell}"));
        assert!(script.contains("control-plane") && script.contains("deny-columns"), "{shell}");
    }
}

#[test]
fn a_reader_that_has_had_enough_is_no_failure() {
    let place = Place::empty();
    let trigate = env!("CARGO_BIN_EXE_trigate");
    let line = format!("set -o pipefail; {trigate} completions bash | head -c 1 >/dev/null");
    let status = Command::new("bash").args(["-c", &line]).current_dir(place.path()).status().unwrap();
    assert!(status.success(), "{status}");
}
