//! Something that is about what others have not looked at, with others that look. By chance they would seldom meet.

use serde_json::{Map, Value, json};

use super::{Draft, KINDS, NAMES, PATTERNS, Tape, part};

pub(super) fn keywords(tape: &mut Tape<'_>, depth: usize, into: &mut Map<String, Value>) {
    let lists = tape.below(2) == 0;
    let rest = if tape.below(3) > 0 { json!(false) } else { part(tape, Draft::New, depth) };
    into.insert(if lists { "unevaluatedItems" } else { "unevaluatedProperties" }.to_owned(), rest);
    looking(tape, depth, lists, into);
    let mut branches = Vec::new();
    for _ in 0..tape.below(3) {
        let mut branch = Map::new();
        looking(tape, depth, lists, &mut branch);
        branches.push(Value::Object(branch));
    }
    if let Some(first) = branches.pop() {
        match tape.below(5) {
            0 => into.insert("if".to_owned(), first),
            1 => into.insert("dependentSchemas".to_owned(), json!({tape.one(&NAMES): first})),
            at => {
                branches.push(first);
                into.insert(["allOf", "anyOf", "oneOf"][at - 2].to_owned(), json!(branches))
            }
        };
    }
}

/// A keyword or two that look at items or at members.
fn looking(tape: &mut Tape<'_>, depth: usize, lists: bool, into: &mut Map<String, Value>) {
    for _ in 0..=tape.below(2) {
        let made = if lists {
            match tape.below(3) {
                0 => ("contains", json!({"type": tape.one(&KINDS)})),
                1 => ("prefixItems", json!([easy(tape, depth)])),
                _ => ("maxItems", json!(tape.below(4))),
            }
        } else {
            match tape.below(4) {
                0 => ("properties", json!({tape.one(&NAMES): easy(tape, depth)})),
                1 => ("patternProperties", json!({tape.one(&PATTERNS): part(tape, Draft::New, depth)})),
                2 => ("required", json!([tape.one(&NAMES)])),
                _ => ("properties", json!({tape.one(&NAMES): true, tape.one(&NAMES): true})),
            }
        };
        into.insert(made.0.to_owned(), made.1);
    }
}

/// A schema that is met as often as not.
fn easy(tape: &mut Tape<'_>, depth: usize) -> Value {
    if tape.below(3) > 0 { json!(true) } else { part(tape, Draft::New, depth) }
}
