//! What is done to every message of one answer, in the order of its steps.
//!
//! An [`Inspection`] is made when a request is permitted and holds the steps that this exchange needs; without any, the
//! answer streams by unread. A step sees one JSON-RPC message at a time, in the form the steps before it left, and says
//! whether it goes on, in which form, or why not. Cutting the answer into messages is `response.rs`.

mod lists;

use mcp::{Frame, Limits};
use policy::{Code, Operation, Screen};

use crate::{
    DecisionId, Record,
    asks::Asks,
    many::answer::Translation,
    pin::Findings,
    reply,
    screening::{Course, Screening},
    standing::Standing,
    tasks::{self, Tasks},
};

/// Bounds of one message of which nothing is cut out.
const WHOLE: Limits = Limits { bytes: 32 * 1024 * 1024, depth: 128, members: 4_000_000 };
/// Bounds of one list: far above any real one, far below what would hurt a worker.
const LIMITS: Limits = Limits { bytes: 4 * 1024 * 1024, depth: 128, members: 500_000 };

/// The steps for the messages of one answer, and what they have to know of the request.
#[derive(Debug)]
pub(crate) struct Inspection {
    server: String,
    /// The request's id, for an error in place of its answer; none for what has no answer.
    id: Option<Vec<u8>>,
    form: Form,
    steps: Vec<Step>,
    /// What the role may receive, where the policy says something about it. It comes after the steps: what they take out
    /// need not be looked at.
    screening: Option<Box<Screening>>,
    /// Ids of tasks are sealed at the very end, for nobody is to take a seal for a secret.
    tasks: Tasks,
    limits: Limits,
    /// What was withheld, where no screening keeps account of it, until the audit has it.
    withheld: Vec<Withheld>,
    /// Where the server's tools are pinned: what its lists have shown.
    findings: Option<Findings>,
}

/// What kind of answer the request asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// The answer to one message.
    Answer,
    /// A legacy stream of server messages, or the server's word that it has none.
    Stream,
}

/// One thing that is done to a message. The order of the variants is the order in which they are done.
#[derive(Debug)]
enum Step {
    /// What asks the client for what it may not be asked, or is nothing that MCP defines, does not go on.
    Asks(Asks),
    /// Lists lose what the caller may not use.
    Lists,
    /// What a server of another era says is put into the client's.
    Translation(Translation),
}

/// What an answer's steps have to know of its request.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) asks: Asks,
    pub(crate) tasks: Tasks,
    pub(crate) screen: Option<Screen>,
}

/// What one message leads to.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It goes on in this form.
    Edited(Vec<u8>),
    /// It goes on as it is.
    Keep,
    /// It does not go on.
    Withheld(Withheld),
}

/// What stands where a message was withheld.
#[derive(Debug)]
pub(crate) enum Place {
    /// This error.
    Error(Vec<u8>),
    /// This error, with which the answer ends.
    Last(Vec<u8>),
    /// Nothing: the message answered nothing, so nobody waits for it.
    Nothing,
}

/// Why a message does not go on: the code and the words of the error that takes the place of an answer.
#[derive(Clone, Debug)]
pub(crate) struct Withheld {
    pub(crate) code: Code,
    pub(crate) reason: String,
}

impl Withheld {
    /// The message could not be judged.
    pub(crate) fn unjudged(reason: impl ToString) -> Self {
        Self { code: Code::AnswerWithheld, reason: reason.to_string() }
    }
}

impl Inspection {
    /// What a permitted operation's answer needs; nothing for most.
    pub(crate) fn of(
        operation: &Operation<'_>,
        facts: Facts,
        id: Option<&[u8]>,
        record: &Record,
    ) -> Option<Self> {
        let Facts { asks, tasks, screen } = facts;
        let screen = screen.as_ref();
        let screening = screen.map(|screen| Box::new(Screening::of(screen, operation, record)));
        let (mut steps, mut limits) = (Vec::new(), WHOLE);
        // What has no answer asks nothing: a notification, an answer, the end of a session.
        if id.is_some() || *operation == Operation::OpenStream {
            steps.push(Step::Asks(asks));
        }
        let form = if *operation == Operation::OpenStream { Form::Stream } else { Form::Answer };
        // A legacy stream may replay the events of an earlier list (`Last-Event-ID`).
        if matches!(operation, Operation::List(_) | Operation::OpenStream) {
            steps.push(Step::Lists);
            limits = LIMITS;
        }
        if steps.is_empty() && screening.is_none() {
            return None;
        }
        let id = id.map(<[u8]>::to_vec);
        Some(Self {
            server: record.server.clone(),
            id,
            form,
            steps,
            screening,
            tasks,
            limits,
            withheld: Vec::new(),
            findings: None,
        })
    }

    /// The same, for a server whose tools are pinned. Clients take an answer by its id, whichever stream it comes on: a
    /// list may hide in any.
    pub(crate) fn with_findings(mut self, findings: Findings) -> Self {
        if !self.steps.iter().any(|step| matches!(step, Step::Lists)) {
            self.steps.push(Step::Lists);
        }
        Self { findings: Some(findings), ..self }
    }

