//! One HTTP exchange: which event may follow which, and what each leads to.
//!
//! The order is the host's: request head, request body, answer head, answer body. A revocation that arrives while an
//! exchange is under way counts at its next event: a body is judged under the policy in force when it is whole, and an
//! answer that still streams is cut.

mod permit;

use std::rc::Rc;

use self::permit::Waiting;
use crate::{
    DecisionId, Effect, Event, HeaderEdit, Limiter, Moment, Outcome, Record,
    limit::Held,
    reply::{self, Refusal, several::Unserved},
    request::{self, Admitted, Asking},
    response::Answer,
    screening::Course,
    standing::Standing,
};

/// One exchange, from its request's head to its answer's end.
#[derive(Debug)]
pub struct Exchange {
    id: DecisionId,
    state: State,
    /// What counts its limits.
    limiter: Option<Rc<Limiter>>,
    /// What it has running, until it ends.
    held: Held,
    keeps: Keeps,
}

/// What a host can keep until the request is judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Keeps {
    /// The body alone: its head has gone by then, and can be changed no more.
    Body,
    /// Head and body.
    Head,
}

/// The engine's answer to one event.
#[derive(Debug)]
pub struct Step {
    /// What the host must do.
    pub effect: Effect,
    /// The decision this event led to, if it led to one.
    pub record: Option<Record>,
    /// Messages of the answer that were withheld, one record each: a piece of a stream may hold several.
    pub withheld: Vec<Record>,
}

impl Step {
    pub(crate) const fn of(effect: Effect) -> Self {
        Self { effect, record: None, withheld: Vec::new() }
    }
}

#[derive(Debug)]
enum State {
    /// The head was admitted; the body is to come.
    Admitted(Box<Admitted>),
    /// The body is there; answers to questions of the gate are to come.
    Asking(Box<Asking>),
    /// Nothing has been reported yet.
    Fresh,
    /// Permitted: what the answer needs.
    Permitted(Box<(Standing, Answer)>),
    /// Refused, or none of our business: whatever follows passes.
    Settled,
    /// Permitted, if the rate-limit service lets it pass.
    Waiting(Box<Waiting>),
}

/// The question by which a client finds out which era a server speaks.
const DISCOVER: &str = "server/discover";

/// A refusal that no client takes for the word of a legacy server.
fn steadfast(step: Step, discovers: bool) -> Step {
    match step {
        Step { effect: Effect::Reply(reply), record: Some(record), withheld }
            if discovers && record.outcome == Outcome::Deny =>
        {
            let effect = Effect::Reply(reply::undiscovered(reply, &record));
            Step { effect, record: Some(record), withheld }
        }
        step => step,
    }
}

/// The effect of an answer's head, with one more edit.
fn with_edit(effect: Effect, edit: Option<HeaderEdit>) -> Effect {
    match (effect, edit) {
        (Effect::Pass, Some(edit)) => Effect::ResponseHead(vec![edit]),
        (Effect::ResponseHead(mut edits), Some(edit)) => {
            edits.push(edit);
            Effect::ResponseHead(edits)
        }
        (effect, _) => effect,
    }
}

impl Exchange {
    /// An exchange whose decision will have this id.
    #[must_use]
    pub const fn new(id: DecisionId) -> Self {
        Self { id, state: State::Fresh, limiter: None, held: Held::none(), keeps: Keeps::Head }
    }

    /// The same, on a host that can keep no more than this.
    #[must_use]
    pub fn on_host_that(self, keeps: Keeps) -> Self {
        Self { keeps, ..self }
    }

    /// The same with something that counts. Without it, what has a limit is refused.
    #[must_use]
    pub fn with_limiter(self, limiter: Rc<Limiter>) -> Self {
        Self { limiter: Some(limiter), ..self }
    }

    /// Whether the answer's head is looked at; where not, a host need not report it.
    #[must_use]
    pub fn reads_head(&self) -> bool {
        match &self.state {
            State::Permitted(held) => held.1.is_read() || held.0.seal.is_some() || held.0.kept.is_some(),
            State::Admitted(_) => self.keeps == Keeps::Body,
            State::Asking(_) | State::Fresh | State::Settled | State::Waiting(_) => false,
        }
    }

    /// Whether the answer's bytes are looked at; where not, a host may report its pieces as empty.
    #[must_use]
    pub const fn reads_answer(&self) -> bool {
        matches!(&self.state, State::Permitted(held) if held.1.is_read())
    }

