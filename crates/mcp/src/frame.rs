//! One JSON-RPC message as a value.
//!
//! A frame is made only from a document that is strict JSON and one plain message: version 2.0, no
//! batch, nothing unknown beside the known members, no mixture of call and answer. What a method
//! means, and whether it may be called, is for `policy` to say.

mod error;
mod id;

use std::borrow::Cow;

use crate::json::{self, Item, Json, Kind, Object};
use crate::{Limits, fault};

pub use error::{Flaw, FrameError};
pub use id::RequestId;

/// One JSON-RPC message.
#[derive(Debug, Clone)]
pub enum Frame<'a> {
    /// A call that wants an answer.
    Request(Request<'a>),
    /// A call that gets none.
    Notification(Notification<'a>),
    /// An answer.
    Response(Response<'a>),
}

/// A call with an id.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What the answer has to carry.
    pub id: RequestId<'a>,
    /// The method, decoded.
    pub method: Cow<'a, str>,
    /// The parameters, if there are any.
    pub params: Option<Object<'a>>,
}

/// A call without an id.
#[derive(Debug, Clone)]
pub struct Notification<'a> {
    /// The method, decoded.
    pub method: Cow<'a, str>,
    /// The parameters, if there are any.
    pub params: Option<Object<'a>>,
}

/// An answer to a call.
#[derive(Debug, Clone)]
pub struct Response<'a> {
    /// The id of the call. An error may do without (or with `null`), when the call could not be read.
    pub id: Option<RequestId<'a>>,
    /// What came of the call.
    pub outcome: Outcome<'a>,
}

/// What came of a call.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The `error` object.
    Error(Json<'a>),
    /// The `result`, of any kind.
    Result(Json<'a>),
}

impl<'a> Frame<'a> {
    /// Reads one message.
    ///
    /// # Errors
    /// What is wrong with the bytes, and the id of the call where that is certain.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, FrameError> {
        Self::with_result(bytes, limits).map(|(frame, ..)| frame)
    }

    /// As `parse`, with the members of the `result`, if that is an object, and the items of its arrays.
    pub(crate) fn with_result(
        bytes: &'a [u8],
        limits: &Limits,
    ) -> Result<(Self, Option<Object<'a>>, Vec<Item<'a>>), FrameError> {
        let parsed = json::parse(bytes, limits).map_err(|error| FrameError::Json { error, id: None })?;
        let Some(top) = parsed.top else {
            let found = parsed.root.kind();
            let flaw = if found == Kind::Array { Flaw::Batch } else { Flaw::NotObject { found } };
            return Err(FrameError::Shape { flaw, id: None });
        };
        if let Some(error) = parsed.duplicate {
            return Err(FrameError::Json { error, id: id::certain(&top) });
        }
        let frame = Envelope::read(&top, bytes).and_then(|envelope| envelope.frame(parsed.params));
        match frame {
            Ok(frame) => Ok((frame, parsed.result, parsed.items)),
            Err(flaw) => Err(FrameError::Shape { flaw, id: id::certain(&top) }),
        }
    }
}

/// The members of a message, each known and of the right kind, not yet looked at together.
struct Envelope<'a, 'd> {
    document: &'d [u8],
    version: Option<Json<'a>>,
    id: Option<Json<'a>>,
    method: Option<Json<'a>>,
    params: Option<Json<'a>>,
    result: Option<Json<'a>>,
    error: Option<Json<'a>>,
}

impl<'a, 'd> Envelope<'a, 'd> {
    fn read(top: &Object<'a>, document: &'d [u8]) -> Result<Self, Flaw> {
        let unknown = top
            .keys()
            .find(|(key, _)| !matches!(*key, "jsonrpc" | "id" | "method" | "params" | "result" | "error"));
        if let Some((key, offset)) = unknown {
            return Err(Flaw::UnknownMember { name: json::excerpt(key), offset });
        }
        Ok(Self {
            document,
            version: top.get("jsonrpc"),
            id: top.get("id"),
            method: top.get("method"),
            params: top.get("params"),
            result: top.get("result"),
            error: top.get("error"),
        })
    }

    fn offset(&self, value: Json<'a>) -> usize {
        value.offset_in(self.document).start
    }

    fn frame(self, params: Option<Object<'a>>) -> Result<Frame<'a>, Flaw> {
        let Some(version) = self.version else { return Err(Flaw::NoVersion) };
        if version.as_str().as_deref() != Some("2.0") {
            return Err(Flaw::Version { offset: self.offset(version) });
        }
        match (self.method, self.result, self.error) {
            (Some(method), None, None) => self.call(method, params),
            (None, Some(result), None) => self.answer(Outcome::Result(result)),
            (None, None, Some(error)) if error.kind() == Kind::Object => self.answer(Outcome::Error(error)),
            (None, None, Some(error)) => Err(Flaw::Error { offset: self.offset(error) }),
            (None, None, None) => Err(Flaw::Nothing),
            (_, first, second) => {
                // Some two of them are there, or all three.
                let offset = first.or(second).map_or(0, |value| self.offset(value));
                Err(Flaw::Mixed { offset })
            }
        }
    }

    fn call(self, method: Json<'a>, params: Option<Object<'a>>) -> Result<Frame<'a>, Flaw> {
        let method = method.as_str().ok_or_else(|| Flaw::Method { offset: self.offset(method) })?;
        if let (Some(value), None) = (self.params, &params) {
            return Err(Flaw::Params { offset: self.offset(value), found: value.kind() });
        }
        match self.id {
            None => Ok(Frame::Notification(Notification { method, params })),
            Some(id) => {
                let id = RequestId::read(id).ok_or_else(|| Flaw::Id { offset: self.offset(id) })?;
                Ok(Frame::Request(Request { id, method, params }))
            }
        }
    }

    fn answer(self, outcome: Outcome<'a>) -> Result<Frame<'a>, Flaw> {
        if let Some(params) = self.params {
            return Err(Flaw::Mixed { offset: self.offset(params) });
        }
        let id = match (self.id, outcome) {
            (Some(id), Outcome::Error(_)) if id.kind() == Kind::Null => None,
            (None, Outcome::Error(_)) => None,
            (None, Outcome::Result(_)) => return Err(Flaw::NoId),
            (Some(id), _) => Some(RequestId::read(id).ok_or_else(|| Flaw::Id { offset: self.offset(id) })?),
        };
        Ok(Frame::Response(Response { id, outcome }))
    }
}

impl FrameError {
    /// The JSON-RPC code that names the refusal: parse error or invalid request.
    pub fn code(&self) -> i32 {
        match self {
            Self::Json { error, .. } if error.is_syntax() => fault::PARSE_ERROR,
            Self::Json { .. } | Self::Shape { .. } => fault::INVALID_REQUEST,
        }
    }

    /// The raw id of the call, where it could be read for certain.
    pub fn id(&self) -> Option<Vec<u8>> {
        match self {
            Self::Json { id, .. } | Self::Shape { id, .. } => id.clone(),
        }
    }
}
