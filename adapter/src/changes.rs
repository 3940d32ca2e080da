//! Tells clients that their list of tools is another one: because the database's tables changed, or the policy.
//!
//! The list itself is compared, so whatever it is made of counts and nothing else does. A subscription over HTTP ends
//! with the policy it was made under, and after a while in any case: the client makes another, and is recognised anew.

use std::sync::Arc;
use std::time::Duration;

use rmcp::service::{Peer, RoleServer, SubscriptionContext};

use crate::gate::Gate;
use crate::session::{Recorded, Session};
use crate::tools;

/// How often the list is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// How long a subscription lasts at most.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Subscriptions at the same time.
pub(crate) const SUBSCRIPTIONS: usize = 1000;

/// What happened.
enum Change {
    /// Another policy is in force.
    Policy,
    /// The list is another one.
    Tools,
}

/// Resolves when something changed.
async fn next(session: &Session, known: &mut blake3::Hash) -> Change {
    let mut current = session.gate.current.clone();
    let number = session.revision.rules().revision();
    let another = current
        .wait_for(|revision| revision.as_ref().is_some_and(|revision| revision.rules().revision() != number));
    let looks = async {
        loop {
            tokio::time::sleep(LOOK).await;
            let now = tools::fingerprint(session).await;
            if now != *known {
                *known = now;
                return;
            }
        }
    };
    tokio::select! {
        _ = another => Change::Policy,
        () = looks => Change::Tools,
    }
}

/// Serves a subscription until it is over.
pub(crate) async fn serve(session: Arc<Session>, subscription: &SubscriptionContext) {
    let sink = subscription.sink();
    let mut known = tools::fingerprint(&session).await;
    // Recorded once it is certain from which list on changes are told.
    session.record_allowed(Recorded { rule: "own rights".to_owned(), ..Recorded::default() });
    let told = async {
        loop {
            let change = next(&session, &mut known).await;
            let is_gone = sink.notify_tool_list_changed().await.is_err();
            if is_gone || matches!(change, Change::Policy) {
                return;
            }
        }
    };
    tokio::select! {
        () = told => {}
        () = subscription.cancelled() => {}
        () = tokio::time::sleep(LONGEST) => {}
    }
}

/// Tells a client with a session of its own, until it is gone. `session` makes one under the policy in force.
pub(crate) async fn tell(session: impl Fn() -> Option<Session>, peer: Peer<RoleServer>) {
    let Some(mut current) = session() else { return };
    let mut known = tools::fingerprint(&current).await;
    loop {
        let change = next(&current, &mut known).await;
        if matches!(change, Change::Policy) {
            let Some(renewed) = session() else { return };
            current = renewed;
            let now = tools::fingerprint(&current).await;
            if std::mem::replace(&mut known, now) == now {
                continue;
            }
        }
        if peer.notify_tool_list_changed().await.is_err() {
            return;
        }
    }
}

/// Takes a place among the subscriptions, which is given back when it is dropped.
pub(crate) fn place(gate: &Gate) -> Option<tokio::sync::SemaphorePermit<'_>> {
    gate.subscriptions.try_acquire().ok()
}
