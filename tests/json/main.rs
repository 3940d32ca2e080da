//! The boundary between the gate and the parsers behind it: what the gate accepts, and forwards byte for byte, means to
//! serde_json, to Python's json and to JavaScript's JSON.parse what it means to the gate.
//!
//! Thousands of messages, sound, damaged and hostile, are made from a fixed seed; each decoder reads those that the gate accepts,
//! one process for all of them. Numbers are compared as 64-bit floats, since JavaScript has no others, and zero has no sign:
//! Python reads `-0` as an integer.

#[path = "../../crates/mcp/tests/support/generate.rs"]
#[expect(dead_code, reason = "the other strategies in it are for the parser's own tests")]
mod generate;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use mcp::{Frame, Json, Kind, Limits};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;
use tests::workspace;

const MESSAGES: usize = 6_000;

/// A message as some client would write it, or would like to.
fn message() -> impl Strategy<Value = Vec<u8>> {
    let method = prop::sample::select(vec!["tools/call", "tools\\/call", "t\\u006fols/call", "prompts/get"]);
    let id =
        prop::sample::select(vec!["0", "-1", "\"\"", "\"a\\u0031\"", "18446744073709551616", "1.0", "null"]);
    let extra = prop::sample::select(vec![
        "",
        "",
        "",
        ",\"Name\":\"drop\"",
        ",\"name\":\"drop\"",
        ",\"n\\u0061me\":\"drop\"",
        ",\"na\\u006de\\u0000\":\"drop\"",
        ",\"__proto__\":{\"name\":\"drop\"}",
        ",\"constructor\":{\"prototype\":{}}",
        ",\"\u{feff}name\":\"drop\"",
    ]);
    let strange = prop::sample::select(vec![
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"\\u0061\":2}",
        "1e308",
        "-0",
        "-0.0",
        "1e-400",
        "9007199254740993",
        "0.1e1",
        "\"\\ud83d\\ude00\"",
        "\"\\ud83d\"",
        "\"\\u0000\\u2028\\u2029\"",
        "\"\u{2028}\u{7f}\"",
        "NaN",
        "{\"__proto__\":1,\"length\":-1,\"toString\":null}",
    ]);
    let arguments = prop_oneof![4 => generate::document(), 1 => strange.prop_map(str::to_owned)];
    let whole = (method, id, extra, arguments, ".{0,12}", any::<u64>(), generate::blanks()).prop_map(
        |(method, id, extra, arguments, name, spelling, blank)| {
            let name = generate::member(&name, spelling);
            let name = name.strip_suffix(":0").unwrap_or_default();
            format!(
                "{blank}{{\"params\":{{\"name\":{name}{extra},{blank}\"arguments\":{arguments}}},\"method\":\"{method}\"{blank},\"id\":{id},\"jsonrpc\":\"2.0\"}}{blank}"
            )
        },
    );
    (whole, prop::option::weighted(0.3, (any::<prop::sample::Index>(), generate::odd_byte()))).prop_map(
        |(text, damage)| {
            let mut bytes = text.into_bytes();
            if let Some((place, byte)) = damage {
                let place = place.index(bytes.len());
                if let Some(found) = bytes.get_mut(place) {
                    *found = byte;
                }
            }
            bytes
        },
    )
}

fn messages() -> Result<Vec<Vec<u8>>> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"what was judged is what is meant");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = message();
    (0..MESSAGES)
        .map(|_| strategy.new_tree(&mut runner).map(|tree| tree.current()))
        .collect::<Result<_, _>>()
        .map_err(|reason| anyhow::anyhow!("no message can be made: {reason}"))
}

/// Those that the gate accepts as requests.
fn accepted() -> Result<Vec<Vec<u8>>> {
    let all = messages()?;
    let accepts = |bytes: &Vec<u8>| matches!(Frame::parse(bytes, &Limits::default()), Ok(Frame::Request(_)));
    let (accepted, refused): (Vec<_>, Vec<_>) = all.into_iter().partition(accepts);
    ensure!(
        accepted.len() > MESSAGES / 5 && refused.len() > MESSAGES / 5,
        "{} accepted, {} refused: that shows little",
        accepted.len(),
        refused.len()
    );
    Ok(accepted)
}

