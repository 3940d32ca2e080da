//! Heads as Envoy sends them, as the engine reads them.

use std::collections::HashMap;

use engine::Head;
use policy::Property;
use prost_types::{Struct, Value, value::Kind};
use proto::envoy::config::core::v3::{HeaderMap, HeaderValue, Metadata};
use proto::envoy::service::ext_proc::v3::HttpHeaders;

/// Under which name Envoy's filter sends attributes.
const FILTER: &str = "envoy.filters.http.ext_proc";

/// What Envoy tells beside the message itself.
#[derive(Debug, Default)]
pub(crate) struct Surroundings {
    pub(crate) attributes: HashMap<String, Struct>,
    pub(crate) metadata: Option<Metadata>,
}

/// The request's head, with what the surroundings answer to `asks`.
pub(crate) fn request(headers: HttpHeaders, around: &Surroundings, asks: &[Property]) -> Head {
    let host = asks.iter().map(|ask| ask.iter().find_map(|path| around.property(path))).collect();
    Head { host, ..head(headers) }
}

/// The head of a request or an answer.
pub(crate) fn head(headers: HttpHeaders) -> Head {
    let last = headers.end_of_stream;
    let HeaderMap { headers } = headers.headers.unwrap_or_default();
    Head { headers: headers.into_iter().map(header).collect(), last, ..Head::default() }
}

/// Envoy sends one form of the value or the other, by its version.
fn header(HeaderValue { key, value, raw_value }: HeaderValue) -> (String, Vec<u8>) {
    (key, if raw_value.is_empty() { value.into_bytes() } else { raw_value })
}

impl Surroundings {
    /// A property by its path, as the bytes that a filter in the proxy would get.
    fn property(&self, path: &[String]) -> Option<Vec<u8>> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            ["metadata", "filter_metadata", namespace, rest @ ..] => {
                walk(self.metadata.as_ref()?.filter_metadata.get(*namespace)?, rest)
            }
            path => marshalled(self.attributes.get(FILTER)?.fields.get(&path.join("."))?),
        }
    }
}

fn walk(within: &Struct, path: &[&str]) -> Option<Vec<u8>> {
    let (first, rest) = path.split_first()?;
    let value = within.fields.get(*first)?;
    match (&value.kind, rest) {
        (_, []) => marshalled(value),
        (Some(Kind::StructValue(inner)), rest) => walk(inner, rest),
        _ => None,
    }
}

/// Texts as they are, lists of texts as pairs of a text and nothing; what is neither says no name and no group.
fn marshalled(value: &Value) -> Option<Vec<u8>> {
    match value.kind.as_ref()? {
        Kind::StringValue(text) => Some(text.clone().into_bytes()),
        Kind::ListValue(list) => {
            let texts: Option<Vec<&str>> = list
                .values
                .iter()
                .map(|value| match value.kind.as_ref()? {
                    Kind::StringValue(text) => Some(text.as_str()),
                    _ => None,
                })
                .collect();
            pairs(&texts?)
        }
        Kind::BoolValue(_) | Kind::NullValue(_) | Kind::NumberValue(_) | Kind::StructValue(_) => None,
    }
}

/// The form in which a filter gets a list: count, sizes of both parts of each pair, then the parts, each with a zero byte.
fn pairs(texts: &[&str]) -> Option<Vec<u8>> {
    let number = |number: usize| u32::try_from(number).ok().map(u32::to_le_bytes);
    let mut bytes = number(texts.len())?.to_vec();
    for text in texts {
        bytes.extend(number(text.len())?);
        bytes.extend(number(0)?);
    }
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend([0, 0]);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::ListValue;

    fn text(text: &str) -> Value {
        Value { kind: Some(Kind::StringValue(text.to_owned())) }
    }

    fn path(path: &[&str]) -> Vec<String> {
        path.iter().map(|part| (*part).to_owned()).collect()
    }

    #[test]
    fn a_value_is_read_from_either_form() {
        let both = [("a", "x", b"".as_slice()), ("b", "", b"\xff")];
        let headers = both.map(|(key, value, raw)| HeaderValue {
            key: key.to_owned(),
            value: value.to_owned(),
            raw_value: raw.to_vec(),
        });
        let headers =
            HttpHeaders { headers: Some(HeaderMap { headers: headers.into() }), end_of_stream: true };
        let head = head(headers);
        assert_eq!(
            (head.last, head.headers),
            (true, vec![("a".to_owned(), b"x".to_vec()), ("b".to_owned(), b"\xff".to_vec())])
        );
    }

    #[test]
    fn properties_are_found_among_attributes_and_metadata() {
        let groups =
            Value { kind: Some(Kind::ListValue(ListValue { values: vec![text("agents"), text("staff")] })) };
        let payload =
            Struct { fields: [("sub".to_owned(), text("me")), ("groups".to_owned(), groups)].into() };
        let claims =
            Struct { fields: [("jwt".to_owned(), Value { kind: Some(Kind::StructValue(payload)) })].into() };
        let peer =
            Struct { fields: [("connection.subject_peer_certificate".to_owned(), text("CN=a"))].into() };
        let around = Surroundings {
            attributes: [(FILTER.to_owned(), peer)].into(),
            metadata: Some(Metadata { filter_metadata: [("authn".to_owned(), claims)].into() }),
        };
        let at = |parts: &[&str]| around.property(&path(parts));
        assert_eq!(at(&["connection", "subject_peer_certificate"]).unwrap(), b"CN=a");
        assert_eq!(at(&["metadata", "filter_metadata", "authn", "jwt", "sub"]).unwrap(), b"me");
        assert_eq!(
            at(&["metadata", "filter_metadata", "authn", "jwt", "groups"]).unwrap(),
            b"\x02\0\0\0\x06\0\0\0\0\0\0\0\x05\0\0\0\0\0\0\0agents\0\0staff\0\0"
        );
        assert_eq!(at(&["metadata", "filter_metadata", "authn", "jwt"]), None);
        assert_eq!(at(&["connection", "tls_version"]), None);
    }
}
