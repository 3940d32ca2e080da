//! News of the lists of an endpoint with several servers: that they have changed for this caller.
//!
//! No server is listened to. The adapter keeps a stream open and makes it beat; at each beat the gate compares what the lists
//! show the caller now with what they showed it before. Of what came over that stream nothing goes on.

use std::rc::Rc;

use mcp::list::ListKind;
use policy::{Endpoint, Operation};

use crate::{
    DecisionId, Effect, Era, HeaderEdit, Revision,
    event::Head,
    form::{is_events, success},
    many::{self, greeting, pages::List},
    reply::{Refusal, several::Unserved},
    standing::Standing,
};

/// For how many seconds a stream may be silent.
const SILENCE: u64 = 15;
const COMMENT: &[u8] = b":\n\n";
/// Where a message names the subscription it belongs to.
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// What can be listened to.
#[derive(Debug)]
struct Topic {
    /// As rules name it.
    name: &'static str,
    /// As a subscription names it.
    member: &'static str,
    /// The capability that it is a part of.
    capability: &'static str,
    notification: &'static str,
    lists: &'static [ListKind],
}

static TOPICS: [Topic; 3] = [
    Topic {
        name: "tools_list_changed",
        member: "toolsListChanged",
        capability: "tools",
        notification: "notifications/tools/list_changed",
        lists: &[ListKind::Tools],
    },
    Topic {
        name: "prompts_list_changed",
        member: "promptsListChanged",
        capability: "prompts",
        notification: "notifications/prompts/list_changed",
        lists: &[ListKind::Prompts],
    },
    Topic {
        name: "resources_list_changed",
        member: "resourcesListChanged",
        capability: "resources",
        notification: "notifications/resources/list_changed",
        lists: &[ListKind::Resources, ListKind::ResourceTemplates],
    },
];

/// What one caller listens to.
#[derive(Debug)]
pub(crate) struct Changes {
    /// Path of the endpoint.
    path: String,
    /// Id of the request, which is the subscription's; none for a legacy stream.
    id: Option<Vec<u8>>,
    /// With what the lists showed.
    topics: Vec<(&'static Topic, blake3::Hash)>,
    /// Under what they showed that: the revision, and how often lists of other endpoints had shown something new.
    known: (Rc<Revision>, u64),
    is_begun: bool,
    /// When something was last said, Unix seconds.
    spoke: u64,
}

/// Whether there is somebody who keeps such streams open.
pub(crate) fn are_told(revision: &Revision) -> bool {
    revision.secret(policy::CHANGES).is_some_and(|secret| !secret.assertion_key.is_empty())
}

/// The capabilities whose lists the caller would be told of, if it listened in the way of its era.
pub(crate) fn told(endpoint: &Endpoint, standing: &Standing, era: Era) -> Vec<&'static str> {
    let Standing { revision, subject, .. } = standing;
    let may_listen = |topic: &&Topic| {
        let operation = match era {
            Era::Legacy => Operation::OpenStream,
            Era::Modern => Operation::Listen { topics: vec![topic.name.to_owned()] },
        };
        are_told(revision) && many::decide(revision, subject, endpoint, &operation).permits()
    };
    TOPICS.iter().filter(may_listen).map(|topic| topic.capability).collect()
}

impl Changes {
    /// From what the lists show now.
    pub(crate) fn since_now(
        endpoint: &Endpoint,
        standing: &Standing,
        operation: &Operation<'_>,
        id: Option<&[u8]>,
    ) -> Self {
        let is_asked = |topic: &&Topic| match operation {
            Operation::Listen { topics } => topics.iter().any(|asked| asked == topic.name),
            _ => true,
        };
        let topics = TOPICS.iter().filter(is_asked);
        Self {
            path: endpoint.path.clone(),
            id: id.map(<[u8]>::to_vec),
            topics: topics.map(|topic| (topic, topic.digest(endpoint, standing))).collect(),
            known: known(standing),
            is_begun: false,
            spoke: standing.checked(),
        }
    }

