//! One call as a span of its own, and its time among the measurements.

use std::time::Instant;

use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue};

use super::Instruments;
use crate::failure::Failure;
use crate::session::{Recorded, Session};

/// A call under way. One that is dropped before its end was cancelled.
pub(crate) struct Call {
    instruments: &'static Instruments,
    context: Context,
    /// What both the span and the measurement have.
    labels: Vec<KeyValue>,
    began: Instant,
    open: bool,
}

impl Call {
    /// A call of a tool that there is; none while nobody is told.
    pub(crate) fn of_tool(session: &Session, tool: &str) -> Option<Self> {
        Self::begin(session, Some(tool))
    }

    /// A call that names no tool, or none that there is: what the caller wrote is not told.
    pub(crate) fn of_method(session: &Session) -> Option<Self> {
        Self::begin(session, None)
    }

    fn begin(session: &Session, tool: Option<&str>) -> Option<Self> {
        let instruments = Instruments::of_this_process()?;
        let caller = &session.caller;
        let is_mcp = session.method.contains('/');
        let transport = if caller.endpoint == "stdio" { "pipe" } else { "tcp" };
        let mut labels = vec![KeyValue::new("network.transport", transport)];
        // REST has an HTTP method where MCP has its own.
        let method = if is_mcp { "mcp.method.name" } else { "http.request.method" };
        labels.push(KeyValue::new(method, session.method.clone()));
        labels.extend(caller.origin.protocol().map(|version| KeyValue::new("mcp.protocol.version", version)));
        let mut name = if is_mcp { session.method.clone() } else { "execute_tool".to_owned() };
        if let Some(tool) = tool {
            name = format!("{name} {tool}");
            labels.push(KeyValue::new("gen_ai.operation.name", "execute_tool"));
            labels.push(KeyValue::new("gen_ai.tool.name", tool.to_owned()));
        }
        let decision = [KeyValue::new("trigate.decision.id", caller.decision_id.clone())];
        let span = SpanBuilder::from_name(name)
            .with_kind(SpanKind::Server)
            .with_attributes(labels.iter().cloned().chain(decision))
            .with_links(caller.origin.links());
        let parent = caller.origin.parent();
        let span = instruments.tracer.build_with_context(span, &parent);
        Some(Self { instruments, context: parent.with_span(span), labels, began: Instant::now(), open: true })
    }

    /// What is done for the call is done in this context.
    pub(crate) fn context(&self) -> Context {
        self.context.clone()
    }

    /// The call has come to its end.
    pub(crate) fn end(mut self, recorded: &Recorded<'_>, failure: Option<&Failure>) {
        self.close(recorded, failure);
    }

    fn close(&mut self, recorded: &Recorded<'_>, failure: Option<&Failure>) {
        self.open = false;
        let result = match failure {
            None => "allowed",
            Some(failure) if failure.is_refusal() => "denied",
            Some(_) => "failed",
        };
        let span = self.context.span();
        self.labels.push(KeyValue::new("trigate.decision.result", result));
        if let Some(failure) = failure {
            let (kind, code) =
                error(failure, self.labels.iter().any(|label| label.key.as_str() == "mcp.method.name"));
            self.labels.push(KeyValue::new("error.type", kind));
            span.set_attributes(code.map(|code| KeyValue::new("rpc.response.status_code", code)));
            span.set_attribute(KeyValue::new("error.type", kind));
            span.set_attribute(KeyValue::new("trigate.failure", failure.word()));
            // The failure's own words may repeat what the caller sent.
            span.set_status(Status::error(failure.word()));
        }
        span.set_attribute(KeyValue::new("trigate.decision.result", result));
        if !recorded.database.is_empty() {
            span.set_attribute(KeyValue::new("trigate.server", recorded.database.to_owned()));
        }
        let rule = failure.and_then(Failure::rule).unwrap_or(&recorded.rule);
        if !rule.is_empty() {
            span.set_attribute(KeyValue::new("trigate.decision.rule", rule.to_owned()));
        }
        span.end();
        self.instruments.operations.record(self.began.elapsed().as_secs_f64(), &self.labels);
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if self.open {
            self.close(&Recorded::default(), Some(&Failure::Cancelled));
        }
    }
}

/// The class of a failure, and the code of the JSON-RPC error that it becomes, if it becomes one.
fn error(failure: &Failure, is_mcp: bool) -> (&'static str, Option<&'static str>) {
    match failure {
        Failure::UnknownTool { .. } if is_mcp => ("-32602", Some("-32602")),
        Failure::Cancelled => ("cancelled", None),
        _ if is_mcp => ("tool_error", None),
        failure => (failure.word(), None),
    }
}
