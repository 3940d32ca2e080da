//! The trace that a request belongs to, where its message names it and its head does not.

use mcp::Object;

use crate::{
    HeaderEdit,
    record::{TRACE, is_traceparent, trace_id},
    request::Admitted,
};

impl Admitted {
    /// Takes the trace from the message, where the head named none.
    pub(super) fn trace(&mut self, params: &Object<'_>) {
        let traceparent = params.get("_meta").and_then(|meta| meta.member("traceparent")?.as_str());
        let Some(traceparent) = traceparent else { return };
        self.record.trace_id = trace_id(&traceparent).unwrap_or_default();
        if !self.record.trace_id.is_empty() && is_traceparent(&traceparent) {
            // Where only the message has it, the server gets it as everything behind the gateway reads it.
            self.strip.push(HeaderEdit::set(TRACE, traceparent.as_ref()));
        }
    }
}
