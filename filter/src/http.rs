//! One HTTP context: callback -> event, effect -> action.

use std::rc::Rc;

use engine::{Effect, Event, Exchange, Keeps, LimitAnswer, LimitQuestion, Question, Record};
use node::{Worker, rate_limit};
use proxy_wasm::{
    traits::{Context, HttpContext},
    types::Action,
};

use crate::{
    config::{ControlPlane, Mode},
    host,
};

/// Exchanges that begin in one millisecond of so many are measured: a reading of the clock costs a host call.
const MEASURED: u64 = 16;

/// The worker that an exchange runs on, and what its host is like.
#[derive(Clone)]
pub(crate) struct Surroundings {
    pub(crate) worker: Rc<Worker>,
    pub(crate) mode: Mode,
    pub(crate) access_log: bool,
    pub(crate) control_plane: Option<Rc<ControlPlane>>,
}

/// One exchange.
pub(crate) struct Http {
    worker: Rc<Worker>,
    access_log: bool,
    exchange: Exchange,
    /// Microseconds spent on it so far, where it is one of those that are measured.
    spent_us: Option<u64>,
    control_plane: Option<Rc<ControlPlane>>,
    /// What the host calls each question that is not answered yet, and its number.
    asked: Vec<(u32, usize)>,
    /// Size of the request's body, once it is whole.
    body: usize,
    #[cfg(feature = "faults")]
    fault: crate::faults::Fault,
}

impl Http {
    pub(crate) fn new(around: Surroundings) -> Self {
        let Surroundings { worker, mode, access_log, control_plane } = around;
        // Once per exchange; the tick keeps the reading fresh for a body that comes later.
        worker.look_at_clock(host::now_ms());
        let keeps = if mode == Mode::Compat { Keeps::Body } else { Keeps::Head };
        let exchange = worker.exchange().on_host_that(keeps);
        let spent_us = worker.now_ms().is_multiple_of(MEASURED).then_some(0);
        Self {
            worker,
            access_log,
            exchange,
            spent_us,
            control_plane,
            asked: Vec::new(),
            body: 0,
            #[cfg(feature = "faults")]
            fault: crate::faults::Fault::default(),
        }
    }

    /// Takes an event to the engine and does what it says, and measures that now and then.
    fn report(&mut self, event: &Event<'_>, size: usize) -> Action {
        let began = self.spent_us.map(|_| host::now_us());
        let action = self.act(event, size);
        if let (Some(began), Some(spent)) = (began, &mut self.spent_us) {
            *spent += host::now_us().saturating_sub(began);
        }
        action
    }

    /// Takes an event to the engine and does what it says; `size` is that of the reported body or piece of the answer.
    fn act(&mut self, event: &Event<'_>, size: usize) -> Action {
        #[cfg(feature = "faults")]
        self.fault.strike(event);
        let step = self.exchange.handle(event, &self.worker.moment());
        if let Some(record) = step.record.as_ref().filter(|_| self.access_log) {
            note(record);
        }
        step.record.into_iter().chain(step.withheld).for_each(|record| self.worker.keep(record));
        match step.effect {
            Effect::Advance(edits) => match host::edit_request_head(&edits) {
                Ok(()) => Action::Continue,
                Err(host::HostRefused) => {
                    host::cut_request();
                    Action::Pause
                }
            },
            Effect::Ask(ask) => self.ask(&ask.questions),
            Effect::Pass => Action::Continue,
            Effect::AskLimit(question) => self.ask_limit(&question),
            Effect::Hold => Action::Pause,
            Effect::Cut => {
                host::cut_response();
                Action::Pause
            }
            Effect::Reply(reply) => {
                host::reply(&reply);
                Action::Pause
            }
            Effect::Forward(forward) => match forwarded(&forward, size) {
                Ok(()) => Action::Continue,
                // A head that keeps the agent's credential must not go on.
                Err(host::HostRefused) => {
                    host::cut_request();
                    Action::Pause
                }
            },
            Effect::ResponseHead(edits) => cut_unless(host::edit_response_head(&edits)),
            Effect::Replace(bytes) => cut_unless(host::replace_response_chunk(size, &bytes)),
        }
    }
}

/// Tells a decision to the host, whose access log has it as `%FILTER_STATE(wasm.trigate.NAME:PLAIN)%`.
fn note(record: &Record) {
    let fields = node::fields(record);
    fields.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| host::note(name, value));
}

impl Http {
    /// Asks, and goes on once the last answer is there. A question that the host does not send has none.
    fn ask(&mut self, questions: &[Question]) -> Action {
        let asked: Vec<_> = questions.iter().map(host::ask).collect();
        let named = asked.iter().enumerate().filter_map(|(number, call)| Some((call.as_ref().ok()?, number)));
        self.asked = named.map(|(call, number)| (*call, number)).collect();
        let mut action = Action::Pause;
        for number in asked.iter().enumerate().filter(|(_, call)| call.is_err()).map(|(number, _)| number) {
            action = self.report(&Event::Answer { number, head: None }, self.body);
        }
        action
    }

