//! One exchange from Envoy's first message to its last: message -> event, effect -> answer.

use std::rc::Rc;

use engine::{Effect, Event, Exchange, Head};
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
use crate::link::Way;
use crate::mode::{self, Misconfigured};

/// Answers one stream of messages to its end.
pub(crate) async fn attend(
    (worker, way): (Rc<Worker>, Way),
    mut requests: Streaming<ProcessingRequest>,
    speaker: Speaker,
) {
    worker.look_at_clock(now_ms());
    let mut course = Course::new(worker, way);
    while let Ok(Some(request)) = requests.message().await {
        match course.take(request).await {
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
    /// To the control plane, which counts the limits that several gateways share.
    way: Way,
    exchange: Exchange,
    /// Nothing was sent yet.
    fresh: bool,
}

impl Course {
    fn new(worker: Rc<Worker>, way: Way) -> Self {
        let exchange = worker.exchange();
        Self { worker, way, exchange, fresh: true }
    }

    /// Takes one message and gives the answer to it, or the error that ends the exchange.
    async fn take(&mut self, message: ProcessingRequest) -> Result<ProcessingResponse, Status> {
        self.worker.look_at_clock(now_ms());
        if std::mem::take(&mut self.fresh) {
            self.begin(&message)?;
        }
        let around = Surroundings { attributes: message.attributes, metadata: message.metadata_context };
        match message.request.ok_or_else(|| Status::unimplemented("a message of no known kind"))? {
            Request::RequestHeaders(headers) => self.request_head(headers, &around).await,
            Request::RequestBody(body) => {
                let effect = self.request_body(&body).await;
                answer(Place::RequestBody, effect)
            }
            Request::RequestTrailers(_) => {
                let effect = self.handle(&Event::RequestTrailers);
                answer(Place::RequestTrailers, effect)
            }
            Request::ResponseHeaders(headers) => self.response_head(headers),
            Request::ResponseBody(HttpBody { body, end_of_stream }) => {
                let bytes = if self.exchange.reads_answer() { body.as_slice() } else { &[] };
                let effect = self.handle(&Event::ResponseChunk { bytes, last: end_of_stream });
                answer(Place::ResponseBody, effect)
            }
            Request::ResponseTrailers(_) => {
                let effect = self.handle(&Event::ResponseTrailers);
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

    async fn request_head(
        &mut self,
        headers: HttpHeaders,
        around: &Surroundings,
    ) -> Result<ProcessingResponse, Status> {
        let revision = self.worker.revision();
        let asks = revision.as_ref().map(|revision| revision.rules().trust().host().asks());
        let head = head::request(headers, around, asks.unwrap_or_default());
        let effect = self.report(&Event::RequestHead(&head)).await;
        // No endpoint of ours: the rest is not even looked at.
        let foreign = matches!(effect, Effect::Pass);
        let mut answer = answer(Place::RequestHead, effect)?;
        answer.mode_override = foreign.then(mode::none);
        Ok(answer)
    }

    async fn request_body(&mut self, body: &HttpBody) -> Effect {
        // A whole body that does not end the request: trailers follow.
        if !body.end_of_stream {
            return self.handle(&Event::RequestTrailers);
        }
        match self.handle(&Event::RequestGrew(body.body.len())) {
            Effect::Hold | Effect::Pass => self.report(&Event::RequestBody(&body.body)).await,
            refused => refused,
        }
    }

    fn response_head(&mut self, headers: HttpHeaders) -> Result<ProcessingResponse, Status> {
        let head = head::head(headers);
        let effect =
            if self.exchange.reads_head() { self.handle(&Event::ResponseHead(&head)) } else { Effect::Pass };
        let mut answer = answer(Place::ResponseHead, effect)?;
        // The pieces of a stream are reported even where nobody reads them: the right to it may go while it lasts.
        let unread = !self.exchange.reads_answer() && !is_stream(&head);
        answer.mode_override = unread.then(mode::unread);
        Ok(answer)
    }

    /// Takes an event of the request to the engine, and asks whom the engine wants to be asked.
    async fn report(&mut self, event: &Event<'_>) -> Effect {
        let mut effect = self.handle(event);
        loop {
            effect = match effect {
                Effect::Ask(ask) => self.unanswered(ask.questions.len()),
                Effect::AskLimit(question) => {
                    let answer = self.way.ask_limit(&question).await;
                    self.worker.look_at_clock(now_ms());
                    self.handle(&Event::LimitAnswer(answer))
                }
                effect => return effect,
            }
        }
    }

    /// Envoy asks nobody on behalf of such a service: no question to a server has an answer.
    fn unanswered(&mut self, questions: usize) -> Effect {
        let answers = (0..questions).map(|number| self.handle(&Event::Answer { number, head: None }));
        answers.last().unwrap_or(Effect::Hold)
    }

    /// Takes an event to the engine and keeps what was decided.
    fn handle(&mut self, event: &Event<'_>) -> Effect {
        let step = self.exchange.handle(event, &self.worker.moment());
        step.record.into_iter().chain(step.withheld).for_each(|record| self.worker.keep(record));
        step.effect
    }

    /// Whatever ended the exchange: what was found so far is told.
    fn close(&mut self) {
        if self.exchange.reads_answer() {
            self.handle(&Event::Closed);
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
