//! Sessions of legacy servers, on an endpoint of several: the gate opens them, and who calls next goes on in them.
//!
//! A legacy client carries the ids of its servers' sessions in the seal of its own. For a modern client, and where its server
//! could not be asked at the handshake, a worker remembers them.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use policy::Endpoint;

use crate::{HeaderEdit, Question, Revision, session, standing::Standing};

/// Most sessions that a worker remembers.
const KEPT: usize = 4096;

/// Whose session it is, and with whom.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub(crate) struct Keeper {
    identity: String,
    scope: String,
    /// Where the server is: what another one gave means nothing to it.
    place: String,
}

/// The sessions that a worker remembers. They outlive revisions.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<Keeper, String>>);

impl Keeper {
    /// Of a caller, at one server of an endpoint.
    pub(crate) fn of(standing: &Standing, endpoint: &Endpoint) -> Self {
        let upstream = standing.revision.rules().upstream(&endpoint.server);
        let place = upstream.map(|upstream| format!("{} {}", upstream.authority, upstream.path));
        Self {
            identity: standing.subject.identity(),
            scope: endpoint.scope().into_owned(),
            place: place.unwrap_or_default(),
        }
    }
}

impl Sessions {
    pub(crate) fn get(&self, keeper: &Keeper) -> Option<String> {
        self.lock().get(keeper).cloned()
    }

    pub(crate) fn remember(&self, keeper: Keeper, id: String) {
        let mut sessions = self.lock();
        if sessions.len() >= KEPT
            && let Some(any) = sessions.keys().next().cloned()
        {
            sessions.remove(&any);
        }
        sessions.insert(keeper, id);
    }

    pub(crate) fn forget(&self, keeper: &Keeper) {
        self.lock().remove(keeper);
    }

    /// Each change is complete in itself, so a panic elsewhere leaves nothing half done.
    fn lock(&self) -> MutexGuard<'_, HashMap<Keeper, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the gate says to a server about a session.
#[derive(Clone, Copy)]
pub(crate) enum Word<'s> {
    /// It begins one.
    Begin,
    /// It has begun.
    Begun(&'s str),
    /// It is over.
    End(&'s str),
}

impl Word<'_> {
    /// The method, as the server's credential may be bound to it.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::Begin => "initialize",
            Self::Begun(_) => "notifications/initialized",
            Self::End(_) => "DELETE",
        }
    }

    pub(crate) fn body(self, revision: &str) -> Vec<u8> {
        match self {
            Self::Begin => format!(
                r#"{{"jsonrpc":"2.0","id":0,"method":"initialize","params":{{"protocolVersion":"{revision}","capabilities":{{}},"clientInfo":{{"name":"trigate","version":"{}"}}}}}}"#,
                env!("CARGO_PKG_VERSION")
            )
            .into_bytes(),
            Self::Begun(_) => br#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.to_vec(),
            Self::End(_) => Vec::new(),
        }
    }

    /// The question, to a server that speaks this revision and is shown this credential.
    pub(crate) fn question(
        self,
        revision: (&Revision, &str),
        server: &str,
        credential: Vec<HeaderEdit>,
        patience_ms: u64,
    ) -> Option<Question> {
        let (policy, revision) = revision;
        let upstream = policy.rules().upstream(server)?;
        let verb = if matches!(self, Self::End(_)) { "DELETE" } else { "POST" };
        let mut headers = vec![
            (":method".to_owned(), verb.to_owned()),
            (":path".to_owned(), upstream.path.clone()),
            (":authority".to_owned(), upstream.authority.clone()),
            ("accept".to_owned(), "application/json, text/event-stream".to_owned()),
        ];
        if verb == "POST" {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        if let Self::Begun(id) | Self::End(id) = self {
            headers.push((session::HEADER.to_owned(), id.to_owned()));
            headers.push(("mcp-protocol-version".to_owned(), revision.to_owned()));
        }
        headers.extend(credential.into_iter().filter_map(|edit| Some((edit.name, edit.value?))));
        let cluster = upstream.cluster.clone();
        Some(Question { cluster, headers, body: self.body(revision), patience_ms })
    }
}

/// Ids by server as one text, to be sealed: `name:length:id`, one after the other. What does not fit is left out.
pub(crate) fn joined<'s>(sessions: impl IntoIterator<Item = (&'s str, &'s str)>) -> String {
    let mut text = String::new();
    for (server, id) in sessions {
        let one = format!("{server}:{}:{id}", id.len());
        if text.len() + one.len() <= session::LONGEST {
            text.push_str(&one);
        }
    }
    text
}

/// The ids by server of such a text.
pub(crate) fn parted(mut text: &str) -> Vec<(&str, &str)> {
    let mut sessions = Vec::new();
    while let Some((server, rest)) = text.split_once(':') {
        let Some((length, rest)) = rest.split_once(':') else { break };
        let Some((id, rest)) = length.parse().ok().and_then(|length| rest.split_at_checked(length)) else {
            break;
        };
        sessions.push((server, id));
        text = rest;
    }
    sessions
}

#[cfg(test)]
mod tests {
    use super::{joined, parted};

    #[test]
    fn ids_are_parted_as_they_were_joined() {
        let sessions = vec![("a", "x:1:y"), ("b-c", ""), ("d", "7")];
        let text = joined(sessions.clone());
        assert_eq!(text, "a:5:x:1:yb-c:0:d:1:7");
        assert_eq!(parted(&text), sessions);
        assert_eq!(parted(""), vec![]);
        let long = "x".repeat(1000);
        assert_eq!(parted(&joined([("a", &*long), ("b", &*long), ("c", "1")])), [("a", &*long), ("c", "1")]);
        for broken in ["a", "a:9:x", "a:-1:x", "a::x", ":"] {
            assert_eq!(parted(broken), vec![], "{broken}");
        }
    }
}
