//! One value of a body as a header has to repeat it (Streamable HTTP of 2026-07-28, "value encoding").

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mcp::{Json, Kind, Limits, canonical};

/// Around a value that does not fit into a header as it is.
const OPEN: &str = "=?base64?";
const CLOSE: &str = "?=";

/// What a header has to say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Expected<'b> {
    /// It has to be absent.
    Nothing,
    /// A number, compared by its value.
    Number(Json<'b>),
    /// This, which never needs an encoding.
    Plain(&'b str),
    /// A text in JSON, encoded where it does not fit.
    String(Json<'b>),
    /// This, encoded where it does not fit.
    Text(&'b str),
}

impl<'b> Expected<'b> {
    /// What an argument wants of its header. Lists and objects cannot be repeated in one.
    pub(super) fn of(argument: Option<Json<'b>>) -> Self {
        let Some(argument) = argument else { return Self::Nothing };
        match argument.kind() {
            Kind::Array | Kind::Null | Kind::Object => Self::Nothing,
            Kind::Bool => Self::Plain(argument.text()),
            Kind::Number => Self::Number(argument),
            Kind::String => Self::String(argument),
        }
    }

    /// Whether a header says it.
    pub(super) fn is(&self, sent: &str) -> bool {
        match self {
            Self::Nothing => false,
            Self::Plain(text) => sent == *text,
            Self::Text(text) => decoded(sent).is_some_and(|sent| sent == *text),
            Self::String(json) => {
                json.as_str().is_some_and(|text| decoded(sent).is_some_and(|sent| sent == text))
            }
            Self::Number(number) => decoded(sent).is_some_and(|sent| {
                let limits = Limits { bytes: 64, ..Limits::default() };
                sent == number.text()
                    || Json::parse(sent.as_bytes(), &limits).is_ok_and(|sent| {
                        sent.kind() == Kind::Number && canonical(sent) == canonical(*number)
                    })
            }),
        }
    }

    /// The header's value; none where it has to be absent.
    pub(super) fn encoded(&self) -> Option<String> {
        let text = match self {
            Self::Nothing => return None,
            Self::Plain(text) | Self::Text(text) => Cow::Borrowed(*text),
            Self::Number(number) => Cow::Borrowed(number.text()),
            Self::String(json) => json.as_str()?,
        };
        let fits = text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
            && text.trim() == text
            && !text.is_empty()
            && !(text.starts_with(OPEN) && text.ends_with(CLOSE));
        Some(if fits {
            text.into_owned()
        } else {
            format!("{OPEN}{}{CLOSE}", STANDARD.encode(text.as_bytes()))
        })
    }
}

/// A header's value: as it stands, or what is between the marks; none where that is no base 64 of a text.
fn decoded(sent: &str) -> Option<Cow<'_, str>> {
    match sent.strip_prefix(OPEN).and_then(|rest| rest.strip_suffix(CLOSE)) {
        None => sent.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')).then_some(Cow::Borrowed(sent)),
        Some(encoded) => String::from_utf8(STANDARD.decode(encoded).ok()?).ok().map(Cow::Owned),
    }
}
