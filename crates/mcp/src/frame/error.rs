//! Why bytes are not one JSON-RPC message, in words for the one who sent them.

use thiserror::Error;

use crate::json::{JsonError, Kind};

/// Why bytes are not one JSON-RPC message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FrameError {
    /// The bytes are not strict JSON within the limits.
    #[error("{error}")]
    Json {
        /// What is wrong.
        error: JsonError,
        /// The raw id of the call, where certain.
        id: Option<Vec<u8>>,
    },
    /// The document is JSON, but not one message.
    #[error("{flaw}")]
    Shape {
        /// What is wrong.
        flaw: Flaw,
        /// The raw id of the call, where certain.
        id: Option<Vec<u8>>,
    },
}

/// How a JSON document fails to be one JSON-RPC message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Flaw {
    /// An array of messages.
    #[error("a batch (array at byte 0) is not accepted: send each message on its own")]
    Batch,
    /// `error` is not an object.
    #[error("`error` at byte {offset} has to be an object")]
    Error {
        /// Start of the value.
        offset: usize,
    },
    /// An id that is neither string nor integer.
    #[error("`id` at byte {offset} has to be a string or an integer")]
    Id {
        /// Start of the value.
        offset: usize,
    },
    /// A list in a result is not an array.
    #[error("`{member}` at byte {offset} has to be an array")]
    List {
        /// Key of the list.
        member: &'static str,
        /// Start of the value.
        offset: usize,
    },
    /// The method is not a string.
    #[error("`method` at byte {offset} has to be a string")]
    Method {
        /// Start of the value.
        offset: usize,
    },
    /// Members of a call and of an answer, or of both kinds of answer.
    #[error("a message is either a call (`method`) or an answer (`result` or `error`): see byte {offset}")]
    Mixed {
        /// Start of a value that does not belong.
        offset: usize,
    },
    /// A result without id.
    #[error("a `result` at byte 0 has no `id`: repeat the id of the request")]
    NoId,
    /// Neither call nor answer.
    #[error("the message at byte 0 has none of `method`, `result` and `error`")]
    Nothing,
    /// Something other than an object.
    #[error("the message has to be an object, but is {}", found.described())]
    NotObject {
        /// What it is.
        found: Kind,
    },
    /// No `jsonrpc`.
    #[error("the message at byte 0 has no `jsonrpc`: add `\"jsonrpc\":\"2.0\"`")]
    NoVersion,
    /// `params` is not an object.
    #[error("`params` at byte {offset} has to be an object, but is {}", found.described())]
    Params {
        /// Start of the value.
        offset: usize,
        /// What it is.
        found: Kind,
    },
    /// A member that JSON-RPC does not know, perhaps in other letter case.
    #[error(
        "unknown member `{name}` at byte {offset}: a message has only `jsonrpc`, `id`, `method`, `params`, `result` and `error`"
    )]
    UnknownMember {
        /// The key, decoded and cut to a readable length.
        name: String,
        /// Start of the key.
        offset: usize,
    },
    /// `jsonrpc` is not "2.0".
    #[error("`jsonrpc` at byte {offset} has to be `\"2.0\"`")]
    Version {
        /// Start of the value.
        offset: usize,
    },
}