    /// What is done to the head of the stream. Where it is no stream, nobody keeps it open.
    pub(crate) fn head(&self, head: &Head, id: DecisionId) -> Effect {
        if success(head) && !head.last && is_events(head.one("content-type").unwrap_or_default()) {
            return Effect::ResponseHead(vec![HeaderEdit::remove("content-length")]);
        }
        // The host cannot reach the adapter, and says so itself; or the adapter is full.
        if head.one(":status").is_some_and(|status| status.starts_with('5')) {
            return Effect::Pass;
        }
        Effect::Reply(refusal(self.id.is_some()).reply(id, self.id.as_deref()))
    }

    /// What is told at a beat, the last of which is the stream's end.
    pub(crate) fn beat(&mut self, last: bool, standing: &Standing) -> Vec<u8> {
        let mut told = Vec::new();
        if !self.is_begun {
            self.is_begun = true;
            told = self.begun();
        }
        for notification in self.news(standing) {
            let params = self.subscription().map(|meta| format!(r#","params":{{{meta}}}"#));
            let params = params.unwrap_or_default();
            event(&mut told, &format!(r#"{{"jsonrpc":"2.0","method":"{notification}"{params}}}"#));
        }
        if told.is_empty() && standing.checked().saturating_sub(self.spoke) >= SILENCE {
            told = COMMENT.to_vec();
        }
        if last {
            self.over(&mut told);
        }
        if !told.is_empty() {
            self.spoke = standing.checked();
        }
        told
    }

    /// What a stream begins with: of a subscription, what of it is granted. Resources are not listened to, for that no server is
    /// asked.
    fn begun(&self) -> Vec<u8> {
        let Some(meta) = self.subscription() else { return COMMENT.to_vec() };
        let granted: Vec<String> =
            self.topics.iter().map(|(topic, _)| format!(r#""{}":true"#, topic.member)).collect();
        let mut told = Vec::new();
        event(
            &mut told,
            &format!(
                r#"{{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{{{meta},"notifications":{{{}}}}}}}"#,
                granted.join(",")
            ),
        );
        told
    }

    /// The notifications of lists that are no longer what they were.
    fn news(&mut self, standing: &Standing) -> Vec<&'static str> {
        let now = known(standing);
        let endpoint = standing.revision.rules().endpoint(&self.path);
        let is_same = Rc::ptr_eq(&now.0, &self.known.0) && now.1 == self.known.1;
        let Some(endpoint) = endpoint.filter(|_| !is_same) else { return Vec::new() };
        self.known = now;
        let changed = self.topics.iter_mut().filter_map(|(topic, shown)| {
            let shows = topic.digest(endpoint, standing);
            (std::mem::replace(shown, shows) != shows).then_some(topic.notification)
        });
        changed.collect()
    }

    /// The end of a subscription: its request is answered.
    fn over(&self, told: &mut Vec<u8>) {
        let Some(id) = &self.id else { return };
        let (id, who) = (String::from_utf8_lossy(id), greeting::who());
        let info = greeting::SERVER_INFO;
        event(
            told,
            &format!(
                r#"{{"jsonrpc":"2.0","id":{id},"result":{{"resultType":"complete","_meta":{{"{SUBSCRIPTION}":{id},"{info}":{who}}}}}}}"#
            ),
        );
    }

    /// The member by which a message says to which subscription it belongs.
    fn subscription(&self) -> Option<String> {
        let id = String::from_utf8_lossy(self.id.as_ref()?);
        Some(format!(r#""_meta":{{"{SUBSCRIPTION}":{id}}}"#))
    }
}

/// The refusal of a subscription, or of a legacy stream.
pub(crate) fn refusal(is_subscription: bool) -> Refusal {
    Refusal::Several(if is_subscription {
        Unserved::Method("subscriptions/listen".to_owned())
    } else {
        Unserved::Verb
    })
}

impl Topic {
    fn digest(&self, endpoint: &Endpoint, standing: &Standing) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for kind in self.lists {
            let list = List { endpoint, standing, kind: *kind };
            hasher.update(list.digest().as_bytes());
        }
        hasher.finalize()
    }
}

fn known(standing: &Standing) -> (Rc<Revision>, u64) {
    (Rc::clone(&standing.revision), standing.revision.sightings().changes())
}

fn event(out: &mut Vec<u8>, message: &str) {
    for part in ["event: message\ndata: ", message, "\n\n"] {
        out.extend_from_slice(part.as_bytes());
    }
}
