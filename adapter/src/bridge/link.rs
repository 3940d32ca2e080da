//! What is under way on one server's process, and whose it is.
//!
//! Requests go out under numbers of our own and come back under the ids their callers chose. What a server says that belongs
//! to no request goes to nobody, but for the news that its lists have changed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mcp::fault::{INTERNAL_ERROR, METHOD_NOT_FOUND};
use mcp::revision::Era;
use mcp::{Fault, Frame, Outcome, RequestId};
use serde_json::{Value, json};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use super::rewrite::{CANCELLED, Draft, ENDED, ID, LIMITS, PROGRESS, TOKEN, TOLD};

/// Messages on their way to the process.
const QUEUE: usize = 64;
/// Notifications that wait for one slow caller; more are dropped.
const NOTES: usize = 256;
/// News that wait for one slow listener; older ones are dropped.
const NEWS: usize = 16;

/// How it is with the process.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// It was started, and what it speaks is being found out.
    Starting,
    /// It serves.
    Ready(Arc<Hello>),
    /// It does not run, for this reason.
    Down(String),
}

/// How a server introduced itself.
#[derive(Debug)]
pub(super) struct Hello {
    pub(super) era: Era,
    /// Legacy: the revision that was agreed on.
    pub(super) revision: String,
    /// Legacy: the result of `initialize`, for whoever asks again.
    pub(super) result: Vec<u8>,
}

/// The server does not answer, for this reason.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("server `{server}` is not running: {why}")]
pub(super) struct Gone {
    server: String,
    why: String,
}

/// Who asks: a session, or a caller without one.
pub(super) type Who = String;

/// The way to one server's process.
pub(super) struct Link {
    server: String,
    phase: watch::Sender<Phase>,
    news: broadcast::Sender<Arc<[u8]>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    out: Option<mpsc::Sender<Vec<u8>>>,
    last: u64,
    pending: HashMap<u64, Pending>,
}

/// A request that was not answered yet.
struct Pending {
    who: Who,
    /// The id and the token its caller chose, as written.
    id: Vec<u8>,
    token: Option<Vec<u8>>,
    notes: mpsc::Sender<Vec<u8>>,
    answer: oneshot::Sender<Result<Vec<u8>, Gone>>,
}

/// A request under way. Dropping it before its answer cancels it.
pub(super) struct Call {
    link: Arc<Link>,
    number: u64,
    notes: mpsc::Receiver<Vec<u8>>,
    answer: oneshot::Receiver<Result<Vec<u8>, Gone>>,
    is_over: bool,
}

/// What comes of a request.
pub(super) enum Said {
    /// Something on the way to the answer.
    Note(Vec<u8>),
    /// The answer; nothing follows.
    Answer(Vec<u8>),
    /// There will be none.
    Gone(Gone),
}

