//! Carries out a call: one request on the connection that all calls of a server share.
//!
//! Metadata is the credential and the deadline, and nothing of the arguments. Who drops the call cancels it at the server.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use bytes::{Buf as _, BufMut as _, Bytes};
use http::HeaderMap;
use hyper_util::rt::TokioIo;
use policy::catalogue::pretty::visible;
use prost::Message as _;
use rmcp::model::CallToolResult;
use serde_json::{Map, Value};
use tonic::client::Grpc;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::metadata::MetadataMap;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use web::{Protocol, WebError};

use super::Method;
use super::answer::{self, Unreadable};
use super::arguments::{self, Unfit};
use crate::api::call::{AGENT, ANSWER, EXCERPT, PATIENCE, failure};

/// Longest request that is sent.
const REQUEST: usize = 4 << 20;

/// Why a call has no answer.
#[derive(Debug, thiserror::Error)]
pub(in crate::api) enum Broken {
    #[error("the arguments are no `{message}`: {source}")]
    Arguments {
        /// The message they were to be.
        message: String,
        source: Unfit,
    },
    #[error("the request would be longer than {REQUEST} bytes")]
    Long,
    #[error("the API's URL cannot be used: {0}")]
    Url(tonic::transport::Error),
    #[error("the API cannot be reached: {0}")]
    Web(String),
    #[error("the API did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    #[error("the API's answer is longer than {ANSWER} bytes")]
    LongAnswer,
    #[error("the API's answer cannot be told: {0}")]
    Answer(#[from] Unreadable),
}

/// The methods of a server, and the way there.
pub(in crate::api) struct Service {
    methods: HashMap<String, Method>,
    /// Opened by the first call.
    channel: Mutex<Option<Channel>>,
}

impl Service {
    pub(in crate::api) fn of(methods: HashMap<String, Method>) -> Self {
        Self { methods, channel: Mutex::new(None) }
    }

    /// A method by the name of its tool.
    pub(in crate::api) fn method(&self, tool: &str) -> Option<&Method> {
        self.methods.get(tool)
    }

    /// Calls a method of the server at a URL, with these headers.
    pub(in crate::api) async fn call(
        &self,
        (method, url): (&Method, &str),
        headers: HeaderMap,
        given: &Map<String, Value>,
    ) -> Result<CallToolResult, Broken> {
        let message = arguments::message(&method.input, given)
            .map_err(|source| Broken::Arguments { message: method.input.full_name().to_owned(), source })?;
        let bytes = Bytes::from(message.encode_to_vec());
        if bytes.len() > REQUEST {
            return Err(Broken::Long);
        }
        let mut request = Request::new(bytes);
        *request.metadata_mut() = MetadataMap::from_headers(headers);
        request.set_timeout(PATIENCE);
        let channel = self.channel(url)?;
        let answered = tokio::time::timeout(PATIENCE, exchange(channel, method, request)).await;
        let Ok(answered) = answered else {
            // Whoever is silent may be gone without a word: the next call does not wait on the same connection.
            self.forget();
            return Err(Broken::Silent);
        };
        match answered {
            Ok(bytes) => Ok(answer::result(&method.output, &bytes)?),
            Err(status) => told(&status),
        }
    }

    fn channel(&self, url: &str) -> Result<Channel, Broken> {
        let mut open = self.channel.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(channel) = &*open {
            return Ok(channel.clone());
        }
        let origin = Endpoint::from_shared(url.to_owned()).map_err(Broken::Url)?.uri().clone();
        // tonic must not encrypt what is encrypted already; requests still say the scheme that is meant.
        let endpoint = Endpoint::from_shared(url.replacen("https:", "http:", 1))
            .and_then(|endpoint| endpoint.user_agent(AGENT))
            .map_err(Broken::Url)?
            .origin(origin);
        let target = url.to_owned();
        let connect = tower::service_fn(move |_| {
            let target = target.clone();
            async move { web::connect(&target, Protocol::Http2).await.map(TokioIo::new) }
        });
        let channel = endpoint.connect_with_connector_lazy(connect);
        *open = Some(channel.clone());
        Ok(channel)
    }

    fn forget(&self) {
        *self.channel.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

async fn exchange(channel: Channel, method: &Method, request: Request<Bytes>) -> Result<Bytes, Status> {
    let mut client = Grpc::new(channel).max_decoding_message_size(ANSWER).max_encoding_message_size(REQUEST);
    client.ready().await.map_err(|error| Status::from_error(error.into()))?;
    let answer = client.unary(request, method.path.clone(), Whole).await?;
    Ok(answer.into_inner())
}

/// What a call without an answer is told as: what broke, or what the server said.
fn told(status: &Status) -> Result<CallToolResult, Broken> {
    let mut cause = status.source();
    let broke = cause.is_some();
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<WebError>() {
            return Err(Broken::Web(error.to_string()));
        }
        cause = error.source();
    }
    if broke {
        return Err(Broken::Web(excerpt(status.message())));
    }
    // tonic's own words: no server's status comes here with them.
    if status.code() == Code::OutOfRange
        && status.message().starts_with("Error, decoded message length too large")
    {
        return Err(Broken::LongAnswer);
    }
    let (name, meaning) = words(status.code());
    let said = excerpt(status.message());
    let said = if said.is_empty() { String::new() } else { format!("\n{said}") };
    Ok(failure(format!("gRPC {name}: {meaning}{said}")))
}

fn excerpt(text: &str) -> String {
    let part: String = text.chars().take(EXCERPT).collect();
    let cut = if part.len() < text.len() { " …" } else { "" };
    visible(&part) + cut
}

/// A status by its name, and what it means.
fn words(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::Ok => ("OK", "the API ended the call without an answer"),
        Code::Cancelled => ("CANCELLED", "the API cancelled the call"),
        Code::Unknown => ("UNKNOWN", "the API failed and does not say how"),
        Code::InvalidArgument => ("INVALID_ARGUMENT", "the API does not accept these arguments"),
        Code::DeadlineExceeded => ("DEADLINE_EXCEEDED", "the API did not finish in time; it may have acted"),
        Code::NotFound => ("NOT_FOUND", "there is no such thing"),
        Code::AlreadyExists => ("ALREADY_EXISTS", "it is there already"),
        Code::PermissionDenied => ("PERMISSION_DENIED", "the gateway's credential is not allowed this"),
        Code::ResourceExhausted => ("RESOURCE_EXHAUSTED", "a quota or a bound of the API is used up"),
        Code::FailedPrecondition => ("FAILED_PRECONDITION", "the API is not in the state this needs"),
        Code::Aborted => ("ABORTED", "the call collided with another; it may be repeated"),
        Code::OutOfRange => ("OUT_OF_RANGE", "the arguments reach beyond what there is"),
        Code::Unimplemented => ("UNIMPLEMENTED", "the API does not have this method"),
        Code::Internal => ("INTERNAL", "the API failed"),
        Code::Unavailable => ("UNAVAILABLE", "the API cannot answer now; try again later"),
        Code::DataLoss => ("DATA_LOSS", "the API lost data"),
        Code::Unauthenticated => ("UNAUTHENTICATED", "the API does not accept the gateway's credential"),
    }
}

/// Messages as the bytes they are.
struct Whole;

impl Codec for Whole {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Whole {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, item: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(item);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

impl Decoder for Whole {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        BufferSettings::default()
    }
}

#[cfg(test)]
mod tests;
