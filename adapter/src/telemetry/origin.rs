//! Where a call comes from: the spans that it continues, by the W3C's trace context.

use http::HeaderMap;
use mcp::Object;
use mcp::revision::{LEGACY, MODERN};
use opentelemetry::trace::{Link, SpanContext, TraceContextExt as _, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags, TraceId};

/// The span that a call continues, and the one it came through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// Of the request's header: what carried the message here, such as the gateway.
    carrier: Option<SpanContext>,
    /// Of `params._meta`: what sent the message.
    sender: Option<SpanContext>,
    /// The revision of MCP, as the message names it.
    protocol: Option<&'static str>,
}

impl Origin {
    /// As the headers of a request say. Nothing is read while nobody is told.
    pub(crate) fn of_headers(headers: &HeaderMap) -> Self {
        if !super::is_on() {
            return Self::default();
        }
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self {
            carrier: text("traceparent").and_then(parse),
            sender: None,
            protocol: text("mcp-protocol-version").and_then(known),
        }
    }

    /// With what the parameters of the message say.
    pub(crate) fn read(&mut self, params: Option<&Object<'_>>) {
        if !super::is_on() {
            return;
        }
        let meta = params.and_then(|params| params.get("_meta"));
        self.sender = meta.and_then(|meta| meta.member("traceparent")?.as_str().as_deref().and_then(parse));
    }

    /// The revision of MCP.
    pub(super) fn protocol(&self) -> Option<&'static str> {
        self.protocol
    }

    /// What a span of the call has for its parent.
    ///
    /// That is the sender's, as the conventions want it, unless the carrier goes on with the sender's trace: then it is the
    /// carrier's, which stands between them.
    pub(super) fn parent(&self) -> Context {
        let parent = match (&self.carrier, &self.sender) {
            (Some(carrier), Some(sender)) if carrier.trace_id() != sender.trace_id() => Some(sender),
            (carrier, sender) => carrier.as_ref().or(sender.as_ref()),
        };
        parent.map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent.clone()))
    }

    /// The carrier, where it is of another trace.
    pub(super) fn links(&self) -> Vec<Link> {
        match (&self.carrier, &self.sender) {
            (Some(carrier), Some(sender)) if carrier.trace_id() != sender.trace_id() => {
                vec![Link::with_context(carrier.clone())]
            }
            _ => Vec::new(),
        }
    }
}

/// The context that a `traceparent` stands for.
fn parse(text: &str) -> Option<SpanContext> {
    let mut parts = text.split('-');
    let (version, trace, span, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let is_hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    };
    let is_whole = version != "00" || parts.next().is_none();
    if !is_hex(version, 2)
        || version == "ff"
        || !is_whole
        || !is_hex(trace, 32)
        || !is_hex(span, 16)
        || !is_hex(flags, 2)
    {
        return None;
    }
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (trace, span) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(span).ok()?);
    // What else the caller keeps in `tracestate` is not carried: it would leave this process as the caller wrote it.
    Some(SpanContext::new(trace, span, flags, true, TraceState::default())).filter(SpanContext::is_valid)
}

/// The revision, where it is one.
fn known(version: &str) -> Option<&'static str> {
    LEGACY.iter().copied().chain([MODERN]).find(|known| *known == version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const OTHER: &str = "11111111111111111111111111111111";

    fn of(trace: &str, span: &str) -> Option<SpanContext> {
        parse(&format!("00-{trace}-{span}-01"))
    }

    #[track_caller]
    fn check(carrier: Option<SpanContext>, sender: Option<SpanContext>, parent: &str, links: usize) {
        let origin = Origin { carrier, sender, protocol: None };
        assert_eq!(origin.parent().span().span_context().span_id().to_string(), parent);
        assert_eq!(origin.links().len(), links);
    }

    #[test]
    fn a_traceparent_is_taken_to_the_letter() {
        let taken = of(TRACE, "b7ad6b7169203331").unwrap();
        assert_eq!(taken.trace_id().to_string(), TRACE);
        assert!(taken.is_sampled() && taken.is_remote());
        assert!(!parse(&format!("00-{TRACE}-b7ad6b7169203331-00")).unwrap().is_sampled());
        for wrong in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
            "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_carrier_of_the_same_trace_stands_between() {
        check(of(TRACE, "00000000000000c1"), of(TRACE, "00000000000000a1"), "00000000000000c1", 0);
        check(of(TRACE, "00000000000000c1"), None, "00000000000000c1", 0);
    }

    #[test]
    fn a_sender_of_another_trace_is_the_parent_and_the_carrier_is_linked() {
        check(of(OTHER, "00000000000000c1"), of(TRACE, "00000000000000a1"), "00000000000000a1", 1);
        check(None, of(TRACE, "00000000000000a1"), "00000000000000a1", 0);
    }

    #[test]
    fn only_revisions_that_there_are_get_told() {
        assert_eq!(known("2025-11-25"), Some("2025-11-25"));
        assert_eq!(known("a secret"), None);
    }
}
