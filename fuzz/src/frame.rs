//! Target `frame`: whatever passes as a message means to another reader of JSON what it means to the gate, which forwards
//! the bytes as they are; what does not pass is refused with a message that is JSON itself.

use mcp::{Frame, Json, Kind, Limits};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::{
    bytes,
    dice::Dice,
    scene,
    target::{Target, Verdict},
};

pub(crate) struct Frames {
    corpus: Vec<Vec<u8>>,
}

impl Frames {
    pub(crate) fn new() -> Self {
        let corpus =
            scene::requests().into_iter().chain(scene::answers()).map(|text| text.as_bytes().to_vec());
        Self { corpus: corpus.collect() }
    }
}

impl Target for Frames {
    type Input = Vec<u8>;

    fn next(&mut self, dice: &mut Dice) -> Vec<u8> {
        bytes::mutated(dice, &self.corpus)
    }

    fn show(&self, input: &Vec<u8>) -> String {
        String::from_utf8_lossy(input).into_owned()
    }

    fn judge(&self, input: &Vec<u8>) -> Verdict {
        match Frame::parse(input, &Limits::default()) {
            Ok(frame) => differs(&frame, input).map_or(Verdict::Passes, Verdict::Wrong),
            Err(error) => {
                let fault = mcp::Fault { code: error.code(), message: error.to_string(), data: None };
                let said = fault.to_json(error.id().as_deref());
                match serde_json::from_slice::<serde_json::Value>(&said) {
                    Ok(_) => Verdict::Refused,
                    Err(_) => {
                        Verdict::Wrong(format!("the refusal is no JSON: {}", String::from_utf8_lossy(&said)))
                    }
                }
            }
        }
    }
}

/// What another reader sees differently.
fn differs(frame: &Frame<'_>, input: &[u8]) -> Option<String> {
    let other: Strict = match serde_json::from_slice(input) {
        Ok(other) => other,
        Err(error) => return Some(format!("serde_json does not read it: {error}")),
    };
    let (method, id) = match frame {
        Frame::Request(request) => (Some(request.method.as_ref()), Some(request.id.json())),
        Frame::Notification(notification) => (Some(notification.method.as_ref()), None),
        Frame::Response(response) => (None, response.id.map(|id| id.json())),
    };
    let json = Json::parse(input, &Limits::default()).ok()?;
    let seen = Strict::of(json);
    let member = |key: &str| other.member(key);
    let wrong = [
        (seen != other, "the document"),
        (member("method").and_then(Strict::text) != method, "the method"),
        (id.map(Strict::of).as_ref() != member("id").filter(|id| **id != Strict::Null), "the id"),
    ];
    wrong
        .into_iter()
        .find(|(wrong, _)| *wrong)
        .map(|(_, what)| format!("serde_json reads {what} differently"))
}

/// A document with every member, a key that comes twice included, and numbers as they are written.
#[derive(Debug, PartialEq)]
enum Strict {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Array(Vec<Strict>),
    Object(Vec<(String, Strict)>),
}

impl Strict {
    /// As the gate sees it.
    fn of(json: Json<'_>) -> Self {
        match json.kind() {
            Kind::Null => Self::Null,
            Kind::Bool => Self::Bool(json.as_bool().unwrap_or_default()),
            Kind::Number => Self::Number(json.text().parse().unwrap_or(f64::NAN)),
            Kind::String => Self::Text(json.as_str().unwrap_or_default().into_owned()),
            Kind::Array => Self::Array(json.array().unwrap_or_default().into_iter().map(Self::of).collect()),
            Kind::Object => Self::Object(
                json.object()
                    .iter()
                    .flat_map(mcp::Object::iter)
                    .map(|(key, value)| (key.to_owned(), Self::of(value)))
                    .collect(),
            ),
        }
    }

    /// Its members of this name are one.
    fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Strict;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a document in which no key comes twice")
    }

    fn visit_unit<E>(self) -> Result<Strict, E> {
        Ok(Strict::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Strict, E> {
        Ok(Strict::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Strict, E> {
        Ok(Strict::Number(value as f64))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Strict, E> {
        Ok(Strict::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Strict, E> {
        Ok(Strict::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Strict, E> {
        Ok(Strict::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element()? {
            array.push(item);
        }
        Ok(Strict::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
        let mut object: Vec<(String, Strict)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        while let Some((key, value)) = members.next_entry::<String, Strict>()? {
            if !seen.insert(key.clone()) {
                return Err(A::Error::custom(format!("`{key}` comes twice")));
            }
            object.push((key, value));
        }
        Ok(Strict::Object(object))
    }
}
