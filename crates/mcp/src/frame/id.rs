//! The id of a request: a string or an integer, kept as it was written.

use std::borrow::Cow;

use crate::json::{Json, Kind, Object};

/// The id of a request, to be echoed byte for byte.
///
/// Two ids are equal if they mean the same, however a string is escaped.
#[derive(Debug, Clone, Copy)]
pub struct RequestId<'a> {
    raw: Json<'a>,
}

impl<'a> RequestId<'a> {
    /// The id as it was written.
    pub fn bytes(&self) -> &'a [u8] {
        self.raw.bytes()
    }

    /// The id as JSON.
    pub fn json(&self) -> Json<'a> {
        self.raw
    }

    /// Takes a value as id: a string, or a number written as an integer. `-0` is none, for parsers
    /// turn it into a float or into `0`, and the answer would carry another id.
    pub(super) fn read(raw: Json<'a>) -> Option<Self> {
        let sound = match raw.kind() {
            Kind::String => true,
            Kind::Number => {
                let text = raw.text();
                text != "-0"
                    && text.strip_prefix('-').unwrap_or(text).bytes().all(|byte| byte.is_ascii_digit())
            }
            Kind::Null | Kind::Bool | Kind::Array | Kind::Object => false,
        };
        sound.then_some(Self { raw })
    }

    /// A form that is the same for equal ids only: integers as written, strings decoded.
    fn meaning(&self) -> (Kind, Cow<'a, str>) {
        (self.raw.kind(), self.raw.as_str().unwrap_or(Cow::Borrowed(self.raw.text())))
    }
}

impl PartialEq for RequestId<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes() || self.meaning() == other.meaning()
    }
}

impl Eq for RequestId<'_> {}

/// The raw id of a message that is refused, if no reader could take another one: a single member
/// whose key is `id` in any letter case, and its value sound.
pub(super) fn certain(top: &Object<'_>) -> Option<Vec<u8>> {
    let mut ids = top.iter().filter(|(key, _)| key.eq_ignore_ascii_case("id"));
    match (ids.next(), ids.next()) {
        (Some(("id", value)), None) => RequestId::read(value).map(|id| id.bytes().to_vec()),
        _ => None,
    }
}
