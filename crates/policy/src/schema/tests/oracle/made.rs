//! Schemas and values made from a tape of random bytes: few names, few values, so that they meet often. A shorter tape
//! with smaller bytes makes a simpler schema, which is how a failure is made small.

mod closed;

use serde_json::{Map, Value, json};

/// Choices yet to be made.
pub(super) struct Tape<'b>(&'b [u8]);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Draft {
    New,
    Old,
}

const NAMES: [&str; 5] = ["a", "b", "ab", "c", "é"];
const PATTERNS: [&str; 10] =
    ["^a", "b$", "^.$", r"\d", "^[a-c]+$", r"^\w{2}$", r"\S", "a|c", r"[^\d\s]-", r"^\p{Ll}*$"];
const FORMATS: [&str; 8] =
    ["date", "time", "ipv4", "json-pointer", "uri-reference", "hostname", "email", "ipv6"];
const TEXTS: [&str; 16] = [
    "a",
    "",
    "b",
    "ab",
    "é",
    "😀",
    "abc",
    "7",
    "a-b",
    "2024-02-29",
    "1.2.3.4",
    "12:00:00Z",
    "x@y.z",
    "/a~0",
    "::1",
    "a b",
];
const NUMBERS: [&str; 24] = [
    "0",
    "1",
    "2",
    "3",
    "-1",
    "1.0",
    "0.5",
    "1.5",
    "0.1",
    "0.3",
    "-0.0",
    "1e1",
    "7",
    "10",
    "0.07",
    "1e-7",
    "2.5e3",
    "9007199254740992",
    "9007199254740993",
    "18446744073709551615",
    "-9223372036854775808",
    "1e20",
    "4.5",
    "100",
];
const KINDS: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];

impl<'b> Tape<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Tape<'b> {
        Tape(bytes)
    }

    pub(super) fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// A number below `count`; at the end of the tape the first.
    fn below(&mut self, count: usize) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first) % count
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

/// A schema with definitions, of either draft.
pub(super) fn schema(tape: &mut Tape<'_>) -> Value {
    let draft = if tape.below(3) == 2 { Draft::Old } else { Draft::New };
    let mut made = match part(tape, draft, 4) {
        Value::Object(members) => members,
        other => Map::from_iter([("allOf".to_owned(), json!([other]))]),
    };
    if draft == Draft::New && tape.below(3) == 2 {
        made.clear();
        closed::keywords(tape, 2, &mut made);
    }
    // Beside a reference draft-07 sees nothing, so the root has none.
    made.remove("$ref");
    let table = json!({"d": part(tape, draft, 2), "e": part(tape, draft, 2)});
    match draft {
        Draft::Old => {
            made.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
            made.insert("definitions".to_owned(), table);
        }
        Draft::New => {
            made.insert("definitions".to_owned(), table);
            made.insert("$defs".to_owned(), json!({"n": {"$anchor": "n", "allOf": [part(tape, draft, 2)]}}));
        }
    }
    Value::Object(made)
}

fn part(tape: &mut Tape<'_>, draft: Draft, depth: usize) -> Value {
    match tape.below(16) {
        0 | 1 => return json!(true),
        2 => return json!(false),
        _ => {}
    }
    let mut members = Map::new();
    for _ in 0..=tape.below(4) {
        keyword(tape, draft, depth, &mut members);
    }
    Value::Object(members)
}

fn keyword(tape: &mut Tape<'_>, draft: Draft, depth: usize, into: &mut Map<String, Value>) {
    let kinds = if depth == 0 { 8 } else { 13 };
    let made = match tape.below(kinds) {
        0 | 1 => plain(tape),
        2 => number(tape),
        3 => text(tape),
        4 => count(tape),
        5 => object(tape, draft),
        6 => return reference(tape, draft, into),
        7 => ("uniqueItems", json!(tape.below(4) > 0)),
        8 => list(tape, draft, depth - 1, into),
        9 => members(tape, draft, depth - 1),
        10 if draft == Draft::New => return closed::keywords(tape, depth - 1, into),
        _ => return in_place(tape, draft, depth - 1, into),
    };
    into.insert(made.0.to_owned(), made.1);
}

fn plain(tape: &mut Tape<'_>) -> (&'static str, Value) {
    match tape.below(4) {
        0 => ("type", json!(tape.one(&KINDS))),
        1 => {
            let first = tape.below(7);
            ("type", json!([KINDS[first], KINDS[(first + 1 + tape.below(6)) % 7]]))
        }
        2 => ("enum", json!([value(tape, 2), value(tape, 1), value(tape, 0)])),
        _ => ("const", value(tape, 2)),
    }
}

