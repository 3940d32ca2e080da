//! A request that waits until servers have answered the gate about sessions.

use policy::Endpoint;

use crate::{
    Ask, DecisionId, Effect, Moment, Question, Record, Step,
    event::Head,
    many::sessions::{Keeper, Word},
    reply,
    request::{Admitted, Judged, Refused, judge, step},
    session, upstream,
};

/// For what sessions are begun or ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    /// A call that needs one, and has none to go in. The worker remembers it for the next.
    Call,
    /// The session of a client, in whose seal they are kept, begins or ends.
    Client,
}

impl Purpose {
    /// How long servers may take, in milliseconds.
    const fn patience_ms(self) -> u64 {
        match self {
            Self::Call => 10_000,
            Self::Client => 2_000,
        }
    }
}

/// A request, the questions asked for it, and what was answered so far.
#[derive(Debug)]
pub(crate) struct Asking {
    admitted: Admitted,
    body: Vec<u8>,
    stage: Stage,
    /// The servers that were asked, by the numbers of the questions.
    asked: Vec<String>,
    outstanding: usize,
    /// Ids by server.
    sessions: Vec<(String, String)>,
    purpose: Purpose,
}

/// What was asked last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    Begin,
    Begun,
    End,
}

impl Asking {
    /// Begins sessions with these servers; then the request is judged again.
    pub(super) fn begin(
        admitted: Admitted,
        body: &[u8],
        servers: &[String],
        purpose: Purpose,
    ) -> Result<Step, Box<Admitted>> {
        let asking = Self {
            admitted,
            body: body.to_vec(),
            stage: Stage::Begin,
            asked: Vec::new(),
            outstanding: 0,
            sessions: Vec::new(),
            purpose,
        };
        let words = servers.iter().map(|server| (server.as_str(), Word::Begin)).collect();
        asking.ask(words).map_err(|asking| Box::new(asking.admitted))
    }

    /// Ends these sessions; then the request is answered.
    pub(super) fn end(admitted: Admitted, sessions: &[(&str, &str)]) -> Result<Step, Box<Admitted>> {
        let asking = Self {
            admitted,
            body: Vec::new(),
            stage: Stage::End,
            asked: Vec::new(),
            outstanding: 0,
            sessions: Vec::new(),
            purpose: Purpose::Client,
        };
        let words = sessions.iter().map(|(server, id)| (*server, Word::End(id))).collect();
        asking.ask(words).map_err(|asking| Box::new(asking.admitted))
    }

    /// The step that asks; what would have asked where there is nobody to ask.
    fn ask(mut self, words: Vec<(&str, Word<'_>)>) -> Result<Step, Box<Self>> {
        let questions: Vec<(String, Question)> = words
            .into_iter()
            .filter_map(|(server, word)| Some((server.to_owned(), self.question(server, word)?)))
            .collect();
        if questions.is_empty() {
            return Err(Box::new(self));
        }
        self.outstanding = questions.len();
        let (asked, questions) = questions.into_iter().unzip();
        self.asked = asked;
        Ok(Step::of(Effect::Ask(Ask { questions, asking: Some(Box::new(self)) })))
    }

    fn question(&self, server: &str, word: Word<'_>) -> Option<Question> {
        let Admitted { standing, endpoint, record, .. } = &self.admitted;
        let endpoint = at(endpoint, server)?;
        let catalogue = standing.revision.rules().catalogue();
        let revision = &*catalogue.offer(server)?.greeting.revision;
        let body = word.body(revision);
        // An adapter takes each decision once.
        let decision_id = format!("{}.{}.{server}", record.decision_id, word.method());
        let record =
            Record { decision_id, method: word.method().to_owned(), name: String::new(), ..record.clone() };
        let credential = upstream::credential(standing, &endpoint, &record, &body).ok()?;
        word.question((&standing.revision, revision), server, credential, self.purpose.patience_ms())
    }

    /// Takes one answer; the last one lets the request go on.
    pub(crate) fn answer(
        mut self: Box<Self>,
        number: usize,
        head: Option<&Head>,
        moment: &Moment,
        id: DecisionId,
    ) -> Result<Box<Judged>, Refused> {
        self.outstanding = self.outstanding.saturating_sub(1);
        if let (Stage::Begin, Some(server), Some(given)) =
            (self.stage, self.asked.get(number), head.and_then(given))
        {
            self.sessions.push((server.clone(), given.to_owned()));
        }
        if self.outstanding > 0 {
            let ask = Ask { questions: Vec::new(), asking: Some(self) };
            return Err(Box::new(Step::of(Effect::Ask(ask))));
        }
        match self.stage {
            Stage::Begin => self.ready(moment, id),
            Stage::Begun => self.resume(moment, id),
            Stage::End => Err(ended(self.admitted)),
        }
    }

    /// Tells the servers that their sessions have begun.
    fn ready(mut self: Box<Self>, moment: &Moment, id: DecisionId) -> Result<Box<Judged>, Refused> {
        self.stage = Stage::Begun;
        let sessions = self.sessions.clone();
        let words = sessions.iter().map(|(server, given)| (server.as_str(), Word::Begun(given)));
        let words: Vec<_> = words.collect();
        if words.is_empty() {
            return self.resume(moment, id);
        }
        match self.ask(words) {
            Ok(step) => Err(Box::new(step)),
            Err(asking) => asking.judged(moment, id),
        }
    }

    /// The request goes on; what a call has begun is there for the next.
    fn resume(self: Box<Self>, moment: &Moment, id: DecisionId) -> Result<Box<Judged>, Refused> {
        let Admitted { standing, endpoint, .. } = &self.admitted;
        for (server, given) in self.sessions.iter().filter(|_| self.purpose == Purpose::Call) {
            if let Some(endpoint) = at(endpoint, server) {
                let keeper = Keeper::of(standing, &endpoint);
                standing.revision.sessions().remember(keeper, given.clone());
            }
        }
        self.judged(moment, id)
    }

    /// Judges the request again, with the sessions there are.
    fn judged(self: Box<Self>, moment: &Moment, id: DecisionId) -> Result<Box<Judged>, Refused> {
        let Self { admitted, body, sessions, .. } = *self;
        judge(Admitted { opened: Some(sessions), ..admitted }, &body, moment, id).map(Box::new)
    }
}

/// The endpoint for what is meant for this server of it.
fn at(endpoint: &Endpoint, server: &str) -> Option<Endpoint> {
    let backend = endpoint.several()?.iter().find(|backend| backend.server == server)?;
    Some(endpoint.at(backend))
}

/// The session that an answer gives.
fn given(head: &Head) -> Option<&str> {
    let succeeded = head.one(":status").is_some_and(|status| status.starts_with('2'));
    let given = head.one(session::HEADER).filter(|_| succeeded)?;
    let is_id = !given.is_empty()
        && given.len() <= session::LONGEST
        && given.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then_some(given)
}

/// The sessions are over, as far as their servers could be reached.
pub(super) fn ended(admitted: Admitted) -> Refused {
    step(Effect::Reply(reply::ended()), admitted.record)
}
