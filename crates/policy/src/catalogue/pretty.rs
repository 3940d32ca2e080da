//! A definition as a person reads it: one member a line, in the order of their names, and nothing that cannot be seen.
//!
//! Two definitions of one digest have one such text, save for how numbers are spelt; what differs shows as a difference of
//! lines. It is not JSON: a text of several lines is broken where its lines end.

use mcp::{Json, Kind, Limits};

use crate::catalogue::name::is_invisible;

/// Bounds of one definition.
const LIMITS: Limits = Limits { bytes: 1024 * 1024, depth: 128, members: 100_000 };

/// The definition in lines; as it stands, with all that is invisible escaped, where it is no JSON.
#[must_use]
pub fn pretty(definition: &str) -> String {
    let mut out = String::with_capacity(definition.len() * 2);
    match Json::parse(definition.as_bytes(), &LIMITS) {
        Ok(json) => write(json, 0, &mut out),
        Err(_) => out.push_str(&visible(definition)),
    }
    out.push('\n');
    out
}

/// A text on one line, with all that is invisible escaped.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| write_char(character, &mut out));
    out
}

fn write(value: Json<'_>, depth: usize, out: &mut String) {
    match value.kind() {
        Kind::Null | Kind::Bool | Kind::Number => out.push_str(value.text()),
        Kind::String => write_text(&value.as_str().unwrap_or_default(), depth, out),
        Kind::Array => {
            let items = value.array().unwrap_or_default();
            enclosed(('[', ']'), &items, depth, out, |item, out| write(*item, depth + 1, out));
        }
        Kind::Object => {
            let object = value.object();
            let mut members: Vec<_> = object.iter().flat_map(mcp::Object::iter).collect();
            members.sort_unstable_by_key(|(key, _)| *key);
            enclosed(('{', '}'), &members, depth, out, |(key, value), out| {
                write_text(key, depth + 1, out);
                out.push_str(": ");
                write(*value, depth + 1, out);
            });
        }
    }
}

fn enclosed<T>(
    (open, close): (char, char),
    parts: &[T],
    depth: usize,
    out: &mut String,
    write: impl Fn(&T, &mut String),
) {
    out.push(open);
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        new_line(depth + 1, out);
        write(part, out);
    }
    if !parts.is_empty() {
        new_line(depth, out);
    }
    out.push(close);
}

fn new_line(depth: usize, out: &mut String) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth));
}

fn write_text(text: &str, depth: usize, out: &mut String) {
    out.push('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => {
                out.push_str("\\n");
                if characters.peek().is_some() {
                    new_line(depth + 1, out);
                }
            }
            other => write_char(other, out),
        }
    }
    out.push('"');
}

/// What cannot be seen becomes an escape, for the eye and for the terminal.
fn write_char(character: char, out: &mut String) {
    if is_invisible(character) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            out.push_str(&format!("\\u{unit:04x}"));
        }
    } else {
        out.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[track_caller]
    fn check(definition: &str, expected: &str) {
        assert_eq!(pretty(definition), expected);
    }

    #[test]
    fn members_stand_in_order_one_a_line() {
        check(
            r#"{"name":"pay","inputSchema":{"type":"object","required":["a","b"],"properties":{}},"n":1.50}"#,
            "{\n  \"inputSchema\": {\n    \"properties\": {},\n    \"required\": [\n      \"a\",\n      \"b\"\n    ],\n    \"type\": \"object\"\n  },\n  \"n\": 1.50,\n  \"name\": \"pay\"\n}\n",
        );
        assert_eq!(pretty(r#"{"a":1,"b":"\u0041"}"#), pretty(r#"{ "b":"A", "a":1 }"#));
    }

    #[test]
    fn texts_break_where_their_lines_end() {
        check(r#"{"d":"one\ntwo\n"}"#, "{\n  \"d\": \"one\\n\n    two\\n\"\n}\n");
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        check(
            r#""a\u200bb\u001b[31m\u0007\u202e\udb40\udc61 é""#,
            "\"a\\u200bb\\u001b[31m\\u0007\\u202e\\udb40\\udc61 é\"\n",
        );
        // No text can look like what stands for something invisible.
        check(r#""\\u200b""#, "\"\\\\u200b\"\n");
        check("not json\u{1b}", "not json\\u001b\n");
    }
}
