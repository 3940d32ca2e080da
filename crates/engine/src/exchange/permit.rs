//! What becomes of a permitted request: it is counted, waits for the rate-limit service where a limit is shared, and goes on.

use super::{DISCOVER, Exchange, Keeps, State, steadfast};
use crate::{
    Effect, Forward, Moment, Step,
    limit::{Charge, Exceeded, Held, LimitAnswer},
    reply,
    request::{self, Judged},
    response::Answer,
};

/// A request that waits for the rate-limit service, and what it is counted as.
#[derive(Debug)]
pub(super) struct Waiting {
    judged: Judged,
    charge: Charge,
}

impl Exchange {
    /// Counts a permitted request, and asks the rate-limit service where a limit needs it.
    pub(super) fn permit(&mut self, mut judged: Judged, moment: &Moment) -> Step {
        let Some(charge) = judged.charge.take() else { return self.forward(judged) };
        match charge.count(self.limiter.as_ref(), moment) {
            Ok(held) => self.held = held,
            Err(exceeded) => return self.limited(judged, &charge, &exceeded),
        }
        let Some(question) = charge.question() else { return self.forward(judged) };
        let waiting = Box::new(Waiting { judged, charge: *charge });
        // A head that cannot be kept cannot wait for an answer.
        if self.keeps == Keeps::Body {
            return self.hear(waiting, LimitAnswer::Failed, moment);
        }
        self.state = State::Waiting(waiting);
        Step::of(Effect::AskLimit(question))
    }

    /// What the rate-limit service says, or does not.
    pub(super) fn hear(&mut self, waiting: Box<Waiting>, answer: LimitAnswer, moment: &Moment) -> Step {
        let Waiting { mut judged, charge } = *waiting;
        let refusal = match charge.hear(answer) {
            Ok(()) => match request::recheck(&mut judged, moment, self.id, charge.request.as_deref()) {
                Ok(()) => return self.forward(judged),
                Err(step) => *step,
            },
            Err(exceeded) => self.limited(judged, &charge, &exceeded),
        };
        charge.give_back(self.limiter.as_ref());
        self.held = Held::none();
        refusal
    }

    fn limited(&self, judged: Judged, charge: &Charge, exceeded: &Exceeded) -> Step {
        let mut record = judged.record;
        let reply = reply::limited(exceeded, &record, self.id, charge.request.as_deref());
        let reason = exceeded.public(&record);
        record.refuse(&exceeded.limit.label(), &reason, exceeded.code().number());
        let discovers = record.method == DISCOVER;
        steadfast(Step { record: Some(record), ..Step::of(Effect::Reply(reply)) }, discovers)
    }

    /// Lets it go on, or answers it where the gate does that itself.
    fn forward(&mut self, judged: Judged) -> Step {
        let Judged {
            mut standing,
            permit,
            headers,
            body,
            inspection,
            seal,
            changes,
            charge: _,
            reply,
            record,
        } = judged;
        if let Some(reply) = reply {
            return Step { record: Some(record), ..Step::of(Effect::Reply(reply)) };
        }
        standing.seal = seal;
        let answer = changes.map_or_else(|| Answer::new(inspection), Answer::Changes);
        self.state = State::Permitted(Box::new((standing, answer)));
        let forward = Forward { permit, headers, body };
        Step { record: Some(record), ..Step::of(Effect::Forward(forward)) }
    }
}
