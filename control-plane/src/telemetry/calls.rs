//! Each call of the control plane as a span, and its time among the measurements. Of a stream, what is told is its beginning.

use std::{
    task::{Context, Poll},
    time::{Instant, SystemTime},
};

use futures::future::{BoxFuture, Either, FutureExt as _};
use opentelemetry::{
    KeyValue,
    trace::{Span as _, SpanBuilder, SpanKind, Status, Tracer as _},
};
use tonic::{
    Code,
    codegen::http::{HeaderMap, Request, Response},
};
use tower::{Layer, Service};

use super::{INSTRUMENTS, Instruments};

/// The services whose calls are told.
const SERVICES: &str = "/trigate.v1.";
/// What `trigate up` asks every second: measured, and no span of it.
const GLANCE: &str = "trigate.v1.AdminService/ListRevisions";
/// The name of what there is not: the caller's own words are not told.
const OTHER: &str = "_OTHER";

/// Tells of every call that comes through.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calls;

impl<S> Layer<S> for Calls {
    type Service = Told<S>;

    fn layer(&self, inner: S) -> Told<S> {
        Told { inner }
    }
}

/// A service whose calls are told.
#[derive(Clone, Debug)]
pub(crate) struct Told<S> {
    inner: S,
}

impl<S, I, O> Service<Request<I>> for Told<S>
where
    S: Service<Request<I>, Response = Response<O>>,
    S::Future: Send + 'static,
{
    type Response = Response<O>;
    type Error = S::Error;
    type Future = Either<S::Future, BoxFuture<'static, Result<Response<O>, S::Error>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<I>) -> Self::Future {
        let (instruments, method) = (INSTRUMENTS.get(), request.uri().path());
        let Some(instruments) = instruments.filter(|_| method.starts_with(SERVICES)) else {
            return Either::Left(self.inner.call(request));
        };
        let method = method.trim_start_matches('/').to_owned();
        let (at, began) = (SystemTime::now(), Instant::now());
        let answer = self.inner.call(request);
        let told = async move {
            let answer = answer.await;
            if let Ok(answer) = &answer {
                tell(instruments, method, code(answer.headers()), (at, began));
            }
            answer
        };
        Either::Right(told.boxed())
    }
}

/// The status, where the call failed at once; what it says later is in the trailers.
fn code(head: &HeaderMap) -> Code {
    head.get("grpc-status").map_or(Code::Ok, |status| Code::from_bytes(status.as_bytes()))
}

fn tell(instruments: &Instruments, method: String, code: Code, (at, began): (SystemTime, Instant)) {
    let method = if code == Code::Unimplemented { OTHER.to_owned() } else { method };
    let mut labels = vec![
        KeyValue::new("rpc.system.name", "grpc"),
        KeyValue::new("rpc.method", method.clone()),
        KeyValue::new("rpc.response.status_code", name(code)),
    ];
    if code != Code::Ok {
        labels.push(KeyValue::new("error.type", name(code)));
    }
    if code != Code::Ok || method != GLANCE {
        let span = SpanBuilder::from_name(method)
            .with_kind(SpanKind::Server)
            .with_start_time(at)
            .with_attributes(labels.iter().cloned());
        let mut span = instruments.tracer.build(span);
        if code != Code::Ok {
            span.set_status(Status::error(name(code)));
        }
        span.end();
    }
    instruments.calls.record(began.elapsed().as_secs_f64(), &labels);
}

/// The code as gRPC writes it.
const fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
