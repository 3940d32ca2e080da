//! Requests between the eras: a message of one as a server of the other reads it, and the headers that go with it.
//!
//! Only what the eras say in different places is touched: the envelope in `_meta`, and the headers that repeat the body.

use mcp::{Frame, Json, Object, revision};
use policy::catalogue::header::HeaderParam;

use crate::{
    Era, HeaderEdit,
    mirror::{self, Mirror, Mismatch},
    tasks::spliced,
};

/// What a modern request says of itself within `_meta`, and no legacy server knows.
const ENVELOPE: [&str; 4] = [
    revision::VERSION_KEY,
    "io.modelcontextprotocol/clientCapabilities",
    "io.modelcontextprotocol/clientInfo",
    "io.modelcontextprotocol/logLevel",
];

/// The request's body in the other era; none where it has no parameters to say that in.
pub(crate) fn body(to: Era, params: Option<&Object<'_>>, bytes: &[u8]) -> Option<Vec<u8>> {
    let params = params?;
    let envelope = match to {
        Era::Legacy => String::new(),
        // The client's own capabilities are those of the other era: a server must not count on any.
        Era::Modern => format!(
            r#""{}":"{}","{}":{{}},"{}":{{"name":"trigate","version":"{}"}}"#,
            ENVELOPE[0],
            revision::MODERN,
            ENVELOPE[1],
            ENVELOPE[2],
            env!("CARGO_PKG_VERSION")
        ),
    };
    let known = params.get("_meta");
    let meta = meta(known, envelope);
    let edit = match known {
        Some(known) => (known.offset_in(bytes), meta),
        None if to == Era::Legacy => return Some(bytes.to_vec()),
        None => {
            let inside = params.json().offset_in(bytes).start + 1;
            let mut member = br#""_meta":"#.to_vec();
            member.extend_from_slice(&meta);
            member.extend_from_slice(if params.is_empty() { b"" } else { b"," });
            (inside..inside, member)
        }
    };
    Some(spliced(bytes, vec![edit]))
}

/// `_meta` without the envelope of a modern request, and with this one.
fn meta(known: Option<Json<'_>>, mut envelope: String) -> Vec<u8> {
    let known = known.and_then(Json::object);
    let mut out = vec![b'{'];
    let kept = known.iter().flat_map(Object::iter).filter(|(name, _)| !ENVELOPE.contains(name));
    for (name, value) in kept {
        out.extend_from_slice(if out.len() > 1 { b"," } else { b"" });
        mcp::write_string(&mut out, name);
        out.push(b':');
        out.extend_from_slice(value.bytes());
    }
    if out.len() > 1 && !envelope.is_empty() {
        envelope.insert(0, ',');
    }
    out.extend_from_slice(envelope.as_bytes());
    out.push(b'}');
    out
}

/// The changes of the head that go with it, to a server that speaks this revision. `frame` is the translated message,
/// `params` are the arguments of its tool that are repeated in headers.
pub(crate) fn head(
    sent: &Mirror,
    revision: &str,
    frame: &Frame<'_>,
    params: &[HeaderParam],
) -> Vec<HeaderEdit> {
    let mut edits: Vec<HeaderEdit> = sent.repeated().map(HeaderEdit::remove).collect();
    edits.extend([mirror::METHOD, mirror::NAME].map(HeaderEdit::remove));
    if Era::of(revision) == Some(Era::Modern) {
        edits.extend(Mirror::default().mismatches(frame, params).into_iter().map(Mismatch::fix));
    } else {
        edits.push(HeaderEdit::set(mirror::VERSION, revision));
    }
    edits
}

#[cfg(test)]
mod tests {
    use mcp::{Frame, Limits};

    use super::*;

    fn translated(to: Era, body: &str) -> String {
        let Ok(Frame::Request(request)) = Frame::parse(body.as_bytes(), &Limits::default()) else {
            panic!("no request")
        };
        String::from_utf8(super::body(to, request.params.as_ref(), body.as_bytes()).unwrap()).unwrap()
    }

    #[track_caller]
    fn check(to: Era, params: &str, expected: &str) {
        let around = |params: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"m","params":{params}}}"#);
        let version = env!("CARGO_PKG_VERSION");
        let envelope = format!(
            r#""io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{{}},"io.modelcontextprotocol/clientInfo":{{"name":"trigate","version":"{version}"}}"#
        );
        assert_eq!(translated(to, &around(params)), around(&expected.replace("ENVELOPE", &envelope)));
    }

    #[test]
    fn a_legacy_request_gets_the_envelope() {
        check(Era::Modern, r#"{ "name":"a" }"#, r#"{"_meta":{ENVELOPE}, "name":"a" }"#);
        check(Era::Modern, "{}", r#"{"_meta":{ENVELOPE}}"#);
        check(
            Era::Modern,
            r#"{"name":"a","_meta":{"progressToken": 7}}"#,
            r#"{"name":"a","_meta":{"progressToken":7,ENVELOPE}}"#,
        );
        check(
            Era::Modern,
            r#"{"_meta":{"io.modelcontextprotocol/clientInfo":{"name":"me"}}}"#,
            r#"{"_meta":{ENVELOPE}}"#,
        );
    }

    #[test]
    fn a_modern_request_loses_it() {
        check(
            Era::Legacy,
            r#"{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","progressToken":"p","io.modelcontextprotocol/clientCapabilities":{}},"name":"a"}"#,
            r#"{"_meta":{"progressToken":"p"},"name":"a"}"#,
        );
        check(Era::Legacy, r#"{"name":"a"}"#, r#"{"name":"a"}"#);
    }
}
