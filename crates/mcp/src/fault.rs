//! A JSON-RPC error as a message of its own.
//!
//! Only the shape is decided here. Which fault answers which refusal, and with which HTTP status,
//! is the engine's business.

use crate::json_text::write_string;

/// The bytes are not JSON.
pub const PARSE_ERROR: i32 = -32700;
/// JSON, but not one JSON-RPC message.
pub const INVALID_REQUEST: i32 = -32600;
/// Nobody serves the method.
pub const METHOD_NOT_FOUND: i32 = -32601;
/// Missing or wrong parameters; an unknown tool, prompt or resource too.
pub const INVALID_PARAMS: i32 = -32602;
/// The server failed.
pub const INTERNAL_ERROR: i32 = -32603;
/// A mirrored header is missing or differs from the body.
pub const HEADER_MISMATCH: i32 = -32020;
/// The client did not declare a capability that the call needs.
pub const MISSING_CLIENT_CAPABILITY: i32 = -32021;
/// The server does not speak the requested revision.
pub const UNSUPPORTED_PROTOCOL_VERSION: i32 = -32022;

/// A JSON-RPC error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Error code.
    pub code: i32,
    /// What went wrong, for a reader.
    pub message: String,
    /// More about it: a complete JSON value as text.
    pub data: Option<String>,
}

impl Fault {
    /// The whole message that answers the request with the raw id `id`; `null` when it is not known.
    pub fn to_json(&self, id: Option<&[u8]>) -> Vec<u8> {
        let mut out = Vec::with_capacity(96 + self.message.len());
        out.extend_from_slice(br#"{"jsonrpc":"2.0","id":"#);
        out.extend_from_slice(id.unwrap_or(b"null"));
        out.extend_from_slice(br#","error":{"code":"#);
        out.extend_from_slice(self.code.to_string().as_bytes());
        out.extend_from_slice(br#","message":"#);
        write_string(&mut out, &self.message);
        if let Some(data) = &self.data {
            out.extend_from_slice(br#","data":"#);
            out.extend_from_slice(data.as_bytes());
        }
        out.extend_from_slice(b"}}");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;
    use crate::{Frame, Limits, Outcome};

    #[test]
    fn a_fault_is_a_frame_with_the_id_it_was_given() {
        let fault = Fault { code: 4030, message: "no \"rule\"".to_owned(), data: Some("[1]".to_owned()) };
        let json = fault.to_json(Some(b"\"a\\u0062\""));
        let expected =
            br#"{"jsonrpc":"2.0","id":"a\u0062","error":{"code":4030,"message":"no \"rule\"","data":[1]}}"#;
        assert_eq!(json, expected);
        let Ok(Frame::Response(response)) = Frame::parse(&json, &Limits::default()) else {
            panic!("not a response")
        };
        assert!(matches!(response.outcome, Outcome::Error(_)));
    }

    #[test]
    fn an_unknown_id_is_null() {
        let fault = Fault { code: -32700, message: String::new(), data: None };
        let expected = br#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":""}}"#;
        assert_eq!(fault.to_json(None), expected);
    }
}
