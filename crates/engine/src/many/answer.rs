//! Answers between the eras: a result of one as a client of the other reads it.

use mcp::{Frame, Json, Limits, Object, Outcome};
use memchr::memmem;

use crate::{
    Era,
    asks::spells_letters,
    inspection::{Verdict, Withheld},
    tasks::spliced,
};

/// The code by which legacy servers say that there is no such resource; it is gone in the modern era.
const LEGACY_NO_RESOURCE: &str = "-32002";

const TYPE: &str = "resultType";

/// Between which eras an answer goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Translation {
    /// The era of the client.
    pub(crate) to: Era,
    /// Whether it is a resource that is read: a modern result says for how long it holds.
    pub(crate) reads: bool,
}

impl Translation {
    /// One message of the server, as the client reads it.
    pub(crate) fn message(self, document: &[u8], limits: &Limits) -> Verdict {
        let is_plain = memmem::find(document, TYPE.as_bytes()).is_none() && !spells_letters(document);
        if self.to == Era::Legacy && is_plain {
            return Verdict::Keep;
        }
        let response = match Frame::parse(document, limits) {
            Ok(Frame::Response(response)) => response,
            Ok(Frame::Notification(_) | Frame::Request(_)) => return Verdict::Keep,
            Err(error) => return Verdict::Withheld(Withheld::unjudged(error)),
        };
        match (self.to, response.outcome) {
            (Era::Legacy, Outcome::Result(result)) => without_type(document, result),
            (Era::Legacy, Outcome::Error(_)) => Verdict::Keep,
            (Era::Modern, Outcome::Result(result)) => self.with_type(document, result),
            (Era::Modern, Outcome::Error(error)) => recoded(document, error),
        }
    }

    fn with_type(self, document: &[u8], result: Json<'_>) -> Verdict {
        let Some(members) = result.object() else {
            return Verdict::Withheld(Withheld::unjudged("its result is no object"));
        };
        let mut added = String::new();
        let mut add = |name: &str, value: &str| {
            if members.get(name).is_none() {
                added = format!(r#"{added}"{name}":{value},"#);
            }
        };
        add(TYPE, r#""complete""#);
        if self.reads {
            add("ttlMs", "0");
            add("cacheScope", r#""private""#);
        }
        if members.is_empty() {
            added.pop();
        }
        if added.is_empty() {
            return Verdict::Keep;
        }
        let inside = result.offset_in(document).start + 1;
        Verdict::Edited(spliced(document, vec![(inside..inside, added.into_bytes())]))
    }
}

/// The result without its type, which legacy clients do not know.
fn without_type(document: &[u8], result: Json<'_>) -> Verdict {
    let Some(kind) = result.member(TYPE) else { return Verdict::Keep };
    if kind.as_str().as_deref() != Some("complete") {
        let reason = "it is no complete result, and a client of an older revision knows no other";
        return Verdict::Withheld(Withheld::unjudged(reason));
    }
    let mut out = vec![b'{'];
    for (name, value) in result.object().iter().flat_map(Object::iter).filter(|(name, _)| *name != TYPE) {
        out.extend_from_slice(if out.len() > 1 { b"," } else { b"" });
        mcp::write_string(&mut out, name);
        out.push(b':');
        out.extend_from_slice(value.bytes());
    }
    out.push(b'}');
    Verdict::Edited(spliced(document, vec![(result.offset_in(document), out)]))
}

fn recoded(document: &[u8], error: Json<'_>) -> Verdict {
    let code = error.member("code").filter(|code| code.text() == LEGACY_NO_RESOURCE);
    code.map_or(Verdict::Keep, |code| {
        let now = mcp::fault::INVALID_PARAMS.to_string().into_bytes();
        Verdict::Edited(spliced(document, vec![(code.offset_in(document), now)]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check((to, reads): (Era, bool), answer: &str, expected: Option<&str>) {
        let around = |answer: &str| format!(r#"{{"jsonrpc":"2.0","id":1,{answer}}}"#);
        let told = match (Translation { to, reads }).message(around(answer).as_bytes(), &Limits::default()) {
            Verdict::Keep => Some(around(answer)),
            Verdict::Edited(bytes) => Some(String::from_utf8(bytes).unwrap()),
            Verdict::Withheld(_) => None,
        };
        assert_eq!(told, expected.map(around));
    }

    const CALL: (Era, bool) = (Era::Modern, false);
    const READ: (Era, bool) = (Era::Modern, true);
    const LEGACY: (Era, bool) = (Era::Legacy, false);

    #[test]
    fn a_modern_client_gets_a_typed_result() {
        check(CALL, r#""result":{ "a":1}"#, Some(r#""result":{"resultType":"complete", "a":1}"#));
        check(CALL, r#""result":{}"#, Some(r#""result":{"resultType":"complete"}"#));
        check(
            READ,
            r#""result":{"contents":[]}"#,
            Some(r#""result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","contents":[]}"#),
        );
        check(CALL, r#""result":{"resultType":"complete"}"#, Some(r#""result":{"resultType":"complete"}"#));
        check(CALL, r#""result":[]"#, None);
    }

    #[test]
    fn a_code_that_is_gone_becomes_the_one_that_took_its_place() {
        check(
            CALL,
            r#""error":{"code":-32002,"message":"-32002"}"#,
            Some(r#""error":{"code":-32602,"message":"-32002"}"#),
        );
        check(
            LEGACY,
            r#""error":{"code":-32002,"message":""}"#,
            Some(r#""error":{"code":-32002,"message":""}"#),
        );
    }

    #[test]
    fn a_legacy_client_gets_a_plain_result_or_none() {
        check(
            LEGACY,
            r#""result":{"a":{"resultType":1},"result\u0054ype":"complete","b":[ ]}"#,
            Some(r#""result":{"a":{"resultType":1},"b":[ ]}"#),
        );
        check(LEGACY, r#""result":{"a":1}"#, Some(r#""result":{"a":1}"#));
        for kind in [r#""input_required""#, r#""task""#, "null", "1"] {
            check(LEGACY, &format!(r#""result":{{"resultType":{kind}}}"#), None);
        }
    }
}
