//! The only file with host calls. What a host answers with an error is an error here and never a panic, as far as the
//! SDK lets it.

use std::time::{Duration, UNIX_EPOCH};

use engine::{Head, HeaderEdit, Question, Reply};
use node::rate_limit;
use policy::Property;
use proxy_wasm::{
    hostcalls,
    types::{BufferType, MapType, MetricType},
};

/// Unix time in milliseconds.
pub(crate) fn now_ms() -> u64 {
    now_us() / 1000
}

/// Unix time in microseconds.
pub(crate) fn now_us() -> u64 {
    let now = hostcalls::get_current_time().ok().and_then(|now| now.duration_since(UNIX_EPOCH).ok());
    now.and_then(|now| u64::try_from(now.as_micros()).ok()).unwrap_or_default()
}

/// Calls `on_tick` this often.
pub(crate) fn tick_every(period: Duration) {
    if hostcalls::set_tick_period(period).is_err() {
        log("the host has no timer: the filter cannot reach its control plane");
    }
}

pub(crate) fn log(message: &str) {
    // Nowhere else to report to.
    let _ = hostcalls::log(proxy_wasm::types::LogLevel::Warn, message);
}

/// A decision for the host's log, where no control plane takes it.
pub(crate) fn tell(line: &str) {
    // Nowhere else to tell it.
    let _ = hostcalls::log(proxy_wasm::types::LogLevel::Info, line);
}

/// What the host's access log may show of this exchange.
pub(crate) fn note(name: &str, value: &str) {
    // A host without such state logs without it.
    let _ = hostcalls::set_property(vec![name], Some(value.as_bytes()));
}

pub(crate) fn plugin_configuration() -> Vec<u8> {
    buffer(BufferType::PluginConfiguration, usize::MAX)
}

/// The request's head, with what the host answers to `asks`.
pub(crate) fn request_head(last: bool, asks: &[Property]) -> Head {
    let property = |path: &Vec<String>| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        hostcalls::get_property(path).ok().flatten()
    };
    let host = asks.iter().map(|ask| ask.iter().find_map(property)).collect();
    Head { host, ..head(MapType::HttpRequestHeaders, last) }
}

pub(crate) fn response_head(last: bool) -> Head {
    head(MapType::HttpResponseHeaders, last)
}

/// The head of the answer that is being reported to a question.
pub(crate) fn answer_head() -> Head {
    head(MapType::HttpCallResponseHeaders, true)
}

/// Asks another server; the number names the question in the answer's callback.
pub(crate) fn ask(question: &Question) -> Result<u32, HostRefused> {
    let headers = question.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let body = (!question.body.is_empty()).then_some(question.body.as_slice());
    let patience = Duration::from_millis(question.patience_ms);
    hostcalls::dispatch_http_call(&question.cluster, headers, body, Vec::new(), patience)
        .map_err(|_| HostRefused)
}

/// Lets a request go on that waited for answers.
pub(crate) fn resume_request() {
    if hostcalls::resume_http_request().is_err() {
        log("the host does not let a request go on");
        cut_request();
    }
}

fn head(map: MapType, last: bool) -> Head {
    Head { headers: hostcalls::get_map_bytes(map).unwrap_or_default(), last, ..Head::default() }
}

/// The request body so far; `None` where the host cannot show all of it.
pub(crate) fn request_body(size: usize) -> Option<Vec<u8>> {
    let body = buffer(BufferType::HttpRequestBody, size);
    (body.len() == size).then_some(body)
}

/// The piece of the answer that is being reported.
pub(crate) fn response_chunk(size: usize) -> Option<Vec<u8>> {
    let chunk = buffer(BufferType::HttpResponseBody, size);
    (chunk.len() == size).then_some(chunk)
}

fn buffer(kind: BufferType, size: usize) -> Vec<u8> {
    if size == 0 {
        return Vec::new();
    }
    hostcalls::get_buffer(kind, 0, size).ok().flatten().unwrap_or_default()
}

/// Puts `bytes` in place of the reported piece of the answer.
pub(crate) fn replace_response_chunk(size: usize, bytes: &[u8]) -> Result<(), HostRefused> {
    hostcalls::set_buffer(BufferType::HttpResponseBody, 0, size, bytes).map_err(|_| HostRefused)
}

/// Puts `bytes` in place of the whole request body.
pub(crate) fn replace_request_body(size: usize, bytes: &[u8]) -> Result<(), HostRefused> {
    hostcalls::set_buffer(BufferType::HttpRequestBody, 0, size, bytes).map_err(|_| HostRefused)
}

pub(crate) fn edit_request_head(edits: &[HeaderEdit]) -> Result<(), HostRefused> {
    edit(MapType::HttpRequestHeaders, edits)
}