    /// Takes one event and says what must be done.
    pub fn handle(&mut self, event: &Event<'_>, moment: &Moment) -> Step {
        match (std::mem::replace(&mut self.state, State::Settled), event) {
            (State::Fresh, Event::RequestHead(head)) => match request::admit(head, moment, self.id) {
                Ok(request::Head::Admitted(mut admitted)) => {
                    let effect = match self.keeps {
                        Keeps::Head => Effect::Hold,
                        Keeps::Body => match admitted.advance(moment, self.id) {
                            Ok(edits) => Effect::Advance(edits),
                            Err(step) => return *step,
                        },
                    };
                    self.state = State::Admitted(admitted);
                    Step::of(effect)
                }
                Ok(request::Head::Foreign) => Step::of(Effect::Pass),
                Ok(request::Head::Judged(judged)) => self.permit(*judged, moment),
                Err(step) => self.settle(steadfast(*step, head.one("mcp-method") == Some(DISCOVER))),
            },
            (State::Asking(asking), Event::Answer { number, head }) => {
                match asking.answer(*number, *head, moment, self.id) {
                    Ok(judged) => self.permit(*judged, moment),
                    Err(step) => self.settle(*step),
                }
            }
            (State::Admitted(admitted), Event::RequestGrew(size)) => {
                match admitted.grew(*size, moment, self.id) {
                    Ok(()) => {
                        self.state = State::Admitted(admitted);
                        Step::of(Effect::Hold)
                    }
                    Err(step) => *step,
                }
            }
            (State::Admitted(admitted), Event::RequestBody(bytes)) => {
                match request::judge(*admitted, bytes, moment, self.id) {
                    Ok(judged) => self.permit(judged, moment),
                    Err(step) => {
                        let discovers = step.record.as_ref().is_some_and(|record| record.method == DISCOVER);
                        self.settle(steadfast(*step, discovers))
                    }
                }
            }
            // An answer to a request that nobody has judged yet: its head went ahead.
            (State::Admitted(_), Event::ResponseHead(_)) if self.keeps == Keeps::Body => {
                Step::of(Effect::Cut)
            }
            (State::Waiting(waiting), Event::LimitAnswer(answer)) => self.hear(waiting, *answer, moment),
            // The request waits for its answers, whatever else arrives.
            (state @ (State::Asking(_) | State::Waiting(_)), event) if !matches!(event, Event::Closed) => {
                self.state = state;
                Step::of(Effect::Hold)
            }
            // No MCP client sends trailers, and a host reports no end of body before them.
            (State::Admitted(admitted), Event::RequestTrailers) => *admitted.trailers(moment, self.id),
            (
                State::Permitted(held),
                Event::ResponseHead(_)
                | Event::ResponseChunk { .. }
                | Event::ResponseTrailers
                | Event::Closed,
            ) => self.answer(held, event, moment),
            // A body piece of a request that was permitted with its head, and everything after a refusal.
            (state, _) => {
                self.state = state;
                Step::of(Effect::Pass)
            }
        }
    }

    /// The request is over, unless it waits for answers.
    fn settle(&mut self, mut step: Step) -> Step {
        if let Effect::Ask(ask) = &mut step.effect
            && let Some(asking) = ask.asking.take()
        {
            self.state = State::Asking(asking);
            if ask.questions.is_empty() {
                step.effect = Effect::Hold;
            }
        }
        step
    }

    fn answer(&mut self, mut held: Box<(Standing, Answer)>, event: &Event<'_>, moment: &Moment) -> Step {
        let (standing, answer) = &mut *held;
        if !standing.holds(moment) {
            let record = answer.report(moment.now_ms, Course::Over);
            return Step { record, ..Step::of(Effect::Cut) };
        }
        let effect = match event {
            Event::ResponseHead(head) => {
                let lost = standing.lost_session(head);
                let edit = match lost {
                    Some(asked) => Err((Refusal::Several(Unserved::SessionOver), Some(asked))),
                    None => standing.session_edit(head, moment, self.id).map_err(|refusal| (refusal, None)),
                };
                match edit {
                    Ok(edit) => with_edit(answer.head(head, self.id), edit),
                    Err((refusal, asked)) => {
                        *answer = Answer::Withheld;
                        Effect::Reply(refusal.reply(self.id, asked.as_deref()))
                    }
                }
            }
            Event::ResponseChunk { bytes, last } => answer.chunk(bytes, *last, standing, self.id),
            Event::ResponseTrailers => answer.trailers(),
            Event::Answer { .. }
            | Event::Closed
            | Event::LimitAnswer(_)
            | Event::RequestBody(_)
            | Event::RequestGrew(_)
            | Event::RequestHead(_)
            | Event::RequestTrailers => Effect::Pass,
        };
        let course = if matches!(event, Event::Closed) { Course::Over } else { Course::Going };
        let record = answer.report(moment.now_ms, course);
        let withheld = answer.take_withheld();
        let withheld = withheld.iter().map(|why| standing.withheld(why, moment, self.id)).collect();
        self.state = State::Permitted(held);
        Step { effect, record, withheld }
    }
}