/// What the gate sees, in a form that any language can write.
fn form(json: Json<'_>) -> String {
    let text = |text: &str| {
        text.bytes().fold("s".to_owned(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    };
    match json.kind() {
        Kind::Null | Kind::Bool => json.text().to_owned(),
        Kind::Number => {
            format!("n{:016x}", json.text().parse::<f64>().map_or(f64::NAN, |number| number + 0.0).to_bits())
        }
        Kind::String => text(&json.as_str().unwrap_or_default()),
        Kind::Array => {
            let items: Vec<String> = json.array().into_iter().flatten().map(form).collect();
            format!("[{}]", items.join(","))
        }
        Kind::Object => {
            let members = json.object();
            let mut members: Vec<String> = members
                .iter()
                .flat_map(|members| members.iter())
                .map(|(key, value)| format!("{}:{}", text(key), form(value)))
                .collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
    }
}

fn seen_by_the_gate(bytes: &[u8]) -> Result<String> {
    Ok(form(Json::parse(bytes, &Limits::default())?))
}

/// What a program sees that reads the documents as lines of base64, one line for each.
fn seen_by(program: &Path, script: &str, documents: &[Vec<u8>]) -> Result<Vec<String>> {
    let mut child = Command::new(program)
        .arg(workspace::existing(script)?)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting `{}`", program.display()))?;
    let lines: String = documents
        .iter()
        .map(|document| base64::engine::general_purpose::STANDARD.encode(document) + "\n")
        .collect();
    let mut input = child.stdin.take().context("its input")?;
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output()?;
    writer.join().map_err(|_| anyhow::anyhow!("the writer panicked"))??;
    ensure!(output.status.success(), "`{script}` ended with {}", output.status);
    Ok(String::from_utf8(output.stdout)?.lines().map(str::to_owned).collect())
}

fn check(program: &Path, script: &str) -> Result<()> {
    let documents = accepted()?;
    let seen = seen_by(program, script, &documents)?;
    assert_eq!(seen.len(), documents.len(), "one line for each document");
    for (document, seen) in documents.iter().zip(seen) {
        assert_eq!(seen, seen_by_the_gate(document)?, "{}", String::from_utf8_lossy(document));
    }
    Ok(())
}

#[test]
fn what_is_forwarded_means_to_pythons_json_what_was_judged() -> Result<()> {
    check(&workspace::python()?, "tests/json/decode.py")
}

#[test]
fn what_is_forwarded_means_to_javascripts_json_what_was_judged() -> Result<()> {
    check(&workspace::node()?, "tests/json/decode.mjs")
}

#[test]
fn what_is_forwarded_means_to_serde_json_what_was_judged() -> Result<()> {
    for document in accepted()? {
        let other: Value = serde_json::from_slice(&document)?;
        let json = Json::parse(&document, &Limits::default())?;
        assert!(same(json, &other), "{}", String::from_utf8_lossy(&document));
    }
    Ok(())
}

fn same(json: Json<'_>, other: &Value) -> bool {
    match other {
        // Numbers are read by serde_json itself: it rounds some in its own way.
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            serde_json::from_str::<Value>(json.text()).is_ok_and(|value| value == *other)
        }
        Value::String(text) => json.as_str().as_deref() == Some(text),
        Value::Array(items) => json.array().is_some_and(|own| {
            own.len() == items.len() && own.into_iter().zip(items).all(|(own, other)| same(own, other))
        }),
        Value::Object(members) => json.object().is_some_and(|own| {
            // As many members: none was dropped for another of the same name.
            own.iter().count() == members.len()
                && own.iter().all(|(key, own)| members.get(key).is_some_and(|other| same(own, other)))
        }),
    }
}

/// Only what another reader sees in two ways is worth refusing: the decoders here do differ on what the gate refuses.
#[test]
fn what_is_refused_is_where_decoders_part() -> Result<()> {
    let documents: Vec<Vec<u8>> =
        [r#"{"a":1,"a":2}"#, r#"["\ud83d"]"#, "[NaN]"].map(|text| text.as_bytes().to_vec()).into();
    assert!(documents.iter().all(|document| Json::parse(document, &Limits::default()).is_err()));
    let python = seen_by(&workspace::python()?, "tests/json/decode.py", &documents)?;
    let javascript = seen_by(&workspace::node()?, "tests/json/decode.mjs", &documents)?;
    let one = form(Json::parse(br#"{"a":2}"#, &Limits::default())?);
    assert_eq!((python.first(), javascript.first()), (Some(&one), Some(&one)), "both take the last of two");
    let differ = python.iter().zip(&javascript).filter(|(python, javascript)| python != javascript).count();
    assert_eq!(differ, 2, "{python:?} {javascript:?}");
    Ok(())
}