pub(crate) fn edit_response_head(edits: &[HeaderEdit]) -> Result<(), HostRefused> {
    edit(MapType::HttpResponseHeaders, edits)
}

fn edit(map: MapType, edits: &[HeaderEdit]) -> Result<(), HostRefused> {
    edits.iter().try_for_each(|edit| {
        hostcalls::set_map_value(map, &edit.name, edit.value.as_deref()).map_err(|_| HostRefused)
    })
}

/// The host would not do what was asked; the caller refuses the exchange.
#[derive(Debug)]
pub(crate) struct HostRefused;

pub(crate) fn reply(reply: &Reply) {
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if hostcalls::send_http_response(u32::from(reply.status), headers, Some(&reply.body)).is_err() {
        log("the host did not send a refusal; the stream is reset");
        cut_request();
    }
}

pub(crate) fn cut_request() {
    // A stream that is already gone needs no reset.
    let _ = hostcalls::reset_http_request();
}

pub(crate) fn cut_response() {
    // As above.
    let _ = hostcalls::reset_http_response();
}

/// A value that all workers share, with what tells it from any other.
pub(crate) fn shared(key: &str) -> (Vec<u8>, Option<u32>) {
    let (value, version) = hostcalls::get_shared_data(key).unwrap_or_default();
    (value.unwrap_or_default(), version)
}

/// A version that no value has. With it a host sets what is not there, and refuses where something is: 0 would overwrite.
const UNBORN: u32 = u32::MAX;

/// Replaces a value that is still of this version; without one, a value that is still not there.
pub(crate) fn set_shared(key: &str, value: &[u8], version: Option<u32>) -> Result<(), HostRefused> {
    hostcalls::set_shared_data(key, Some(value), Some(version.unwrap_or(UNBORN))).map_err(|_| HostRefused)
}

/// Opens a gRPC stream; the token names it in later calls and callbacks.
pub(crate) fn open_stream(
    cluster: &str,
    service: &str,
    method: &str,
    token: &str,
) -> Result<u32, HostRefused> {
    let authorization = format!("Bearer {token}");
    let metadata = vec![("authorization", authorization.as_bytes())];
    hostcalls::open_grpc_stream(cluster, service, method, metadata).map_err(|_| HostRefused)
}

/// Asks a rate-limit service; the answer comes to the context that asks.
pub(crate) fn ask_limit(cluster: &str, token: Option<&str>, message: &[u8]) -> Result<u32, HostRefused> {
    let authorization = token.map(|token| format!("Bearer {token}"));
    let metadata = authorization.iter().map(|value| ("authorization", value.as_bytes())).collect();
    let (service, method, patience) = (rate_limit::SERVICE, rate_limit::METHOD, rate_limit::PATIENCE);
    hostcalls::dispatch_grpc_call(cluster, service, method, metadata, Some(message), patience)
        .map_err(|_| HostRefused)
}

pub(crate) fn send(stream: u32, message: &[u8]) -> Result<(), HostRefused> {
    hostcalls::send_grpc_stream_message(stream, Some(message), false).map_err(|_| HostRefused)
}

pub(crate) fn cancel(stream: u32) {
    // A stream that is already closed needs no cancel.
    let _ = hostcalls::cancel_grpc_stream(stream);
}

pub(crate) fn received(size: usize) -> Vec<u8> {
    buffer(BufferType::GrpcReceiveBuffer, size)
}

pub(crate) fn counter(name: &str) -> Option<u32> {
    hostcalls::define_metric(MetricType::Counter, name).ok()
}

pub(crate) fn gauge(name: &str) -> Option<u32> {
    hostcalls::define_metric(MetricType::Gauge, name).ok()
}

pub(crate) fn histogram(name: &str) -> Option<u32> {
    hostcalls::define_metric(MetricType::Histogram, name).ok()
}

// A metric that the host does not keep is not worth a request: both ignore it.

pub(crate) fn add(counter: Option<u32>, value: u64) {
    let _ =
        counter.map(|metric| hostcalls::increment_metric(metric, i64::try_from(value).unwrap_or(i64::MAX)));
}

/// Sets a gauge, or adds a reading to a histogram.
pub(crate) fn set(gauge: Option<u32>, value: u64) {
    let _ = gauge.map(|metric| hostcalls::record_metric(metric, value));
}

/// 128 random bits from the host; identifiers must differ between workers.
pub(crate) fn entropy() -> u128 {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        log("the host gives no randomness: identifiers of this worker start from its clock");
        return u128::from(now_ms());
    }
    u128::from_le_bytes(bytes)
}
