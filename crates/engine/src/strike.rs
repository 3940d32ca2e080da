//! Strikes secrets out of arguments before they are kept in the audit trail.
//!
//! Two signs: the member's name says that its value is secret, or the text looks like a credential of a known form.
//! Content rules (gate 1) are a later and finer net; this one keeps the audit trail itself from becoming a leak.

use mcp::{Json, Kind, Limits};
use policy::document::Arguments;

const STRUCK: &[u8] = b"\"[struck]\"";

/// Parts of member names whose values are never kept, compared in lower case without `-` and `_`.
const SECRET_NAMES: [&str; 10] = [
    "password",
    "passwd",
    "secret",
    "token",
    "apikey",
    "authorization",
    "credential",
    "privatekey",
    "accesskey",
    "cookie",
];

/// Beginnings of well-known credentials.
const SECRET_PREFIXES: [&str; 13] = [
    "tg_",
    "Bearer ",
    "Basic ",
    "sk-",
    "sk_live_",
    "ghp_",
    "gho_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "eyJ",
];

/// Longest arguments that are kept as text, in bytes. Of longer ones the digest has to do.
const LONGEST: usize = 64 * 1024;

/// What the audit trail keeps of a call's arguments, at either gate.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeptArguments {
    /// `blake3:` and hex.
    pub digest: String,
    /// The JSON text, with secrets struck.
    pub text: String,
}

impl KeptArguments {
    /// Of the bytes that were sent, as much as the policy says.
    #[must_use]
    pub fn of(arguments: &[u8], keep: Arguments) -> Self {
        let text = match keep {
            Arguments::None => return Self::default(),
            Arguments::Digest => String::new(),
            Arguments::Full => kept_text(arguments),
        };
        Self { digest: format!("blake3:{}", blake3::hash(arguments).to_hex()), text }
    }
}

/// The arguments with secrets struck, or a note in their place where they are too long.
fn kept_text(arguments: &[u8]) -> String {
    if arguments.len() > LONGEST {
        return format!("\"[{} bytes: too long to keep]\"", arguments.len());
    }
    strike_secrets(arguments)
}

/// The JSON text with secret values replaced by `"[struck]"`; everything else stays byte for byte.
/// Text that is not JSON (which the gate has refused before) is struck whole.
fn strike_secrets(arguments: &[u8]) -> String {
    let limits = Limits { bytes: arguments.len(), ..Limits::default() };
    let mut out = Vec::with_capacity(arguments.len());
    match Json::parse(arguments, &limits) {
        Ok(json) => {
            let mut copied = 0;
            strike(json, arguments, &mut copied, &mut out);
            out.extend_from_slice(arguments.get(copied..).unwrap_or_default());
        }
        Err(_) => out.extend_from_slice(STRUCK),
    }
    String::from_utf8(out).unwrap_or_default()
}

/// Walks the value, copying what lies between struck values. Depth is bounded by the parser's limit.
fn strike(json: Json<'_>, document: &[u8], copied: &mut usize, out: &mut Vec<u8>) {
    match json.kind() {
        Kind::Object => {
            let Some(object) = json.object() else { return };
            for (name, value) in object.iter() {
                if is_secret_name(name) && value.kind() != Kind::Null {
                    replace(value, document, copied, out);
                } else {
                    strike(value, document, copied, out);
                }
            }
        }
        Kind::Array => {
            json.array().into_iter().flatten().for_each(|item| strike(item, document, copied, out))
        }
        Kind::String => {
            if json.as_str().is_some_and(|text| is_secret_text(&text)) {
                replace(json, document, copied, out);
            }
        }
        Kind::Bool | Kind::Null | Kind::Number => {}
    }
}

fn replace(json: Json<'_>, document: &[u8], copied: &mut usize, out: &mut Vec<u8>) {
    let span = json.offset_in(document);
    out.extend_from_slice(document.get(*copied..span.start).unwrap_or_default());
    out.extend_from_slice(STRUCK);
    *copied = span.end;
}

fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(|c| !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect();
    SECRET_NAMES.iter().any(|secret| plain.contains(secret))
}

fn is_secret_text(text: &str) -> bool {
    text.contains("-----BEGIN")
        || text.split_ascii_whitespace().any(|word| {
            word.len() >= 20 && SECRET_PREFIXES.iter().any(|prefix| word.starts_with(prefix.trim_end()))
        })
        || ["Bearer ", "Basic "].iter().any(|scheme| text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(arguments: &str, expected: &str) {
        assert_eq!(strike_secrets(arguments.as_bytes()), expected);
    }

    #[test]
    fn ordinary_arguments_stay_byte_for_byte() {
        check(r#"{ "table":"orders", "limit": 10 }"#, r#"{ "table":"orders", "limit": 10 }"#);
    }

    #[test]
    fn a_telling_name_strikes_its_value() {
        check(
            r#"{"user":"a","Pass-Word":"x","nested":[{"api_key":{"a":1}}]}"#,
            r#"{"user":"a","Pass-Word":"[struck]","nested":[{"api_key":"[struck]"}]}"#,
        );
    }

    #[test]
    fn a_credential_in_any_text_is_struck() {
        check(r#"{"note":"use ghp_0123456789abcdefghij please","n":1}"#, r#"{"note":"[struck]","n":1}"#);
    }

    #[test]
    fn long_arguments_are_not_kept() {
        let long = format!("[\"{}\"]", "x".repeat(LONGEST));
        assert_eq!(kept_text(long.as_bytes()), "\"[65540 bytes: too long to keep]\"");
        assert_eq!(kept_text(b"[1]"), "[1]");
    }

    #[test]
    fn an_escaped_name_does_not_hide() {
        check(r#"{"pass\u0077ord":"x"}"#, r#"{"pass\u0077ord":"[struck]"}"#);
    }
}
