//! One JSON-RPC message: every text of it is looked at, and where something has to go only its bytes change.
//!
//! What is done to a text depends on nothing but the text and the name it stands under. A text that is JSON itself is
//! taken apart like JSON. So a structured result and its copy as text lose the same things, and the copy stays JSON.

mod edit;
mod text;

use mcp::Json;

use crate::{
    hint::Hint,
    kind::Kind,
    message::{
        edit::Edit,
        text::{Known, Look},
    },
    rules::{Mode, Rules},
    tally::Tally,
    walk::{Part, Token, walk},
};

/// What a message leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// What was found.
    pub found: Tally,
    /// What becomes of the message.
    pub outcome: Outcome,
}

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It goes on as it is.
    Kept,
    /// It goes on in this form.
    Redacted(Vec<u8>),
    /// It does not go on.
    Refused(Refusal),
}

/// Why a message does not go on. The words name kinds and counts, never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The rules say so.
    #[error("it contains {0}, which this role must not receive")]
    Found(Tally),
    /// Two members of one object would get one name.
    #[error("it contains {0} as names of members, and without them two members would have the same name")]
    Names(Tally),
}

impl Refusal {
    /// The same, said of a caller's own arguments.
    #[must_use]
    pub fn in_arguments(&self) -> String {
        let (Refusal::Found(found) | Refusal::Names(found)) = self;
        format!("they contain {found}, which this role must not send")
    }
}

/// Looks at one message, which the strict parser has read, and says what becomes of it. What belongs to the protocol is
/// not looked at.
#[must_use]
pub fn inspect(message: Json<'_>, rules: &Rules) -> Inspected {
    look_at(message.text(), rules, |token| !is_opaque(token))
}

/// Looks at one JSON value, all of it.
#[must_use]
pub fn inspect_value(value: Json<'_>, rules: &Rules) -> Inspected {
    look_at(value.text(), rules, |_| true)
}

fn look_at(json: &str, rules: &Rules, matters: impl Fn(&Token<'_, '_>) -> bool) -> Inspected {
    let mut look = Look::new(rules, Known::default());
    let mut edits = json_edits(json, &mut look, &matters);
    if !look.announced.is_empty() {
        // What only its name gave away may stand without a name elsewhere, as in the text copy of a structured result.
        look = Look::new(rules, Known::of(std::mem::take(&mut look.announced)));
        edits = json_edits(json, &mut look, &matters);
    }
    let found = look.found;
    let refused = found.iter().any(|(kind, _)| rules.mode(kind) == Mode::Refuse);
    let outcome = if refused {
        Outcome::Refused(Refusal::Found(only(&found, rules, Mode::Refuse)))
    } else if look.collides {
        Outcome::Refused(Refusal::Names(only(&found, rules, Mode::Redact)))
    } else if edits.is_empty() {
        Outcome::Kept
    } else {
        Outcome::Redacted(edit::splice(json, &edits).into_bytes())
    };
    Inspected { found, outcome }
}

/// The part of a tally that one mode is about.
fn only(found: &Tally, rules: &Rules, mode: Mode) -> Tally {
    let mut part = Tally::default();
    for (kind, count) in found.iter().filter(|(kind, _)| rules.mode(*kind) == mode) {
        part.add_many(kind, count);
    }
    part
}

/// The edits of a JSON text, but for the tokens that do not `matter`.
fn json_edits(json: &str, look: &mut Look<'_>, matters: &dyn Fn(&Token<'_, '_>) -> bool) -> Vec<Edit> {
    let mut edits = Vec::new();
    let mut renamed = false;
    walk(json, &mut |token| {
        if !matters(token) {
            return;
        }
        let before = edits.len();
        let hint = match token.part {
            Part::Name => Hint::None,
            Part::Number | Part::Text => token.path.last().map_or(Hint::None, |name| hint(name)),
        };
        match token.part {
            Part::Number => edits.extend(look.number(token, hint)),
            Part::Name | Part::Text => edits.extend(look.string(token, hint)),
        }
        renamed |= token.part == Part::Name && edits.len() > before;
    });
    // The strict parser knows whether two names have become one.
    if renamed && look.parse(&edit::splice(json, &edits)).is_none() {
        look.collides = true;
    }
    edits
}

fn hint(name: &str) -> Hint {
    if name.contains('\\') { Hint::of(&crate::fold::decode(name).0) } else { Hint::of(name) }
}

/// Whether a text is the protocol's own or the server's to read again: it has to come back byte for byte, or it is data
/// in base64, of which only the size matters.
fn is_opaque(token: &Token<'_, '_>) -> bool {
    match token.path {
        ["id" | "jsonrpc" | "method"] => true,
        ["result" | "params", ..] if token.part == Part::Name => false,
        [
            "result" | "params",
            "cacheScope" | "nextCursor" | "progressToken" | "requestId" | "requestState" | "resultType"
            | "taskId",
        ]
        | ["result" | "params", "task" | "tasks", "taskId"] => true,
        ["result" | "params", "_meta", name] => {
            *name == "progressToken" || name.starts_with("io.modelcontextprotocol/")
        }
        ["result" | "params", inner @ .., "blob" | "data"] => {
            !inner.contains(&"structuredContent") && is_base64(token.raw)
        }
        _ => false,
    }
}

/// Whether a text is base64 of some length, `/` escaped or not.
fn is_base64(raw: &str) -> bool {
    const SHORTEST: usize = 256;
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=-_\\".contains(&byte);
    raw.len() >= SHORTEST && raw.bytes().all(part)
}

impl Kind {
    /// What stands where a number was: a text, since no number says what is missing.
    fn number_replacement(self) -> String {
        format!("\"{}\"", self.replacement())
    }
}

#[cfg(test)]
mod tests;