    /// Asks the rate-limit service; the control plane alone gets the node's token.
    fn ask_limit(&mut self, question: &LimitQuestion) -> Action {
        let (cluster, token) = match (question.cluster.as_deref(), self.control_plane.as_deref()) {
            (Some(cluster), _) => (cluster, None),
            (None, Some(own)) => (own.cluster.as_str(), Some(own.token.as_str())),
            (None, None) => return self.hear_limit(LimitAnswer::Failed),
        };
        match host::ask_limit(cluster, token, &rate_limit::question(question)) {
            Ok(_) => Action::Pause,
            Err(host::HostRefused) => self.hear_limit(LimitAnswer::Failed),
        }
    }

    fn hear_limit(&mut self, answer: LimitAnswer) -> Action {
        self.report(&Event::LimitAnswer(answer), self.body)
    }
}

fn forwarded(forward: &engine::Forward, size: usize) -> Result<(), host::HostRefused> {
    host::edit_request_head(&forward.headers)?;
    forward.body.as_ref().map_or(Ok(()), |body| host::replace_request_body(size, body))
}

fn cut_unless(done: Result<(), host::HostRefused>) -> Action {
    match done {
        Ok(()) => Action::Continue,
        Err(host::HostRefused) => {
            host::cut_response();
            Action::Pause
        }
    }
}

impl Context for Http {
    fn on_http_call_response(&mut self, call: u32, headers: usize, _body: usize, _trailers: usize) {
        let Some(place) = self.asked.iter().position(|(asked, _)| *asked == call) else { return };
        let (_, number) = self.asked.swap_remove(place);
        self.worker.look_at_clock(host::now_ms());
        // The host reports no headers where there was no answer.
        let head = (headers > 0).then(host::answer_head);
        if self.report(&Event::Answer { number, head: head.as_ref() }, self.body) == Action::Continue {
            host::resume_request();
        }
    }

    fn on_grpc_call_response(&mut self, _call: u32, _status: u32, size: usize) {
        self.worker.look_at_clock(host::now_ms());
        // A call that failed has no message, and no message is no yes.
        if self.hear_limit(rate_limit::answer(&host::received(size))) == Action::Continue {
            host::resume_request();
        }
    }
}

impl HttpContext for Http {
    fn on_http_request_headers(&mut self, _count: usize, last: bool) -> Action {
        let revision = self.worker.revision();
        let trust = revision.as_ref().map(|revision| revision.rules().trust());
        let asks = trust.map(|trust| trust.host().asks()).unwrap_or_default();
        let head = host::request_head(last, asks);
        self.report(&Event::RequestHead(&head), 0)
    }

    fn on_http_request_body(&mut self, size: usize, last: bool) -> Action {
        // The host shows the whole body so far each time: copy it once, at the end.
        if !last {
            return self.report(&Event::RequestGrew(size), 0);
        }
        match host::request_body(size) {
            Some(body) => {
                self.body = size;
                self.report(&Event::RequestBody(&body), size)
            }
            None => {
                host::cut_request();
                Action::Pause
            }
        }
    }

    fn on_http_request_trailers(&mut self, _count: usize) -> Action {
        self.report(&Event::RequestTrailers, 0)
    }

    fn on_http_response_headers(&mut self, _count: usize, last: bool) -> Action {
        if !self.exchange.reads_head() {
            return Action::Continue;
        }
        let head = host::response_head(last);
        self.report(&Event::ResponseHead(&head), 0)
    }

    fn on_http_response_body(&mut self, size: usize, last: bool) -> Action {
        // A piece that nobody reads is reported all the same: the right to it may have gone meanwhile.
        let bytes = if self.exchange.reads_answer() { host::response_chunk(size) } else { Some(Vec::new()) };
        match bytes {
            Some(bytes) => self.report(&Event::ResponseChunk { bytes: &bytes, last }, size),
            None => {
                host::cut_response();
                Action::Pause
            }
        }
    }

    fn on_http_response_trailers(&mut self, _count: usize) -> Action {
        self.report(&Event::ResponseTrailers, 0)
    }

    fn on_log(&mut self) {
        if let Some(spent) = self.spent_us.filter(|spent| *spent > 0) {
            self.worker.tally.spent_us.borrow_mut().push(spent);
        }
        // Whatever ended the exchange: what was found so far is told.
        if self.exchange.reads_answer() {
            let step = self.exchange.handle(&Event::Closed, &self.worker.moment());
            step.record.into_iter().for_each(|record| self.worker.keep(record));
        }
    }
}
