//! One exchange from Envoy's first message to its last: message -> event, effect -> answer.

use std::rc::Rc;

use engine::{Effect, Event, Exchange, Head, LimitAnswer};
use node::Worker;
use proto::envoy::config::core::v3::HeaderValue;
use proto::envoy::service::ext_proc::v3::{
    HttpBody, HttpHeaders, ProcessingRequest, ProcessingResponse, processing_request::Request,
};
use tonic::{Status, Streaming};

use crate::answer::{Place, answer};
use crate::answers::Speaker;
use crate::gate::now_ms;
use crate::head::{self, Surroundings};
use crate::mode::{self, Misconfigured};

/// Answers one stream of messages to its end.
pub(crate) async fn attend(worker: Rc<Worker>, mut requests: Streaming<ProcessingRequest>, speaker: Speaker) {
    worker.look_at_clock(now_ms());
    let mut course = Course::new(worker);
    while let Ok(Some(request)) = requests.message().await {
        match course.take(request) {
            Ok(answer) => {
                if speaker.answer(answer).await.is_err() {
                    break;
                }
            }
            Err(status) => {
                course.close();
                return speaker.fail(status).await;
            }
        }
    }
    course.close();
    speaker.over().await;
}

/// One exchange and the worker it runs on.
struct Course {
    worker: Rc<Worker>,
    exchange: Exchange,
    /// Nothing was sent yet.
    fresh: bool,
}

impl Course {
    fn new(worker: Rc<Worker>) -> Self {
        let exchange = worker.exchange();
        Self { worker, exchange, fresh: true }
    }

    /// Takes one message and gives the answer to it, or the error that ends the exchange.
    fn take(&mut self, message: ProcessingRequest) -> Result<ProcessingResponse, Status> {
        self.worker.look_at_clock(now_ms());
        if std::mem::take(&mut self.fresh) {
            self.begin(&message)?;
        }
        let around = Surroundings { attributes: message.attributes, metadata: message.metadata_context };
        match message.request.ok_or_else(|| Status::unimplemented("a message of no known kind"))? {
            Request::RequestHeaders(headers) => self.request_head(headers, &around),
            Request::RequestBody(body) => {
                let effect = self.request_body(&body);
                answer(Place::RequestBody, effect)
            }
            Request::RequestTrailers(_) => {
                let effect = self.report(&Event::RequestTrailers);
                answer(Place::RequestTrailers, effect)
            }
            Request::ResponseHeaders(headers) => self.response_head(headers),
            Request::ResponseBody(HttpBody { body, end_of_stream }) => {
                let bytes = if self.exchange.reads_answer() { body.as_slice() } else { &[] };
                let effect = self.report(&Event::ResponseChunk { bytes, last: end_of_stream });
                answer(Place::ResponseBody, effect)
            }
            Request::ResponseTrailers(_) => {
                let effect = self.report(&Event::ResponseTrailers);
                answer(Place::ResponseTrailers, effect)
            }
        }
    }

    fn begin(&self, first: &ProcessingRequest) -> Result<(), Status> {
        let headless = match &first.request {
            Some(Request::RequestHeaders(_)) => false,
            // Envoy itself refuses a request that never came to the filter.
            Some(Request::ResponseHeaders(headers)) => !is_error(headers),
            _ => true,
        };
        let checked = if headless { Err(Misconfigured::Headless) } else { mode::check(first) };
        checked.map_err(|wrong| {
            tracing::error!("the filter in Envoy is not configured as it has to be, nothing passes: {wrong}");
            Status::failed_precondition(wrong.to_string())
        })
    }

    fn request_head(
        &mut self,
        headers: HttpHeaders,
        around: &Surroundings,
    ) -> Result<ProcessingResponse, Status> {
        let revision = self.worker.revision();
        let asks = revision.as_ref().map(|revision| revision.rules().trust().host().asks());
        let head = head::request(headers, around, asks.unwrap_or_default());
        let effect = self.report(&Event::RequestHead(&head));
        // No endpoint of ours: the rest is not even looked at.
        let foreign = matches!(effect, Effect::Pass);
        let mut answer = answer(Place::RequestHead, effect)?;
        answer.mode_override = foreign.then(mode::none);
        Ok(answer)
    }

    fn request_body(&mut self, body: &HttpBody) -> Effect {
        // A whole body that does not end the request: trailers follow.
        if !body.end_of_stream {
            return self.report(&Event::RequestTrailers);
        }
        match self.report(&Event::RequestGrew(body.body.len())) {
            Effect::Hold | Effect::Pass => self.report(&Event::RequestBody(&body.body)),
            refused => refused,
        }
    }

    fn response_head(&mut self, headers: HttpHeaders) -> Result<ProcessingResponse, Status> {
        let head = head::head(headers);
        let effect =
            if self.exchange.reads_head() { self.report(&Event::ResponseHead(&head)) } else { Effect::Pass };
        let mut answer = answer(Place::ResponseHead, effect)?;
        // The pieces of a stream are reported even where nobody reads them: the right to it may go while it lasts.
        let unread = !self.exchange.reads_answer() && !is_stream(&head);
        answer.mode_override = unread.then(mode::unread);
        Ok(answer)
    }

    /// Takes an event to the engine and keeps what was decided.
    fn report(&mut self, event: &Event<'_>) -> Effect {
        let mut step = self.exchange.handle(event, &self.worker.moment());
        // Nobody is asked from here: what the document says of an outage counts.
        if matches!(step.effect, Effect::AskLimit(_)) {
            let failed = Event::LimitAnswer(LimitAnswer::Failed);
            step = self.exchange.handle(&failed, &self.worker.moment());
        }
        step.record.into_iter().chain(step.withheld).for_each(|record| self.worker.keep(record));
        match step.effect {
            Effect::Ask(ask) => self.unanswered(ask.questions.len()),
            effect => effect,
        }
    }

    /// Envoy asks nobody on behalf of such a service: no question has an answer.
    fn unanswered(&mut self, questions: usize) -> Effect {
        let answers = (0..questions).map(|number| self.report(&Event::Answer { number, head: None }));
        answers.last().unwrap_or(Effect::Hold)
    }

    /// Whatever ended the exchange: what was found so far is told.
    fn close(&mut self) {
        if self.exchange.reads_answer() {
            self.report(&Event::Closed);
        }
    }
}

fn is_error(headers: &HttpHeaders) -> bool {
    let headers = headers.headers.as_ref().map(|map| map.headers.as_slice()).unwrap_or_default();
    let status = headers.iter().find(|header| header.key == ":status");
    status.is_some_and(|HeaderValue { value, raw_value, .. }| {
        [value.as_bytes(), raw_value].iter().any(|status| matches!(status.first(), Some(b'4' | b'5')))
    })
}

fn is_stream(head: &Head) -> bool {
    head.one("content-type").is_some_and(|media| {
        let media = media.split(';').next().unwrap_or_default().trim();
        media.eq_ignore_ascii_case("text/event-stream")
    })
}
