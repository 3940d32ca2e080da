//! The refusal of a call that a limit does not let pass.

use policy::Code;

use crate::{
    DecisionId, Record, Reply,
    limit::Exceeded,
    reply::{Data, error, json},
};

/// A call over a limit: 200 with what the limit is and when to come back, as other refusals by rules. What is no request
/// has no answer to put that into and gets 429. Where nothing can be counted, the gateway is at fault: 503.
pub(crate) fn limited(exceeded: &Exceeded, record: &Record, id: DecisionId, request: Option<&[u8]>) -> Reply {
    let mut data = Data::new(&id.to_string(), &exceeded.limit.label());
    data.text("limit", &exceeded.limit.words());
    data.json("retryAfterMs", &exceeded.retry_ms().to_string());
    let fault = error(exceeded.code().number(), exceeded.public(record), data.end());
    let status = match (exceeded.code(), request) {
        (Code::LimitUncounted, _) => 503,
        (_, Some(_)) => 200,
        (_, None) => 429,
    };
    let seconds = exceeded.retry_ms().div_ceil(1_000).max(1);
    json(status, &fault, request, Some(("retry-after", seconds.to_string())))
}
