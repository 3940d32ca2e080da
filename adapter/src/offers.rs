//! Tells the control plane which tools each database has for each role, where that is wanted: gateways list them beside the
//! tools of other servers on one endpoint.
//!
//! The lists are those that a caller of the role would get from here. What they are is said by a digest first, so that lists
//! travel only where they are new to the control plane.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use engine::KeptArguments;
use policy::Subject;
use proto::v1::policy_service_client::PolicyServiceClient;
use proto::v1::{OfferRequest, RoleOffer};

use crate::backoff::Backoff;
use crate::config::Node;
use crate::databases::Age;
use crate::gate::{Gate, new_decision_id};
use crate::session::{Caller, Session, Target, Via};
use crate::telemetry::Origin;
use crate::tools;

/// How often the lists are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// Tells for as long as it is polled.
pub(crate) async fn tell(node: Node, gate: Arc<Gate>) {
    let mut backoff = Backoff::default();
    let mut current = gate.current.clone();
    let (mut wanted, mut last) = (BTreeSet::new(), Vec::new());
    loop {
        current.borrow_and_update();
        last = offers(&gate, &wanted, &last).await;
        match round(&node, &last).await {
            Ok(now) if now != wanted => {
                // What is wanted has just been learnt: it is told at once.
                wanted = now;
                backoff.reset();
                continue;
            }
            Ok(_) => backoff.reset(),
            Err(status) => {
                tracing::debug!(reason = status.message(), "the control plane does not hear of the tools");
                backoff.wait().await;
                continue;
            }
        }
        tokio::select! {
            changed = current.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Says what there is, in full where it is news; the databases of which it is wanted.
async fn round(node: &Node, offers: &[RoleOffer]) -> Result<BTreeSet<String>, tonic::Status> {
    let mut hasher = blake3::Hasher::new();
    for RoleOffer { database, role, tools } in offers {
        for text in [database, role].into_iter().chain(tools) {
            hasher.update(&text.len().to_le_bytes()).update(text.as_bytes());
        }
        hasher.update(&[0]);
    }
    let digest = hasher.finalize().to_hex().to_string();
    let mut client = PolicyServiceClient::new(node.policy.clone());
    let brief = OfferRequest { node: node.name.clone(), digest, offers: Vec::new() };
    let mut answer = client.offer(brief.clone()).await?.into_inner();
    if !answer.known {
        answer = client.offer(OfferRequest { offers: offers.to_vec(), ..brief }).await?.into_inner();
    }
    Ok(answer.wanted.into_iter().collect())
}

/// The lists, in the order of databases and roles. Of a database that cannot be asked now, the last ones.
async fn offers(gate: &Arc<Gate>, wanted: &BTreeSet<String>, last: &[RoleOffer]) -> Vec<RoleOffer> {
    let Some(revision) = gate.revision().filter(|_| !wanted.is_empty()) else { return Vec::new() };
    let mut roles: Vec<&str> = revision.rules().roles().collect();
    roles.sort_unstable();
    let mut offers = Vec::new();
    for database in wanted {
        for role in roles.iter().filter(|role| revision.rules().database_rights(role, database).is_some()) {
            let subject = Subject { name: gate.node.clone(), role: (*role).to_owned(), ..Subject::default() };
            let session = Session {
                gate: Arc::clone(gate),
                revision: Arc::clone(&revision),
                caller: Caller {
                    subject,
                    // The gateway lists what its rules let the caller use, whoever that is.
                    via: Via::Gateway,
                    decision_id: new_decision_id().to_string(),
                    trace_id: String::new(),
                    endpoint: String::new(),
                    origin: Origin::default(),
                },
                target: Target::One(database.clone()),
                method: "tools/list".to_owned(),
                arguments: KeptArguments::default(),
            };
            if session.scope(database, Age::Fresh).await.is_err() {
                offers.extend(
                    last.iter().find(|last| last.database == *database && last.role == *role).cloned(),
                );
                continue;
            }
            let tools = tools::known(&session, Age::Fresh).await;
            let tools = tools.iter().filter_map(|tool| serde_json::to_string(tool).ok()).collect();
            offers.push(RoleOffer { database: database.clone(), role: (*role).to_owned(), tools });
        }
    }
    offers
}
