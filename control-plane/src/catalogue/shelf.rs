//! What is done with an answer: put down, compared with what was known, noted in the audit, passed on.
//!
//! An answer that is the same as the last one leaves its time and nothing else. A server that does not answer keeps what
//! it last offered; why it does not is logged when it is new.

use std::collections::BTreeMap;

use mcp::revision::Era;
use policy::document::{PinMode, Pins};

use crate::{
    Shared,
    catalogue::{
        ask::{self, AskError, Offer, Target},
        view::{self, ServerView},
    },
    instant,
    store::{StoreError, StoredApproval, StoredOffer},
};

/// Who approves what a server shows first, where the document says so.
const FIRST: &str = "first: trust";

/// Why a server's offer was not taken in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ShelfError {
    #[error("{0}")]
    Ask(#[from] AskError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// Asks a server and takes in what it says.
pub(crate) async fn ask(
    shared: &Shared,
    server: &str,
    target: &Target,
    era: Option<Era>,
) -> Result<Era, ShelfError> {
    let before = shared.store.offer(server.to_owned()).await?;
    let before = before.filter(|before| before.url == target.identity).unwrap_or_default();
    match ask::ask(target, era).await {
        Ok(offer) => {
            let era = offer.era;
            take(shared, server, target, (before, offer)).await?;
            Ok(era)
        }
        Err(error) => {
            missed(shared, server, target, (before, &error)).await?;
            Err(error.into())
        }
    }
}

async fn take(
    shared: &Shared,
    server: &str,
    target: &Target,
    (before, offer): (StoredOffer, Offer),
) -> Result<(), StoreError> {
    let era = if offer.era == Era::Modern { "modern" } else { "legacy" };
    let now = StoredOffer {
        server: server.to_owned(),
        url: target.identity.clone(),
        era: era.to_owned(),
        answered_us: instant::now(),
        failed_us: before.failed_us,
        failure: String::new(),
        lists: view::lists(&offer),
    };
    if before.answered_us == 0 || !before.failure.is_empty() {
        tracing::info!(server, era, tools = offer.tools.len(), "a server said what it offers");
    }
    let is_new = before.answered_us == 0 || before.lists != now.lists;
    shared.store.note_offer(now).await?;
    shared.offers.changed();
    if is_new {
        settle(shared, server, &before).await?;
    }
    Ok(())
}

/// A server's offer is another: the first may be approved by itself, and what is not approved is noted.
async fn settle(shared: &Shared, server: &str, before: &StoredOffer) -> Result<(), StoreError> {
    if let Some(view) = find(shared, server).await? {
        trust_first(shared, &view).await?;
    }
    if let Some(view) = find(shared, server).await?
        && view.pins.mode() != PinMode::Off
    {
        let known = view::tools(&before.lists, &BTreeMap::new());
        shared.offers.notes.found(&shared.store, &view, &known).await?;
    }
    shared.ledger.refresh().await
}

async fn find(shared: &Shared, server: &str) -> Result<Option<ServerView>, StoreError> {
    let Ok(document) = shared.ledger.document().await else { return Ok(None) };
    let views = shared.offers.views(&document).await?;
    Ok(views.into_iter().find(|view| view.name == server))
}

/// Approves what the servers of the newest document showed first: one may be trusted by now that was heard before.
pub(crate) async fn trust_all(shared: &Shared) -> Result<(), StoreError> {
    let Ok(document) = shared.ledger.document().await else { return Ok(()) };
    if !document.servers.values().any(|server| server.pins.is_some_and(Pins::trusts_first)) {
        return Ok(());
    }
    for view in shared.offers.views(&document).await? {
        trust_first(shared, &view).await?;
    }
    shared.ledger.refresh().await
}

/// Approves what a server shows first, where the document says so and nothing was decided about it yet. What has a flaw is
/// left to an operator.
pub(crate) async fn trust_first(shared: &Shared, view: &ServerView) -> Result<(), StoreError> {
    if !view.pins.trusts_first() || view.pins.mode() == PinMode::Off || view.is_settled || !view.is_heard() {
        return Ok(());
    }
    let sound = view.tools.iter().filter(|tool| tool.flaw().is_none());
    let approvals = sound.map(|tool| StoredApproval {
        time_us: instant::now(),
        server: view.name.clone(),
        tool: tool.name().to_owned(),
        digest: tool.digest().to_string(),
        definition: tool.definition().to_owned(),
        approver: FIRST.to_owned(),
    });
    let approvals: Vec<_> = approvals.collect();
    if approvals.is_empty() || !shared.store.approve_first(view.name.clone(), approvals.clone()).await? {
        return Ok(());
    }
    tracing::info!(server = view.name, tools = approvals.len(), "the first definitions are approved");
    shared.offers.notes.approved(&shared.store, &approvals).await
}

async fn missed(
    shared: &Shared,
    server: &str,
    target: &Target,
    (before, error): (StoredOffer, &AskError),
) -> Result<(), StoreError> {
    let failure = error.to_string();
    if before.failure != failure {
        tracing::warn!(server, %error, "a server does not say what it offers; what it offered before counts on");
    }
    let now = StoredOffer {
        server: server.to_owned(),
        url: target.identity.clone(),
        failed_us: instant::now(),
        failure,
        ..before
    };
    shared.store.note_offer(now).await
}
