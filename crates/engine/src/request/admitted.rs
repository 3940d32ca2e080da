//! A request whose head was admitted, while its body arrives.

use mcp::{Frame, Json};

use crate::{
    DecisionId, Moment, Record,
    record::clip,
    reply::Refusal,
    request::{Admitted, Refused, refuse},
};

impl Admitted {
    /// More of the body has arrived.
    pub(crate) fn grew(&self, size: usize, moment: &Moment, id: DecisionId) -> Result<(), Refused> {
        let max_body = self.standing.revision.rules().gateway().max_body;
        if size <= max_body {
            return Ok(());
        }
        let record = Record { time_ms: moment.now_ms, ..self.record.clone() };
        Err(refuse(record, &Refusal::TooLarge(max_body), id, None))
    }

    /// Takes from the frame what the record holds of it, whatever the decision will be.
    pub(super) fn read(&mut self, frame: &Frame<'_>) {
        let (method, params) = match frame {
            Frame::Request(request) => (request.method.as_ref(), request.params.as_ref()),
            Frame::Notification(notification) => (notification.method.as_ref(), notification.params.as_ref()),
            Frame::Response(_) => return,
        };
        self.record.method = clip(method);
        let Some(params) = params else { return };
        if let Some(arguments) = params.get("arguments").map(Json::bytes) {
            self.record.arguments(arguments, self.standing.revision.rules().audit().arguments);
        }
        if self.record.trace_id.is_empty() {
            self.trace(params);
        }
    }

    /// The body ends with trailers.
    pub(crate) fn trailers(self, moment: &Moment, id: DecisionId) -> Refused {
        let record = Record { time_ms: moment.now_ms, ..self.record };
        refuse(record, &Refusal::Trailers, id, None)
    }
}