    /// The same, for a server that speaks another era than its client.
    pub(crate) fn translated(mut self, translation: Option<Translation>) -> Self {
        self.steps.extend(translation.map(Step::Translation));
        self
    }

    /// Whether even an answer that is no message is looked at: a page of a proxy can hold anything.
    pub(crate) const fn is_strict(&self) -> bool {
        self.screening.is_some()
    }

    /// Whether the client waits for an answer to read.
    pub(crate) const fn is_awaited(&self) -> bool {
        self.id.is_some()
    }

    pub(crate) const fn form(&self) -> Form {
        self.form
    }

    /// Most bytes of one message.
    pub(crate) fn longest(&self) -> usize {
        self.screening.as_ref().and_then(|screening| screening.longest()).unwrap_or(self.limits.bytes)
    }

    /// Why a message that is longer does not go on.
    pub(crate) fn too_long(&self) -> Withheld {
        let longest = self.longest();
        let limited = self.screening.as_ref().and_then(|screening| screening.longest());
        let code = if limited.is_some() { Code::ResultTooLong } else { Code::AnswerWithheld };
        Withheld { code, reason: format!("it is longer than the {longest} bytes that are let through") }
    }

    /// Takes one message through the steps.
    pub(crate) fn message(&mut self, document: &[u8], standing: &Standing) -> Verdict {
        let mut edited = None;
        for step in &self.steps {
            let current = edited.as_deref().unwrap_or(document);
            let verdict = match step {
                Step::Asks(asks) => asks.message(current, &self.server, &self.limits, standing),
                Step::Translation(translation) => translation.message(current, &self.limits),
                Step::Lists => {
                    lists::message(current, (&self.server, &self.limits), &mut self.findings, standing)
                }
            };
            match verdict {
                Verdict::Keep => {}
                Verdict::Edited(bytes) => edited = Some(bytes),
                Verdict::Withheld(_) => return verdict,
            }
        }
        let limits = Limits { bytes: self.longest(), ..self.limits };
        let asked = self.id.as_deref();
        let screened = self.screening.as_mut().map_or(Verdict::Keep, |screening| {
            let rules = standing.revision.rules();
            screening.message(edited.as_deref().unwrap_or(document), &limits, asked, rules)
        });
        let edited = match screened {
            Verdict::Keep => edited,
            Verdict::Edited(bytes) => Some(bytes),
            Verdict::Withheld(_) => return screened,
        };
        match self.sealed(edited.as_deref().unwrap_or(document), standing) {
            Verdict::Keep => edited.map_or(Verdict::Keep, Verdict::Edited),
            other => other,
        }
    }

    /// The message with sealed ids of tasks.
    fn sealed(&self, document: &[u8], standing: &Standing) -> Verdict {
        if !tasks::may_name(document) {
            return Verdict::Keep;
        }
        let scope = standing.permitted.as_ref().map(|permitted| permitted.endpoint.scope());
        let (identity, scope) = (standing.subject.identity(), scope.unwrap_or_default());
        let holder = tasks::holder(&identity, &scope);
        self.tasks.message(document, holder, &standing.revision, &self.limits)
    }

    /// What was withheld since this was last asked, where no screening reports it.
    pub(crate) fn take_withheld(&mut self) -> Vec<Withheld> {
        std::mem::take(&mut self.withheld)
    }

    /// The record of what came back, if there is something to say and it is time to say it.
    pub(crate) fn report(&mut self, now_ms: u64, course: Course) -> Option<Record> {
        // Where both have something to say, the one that is left says it at the next event.
        let found = self.findings.as_mut().and_then(|findings| findings.record(now_ms));
        found.or_else(|| self.screening.as_mut()?.report(now_ms, course))
    }

    /// What stands where a message was withheld.
    pub(crate) fn in_place(&mut self, document: &[u8], why: &Withheld, id: DecisionId) -> Place {
        let answered = match Frame::parse(document, &self.limits) {
            Ok(Frame::Response(response)) => response.id.map(|id| id.bytes().to_vec()),
            // The server would wait for an answer that never comes, and the client for the server's.
            Ok(Frame::Request(_)) if self.form == Form::Answer => {
                return Place::Last(self.error(None, why, id));
            }
            Ok(Frame::Request(_) | Frame::Notification(_)) => return Place::Nothing,
            Err(error) => error.id(),
        };
        Place::Error(self.error(answered.as_deref(), why, id))
    }

    /// The error that stands in place of the whole answer, or of the message with this id.
    pub(crate) fn error(&mut self, answered: Option<&[u8]>, why: &Withheld, id: DecisionId) -> Vec<u8> {
        self.note(why);
        reply::withheld(why, answered.or(self.id.as_deref()).unwrap_or(b"null"), id)
    }

    /// Keeps account of what was withheld without an error in its place.
    pub(crate) fn note(&mut self, why: &Withheld) {
        match &mut self.screening {
            Some(screening) => screening.withheld(why),
            None => self.withheld.push(why.clone()),
        }
    }
}