impl Link {
    pub(super) fn new(server: String) -> Self {
        let (phase, news) = (watch::Sender::new(Phase::Starting), broadcast::Sender::new(NEWS));
        Self { server, phase, news, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each change is complete in itself.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A process was started; what is sent from now on goes into the receiver.
    pub(super) fn up(&self) -> mpsc::Receiver<Vec<u8>> {
        let (out, lines) = mpsc::channel(QUEUE);
        self.state().out = Some(out);
        self.phase.send_replace(Phase::Starting);
        lines
    }

    /// It said what it speaks.
    pub(super) fn ready(&self, hello: Hello) {
        self.phase.send_replace(Phase::Ready(Arc::new(hello)));
    }

    /// It does not run any more: whoever waits is told at once.
    pub(super) fn down(&self, why: String) {
        let gone = Gone { server: self.server.clone(), why: why.clone() };
        let pending = {
            let mut state = self.state();
            state.out = None;
            std::mem::take(&mut state.pending)
        };
        self.phase.send_replace(Phase::Down(why));
        for (_, waiting) in pending {
            let _ = waiting.answer.send(Err(gone.clone()));
        }
    }

    /// How it introduced itself, as soon as it has; at once where it does not run.
    pub(super) async fn hello(&self) -> Result<Arc<Hello>, Gone> {
        let mut phase = self.phase.subscribe();
        let settled = phase.wait_for(|phase| !matches!(phase, Phase::Starting)).await;
        let settled = settled.map(|phase| phase.clone());
        match settled {
            Ok(Phase::Ready(hello)) => Ok(hello),
            Ok(Phase::Down(why)) => Err(self.gone(why)),
            Ok(Phase::Starting) | Err(_) => Err(self.gone("it is stopped".to_owned())),
        }
    }

    fn gone(&self, why: String) -> Gone {
        Gone { server: self.server.clone(), why }
    }

    /// News for everybody who listens.
    pub(super) fn listen(&self) -> broadcast::Receiver<Arc<[u8]>> {
        self.news.subscribe()
    }

    /// Sends a caller's request on. `body` is the message, `id` its id.
    pub(super) async fn call(self: &Arc<Self>, who: Who, id: &[u8], body: &[u8]) -> Result<Call, Gone> {
        let unreadable = || self.gone("its message could not be read again".to_owned());
        let mut draft = Draft::of(body).ok_or_else(unreadable)?;
        let token = draft.at(TOKEN).map(|token| token.bytes().to_vec());
        let (call, out) = self.expect(who, id.to_vec(), token)?;
        let number = call.number.to_string();
        draft.set(ID, number.as_bytes());
        draft.set(TOKEN, number.as_bytes());
        self.send(&out, draft.line()).await?;
        Ok(call)
    }

    /// Asks something of our own.
    pub(super) async fn ask(self: &Arc<Self>, method: &str, params: Value) -> Result<Call, Gone> {
        let (call, out) = self.expect(Who::new(), b"0".to_vec(), None)?;
        let message = json!({ "jsonrpc": "2.0", "id": call.number, "method": method, "params": params });
        self.send(&out, message.to_string().into_bytes()).await?;
        Ok(call)
    }

    /// Tells something of our own.
    pub(super) async fn tell(&self, method: &str) -> Result<(), Gone> {
        let out = self.state().out.clone().ok_or_else(|| self.gone("it ended".to_owned()))?;
        let message = json!({ "jsonrpc": "2.0", "method": method });
        self.send(&out, message.to_string().into_bytes()).await
    }

    fn expect(
        self: &Arc<Self>,
        who: Who,
        id: Vec<u8>,
        token: Option<Vec<u8>>,
    ) -> Result<(Call, mpsc::Sender<Vec<u8>>), Gone> {
        let (noted, notes) = mpsc::channel(NOTES);
        let (answered, answer) = oneshot::channel();
        let mut state = self.state();
        let out = state.out.clone().ok_or_else(|| self.gone("it ended".to_owned()))?;
        state.last += 1;
        let number = state.last;
        state.pending.insert(number, Pending { who, id, token, notes: noted, answer: answered });
        drop(state);
        Ok((Call { link: Arc::clone(self), number, notes, answer, is_over: false }, out))
    }

    async fn send(&self, out: &mpsc::Sender<Vec<u8>>, line: Vec<u8>) -> Result<(), Gone> {
        out.send(line).await.map_err(|_| self.gone("it ended".to_owned()))
    }

    /// Says without waiting what may as well be lost.
    fn mention(&self, message: &Value) {
        if let Some(out) = &self.state().out {
            let _ = out.try_send(message.to_string().into_bytes());
        }
    }

    /// Cancels a request of that caller, by the id the caller knows it by.
    pub(super) fn cancel(&self, who: &str, id: &[u8]) {
        let same = |pending: &Pending| pending.who == who && pending.id == id;
        let number =
            self.state().pending.iter().find(|(_, pending)| same(pending)).map(|(number, _)| *number);
        if let Some(number) = number {
            self.mention(&cancelled(number));
        }
    }

    /// Takes what the process said.
    pub(super) fn receive(&self, line: &[u8]) {
        match Frame::parse(line, &LIMITS) {
            Ok(Frame::Response(response)) => {
                self.answer(response.id, line, matches!(response.outcome, Outcome::Result(_)))
            }
            Ok(Frame::Request(request)) => self.refuse(&request.method, &request.id),
            Ok(Frame::Notification(notification)) => self.note(&notification.method, line),
            Err(error) => {
                let text: String = String::from_utf8_lossy(line).chars().take(200).collect();
                tracing::warn!(server = self.server, %error, text, "a server said what is no message");
                let id = error.id().and_then(|id| String::from_utf8(id).ok()?.parse().ok());
                let waiting = id.and_then(|number: u64| self.state().pending.remove(&number));
                if let Some(waiting) = waiting {
                    let message = "the server's answer could not be read".to_owned();
                    let fault = Fault { code: INTERNAL_ERROR, message, data: None };
                    let _ = waiting.answer.send(Ok(fault.to_json(Some(&waiting.id))));
                }
            }
        }
    }

    fn answer(&self, id: Option<RequestId<'_>>, line: &[u8], is_result: bool) {
        let number = id.and_then(|id| id.json().as_u64());
        let waiting = number.and_then(|number| self.state().pending.remove(&number));
        // Whoever asked may have gone away.
        let (Some(waiting), Some(mut draft)) = (waiting, Draft::of(line)) else { return };
        draft.set(ID, &waiting.id);
        if is_result && draft.number_at(ENDED) == number {
            draft.set(ENDED, &waiting.id);
        }
        let _ = waiting.answer.send(Ok(draft.line()));
    }

    /// A question to the client: nothing says whose question it is.
    fn refuse(&self, method: &str, id: &RequestId<'_>) {
        let mut message = if method == "ping" {
            json!({ "jsonrpc": "2.0", "result": {} })
        } else {
            let text = "this server is shared by several clients, so there is none to ask";
            json!({ "jsonrpc": "2.0", "error": { "code": METHOD_NOT_FOUND, "message": text } })
        };
        let id = serde_json::from_slice::<Value>(id.bytes());
        if let (Value::Object(members), Ok(id)) = (&mut message, id) {
            members.insert("id".to_owned(), id);
            self.mention(&message);
        }
    }

    fn note(&self, method: &str, line: &[u8]) {
        let Some(mut draft) = Draft::of(line) else { return };
        let (path, token) = match method {
            "notifications/progress" => (PROGRESS, true),
            "notifications/cancelled" => (CANCELLED, false),
            _ => (TOLD, false),
        };
        let state = self.state();
        let waiting = draft.number_at(path).and_then(|number| state.pending.get(&number));
        if let Some(waiting) = waiting {
            let own = if token { waiting.token.as_ref() } else { Some(&waiting.id) };
            let Some(own) = own else { return };
            draft.set(path, own);
            draft.set(TOLD, &waiting.id);
            let _ = waiting.notes.try_send(draft.line());
        } else if method.ends_with("/list_changed") {
            // Nobody listening is fine.
            let _ = self.news.send(draft.line().into());
        } else {
            tracing::debug!(server = self.server, method, "a notification belongs to no request");
        }
    }
}

fn cancelled(number: u64) -> Value {
    json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": number } })
}

impl Call {
    /// What comes next; after an answer, nothing does.
    pub(super) async fn next(&mut self) -> Option<Said> {
        if self.is_over {
            return None;
        }
        tokio::select! {
            biased;
            Some(note) = self.notes.recv() => Some(Said::Note(note)),
            answer = &mut self.answer => {
                self.is_over = true;
                Some(match answer {
                    Ok(Ok(answer)) => Said::Answer(answer),
                    Ok(Err(gone)) => Said::Gone(gone),
                    Err(_) => Said::Gone(self.link.gone("it ended".to_owned())),
                })
            }
        }
    }

    /// The answer, whatever comes before it.
    pub(super) async fn answered(mut self) -> Result<Vec<u8>, Gone> {
        loop {
            match self.next().await {
                Some(Said::Note(_)) => {}
                Some(Said::Answer(answer)) => return Ok(answer),
                Some(Said::Gone(gone)) => return Err(gone),
                None => return Err(self.link.gone("it ended".to_owned())),
            }
        }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // Nobody is there to take the answer.
        if !self.is_over && self.link.state().pending.remove(&self.number).is_some() {
            self.link.mention(&cancelled(self.number));
        }
    }
}

#[cfg(test)]
mod tests;