fn number(tape: &mut Tape<'_>) -> (&'static str, Value) {
    match tape.below(5) {
        0 => (
            "multipleOf",
            [json!(1), json!(2), json!(0.1), json!(0.5), json!(3), json!(0.01)][tape.below(6)].clone(),
        ),
        name => {
            let names = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
            (names[name - 1], numeral(tape))
        }
    }
}

fn text(tape: &mut Tape<'_>) -> (&'static str, Value) {
    match tape.below(3) {
        0 => ("pattern", json!(tape.one(&PATTERNS))),
        1 => ("format", json!(tape.one(&FORMATS))),
        _ => (tape.one(&["minLength", "maxLength"]), json!(tape.below(4))),
    }
}

fn count(tape: &mut Tape<'_>) -> (&'static str, Value) {
    let name =
        tape.one(&["minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains"]);
    (name, if tape.below(8) == 7 { json!(1.0) } else { json!(tape.below(4)) })
}

fn object(tape: &mut Tape<'_>, draft: Draft) -> (&'static str, Value) {
    let (first, second) = (tape.one(&NAMES), tape.one(&NAMES));
    let names = if first == second { json!([first]) } else { json!([first, second]) };
    match (tape.below(3), draft) {
        (0, Draft::New) => ("dependentRequired", json!({first: [second]})),
        (1, _) => ("dependencies", json!({first: [second]})),
        _ => ("required", names),
    }
}

fn reference(tape: &mut Tape<'_>, draft: Draft, into: &mut Map<String, Value>) {
    let names = ["#/definitions/d", "#/definitions/e", "#", "#n", "#/$defs/n"];
    let count = if draft == Draft::Old { 3 } else { 5 };
    into.insert("$ref".to_owned(), json!(tape.one(&names[..count])));
}

fn list(
    tape: &mut Tape<'_>,
    draft: Draft,
    depth: usize,
    into: &mut Map<String, Value>,
) -> (&'static str, Value) {
    match (tape.below(6), draft) {
        (0, _) => ("items", part(tape, draft, depth)),
        (1 | 2, _) => ("contains", part(tape, draft, depth)),
        (3, Draft::Old) => ("additionalItems", part(tape, draft, depth)),
        (4, Draft::New) => ("unevaluatedItems", part(tape, draft, depth)),
        (_, draft) => {
            let several = json!([part(tape, draft, depth), part(tape, draft, depth)]);
            if draft == Draft::Old {
                into.insert("additionalItems".to_owned(), part(tape, draft, depth));
                ("items", several)
            } else {
                ("prefixItems", several)
            }
        }
    }
}

fn members(tape: &mut Tape<'_>, draft: Draft, depth: usize) -> (&'static str, Value) {
    match (tape.below(8), draft) {
        (0 | 1, _) => {
            let (first, second) = (tape.one(&NAMES), tape.one(&NAMES));
            ("properties", json!({first: part(tape, draft, depth), second: part(tape, draft, depth)}))
        }
        (2, _) => ("patternProperties", json!({tape.one(&PATTERNS): part(tape, draft, depth)})),
        (3, _) => ("additionalProperties", part(tape, draft, depth)),
        (4, _) => ("propertyNames", part(tape, draft, depth)),
        (5, Draft::New) => ("dependentSchemas", json!({tape.one(&NAMES): part(tape, draft, depth)})),
        (6, Draft::New) => ("unevaluatedProperties", part(tape, draft, depth)),
        _ => ("dependencies", json!({tape.one(&NAMES): part(tape, draft, depth)})),
    }
}

fn in_place(tape: &mut Tape<'_>, draft: Draft, depth: usize, into: &mut Map<String, Value>) {
    let name = tape.one(&["allOf", "anyOf", "oneOf", "not", "if", "anyOf"]);
    let made = match name {
        "not" => part(tape, draft, depth),
        "if" => {
            for name in ["then", "else"] {
                if tape.below(4) > 0 {
                    into.insert(name.to_owned(), part(tape, draft, depth));
                }
            }
            part(tape, draft, depth)
        }
        _ => (0..=tape.below(3)).map(|_| part(tape, draft, depth)).collect(),
    };
    into.insert(name.to_owned(), made);
}

/// A value of few parts.
pub(super) fn value(tape: &mut Tape<'_>, depth: usize) -> Value {
    match tape.below(if depth == 0 { 8 } else { 16 }) {
        0 => Value::Null,
        1 => json!(tape.below(2) == 1),
        2..=4 => numeral(tape),
        5..=7 => json!(tape.one(&TEXTS)),
        8..=10 => (0..tape.below(4)).map(|_| value(tape, depth - 1)).collect(),
        _ => {
            let members = (0..tape.below(4)).map(|_| (tape.one(&NAMES).to_owned(), value(tape, depth - 1)));
            Value::Object(members.collect())
        }
    }
}

fn numeral(tape: &mut Tape<'_>) -> Value {
    serde_json::from_str(tape.one(&NUMBERS)).unwrap()
}
