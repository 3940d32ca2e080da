//! `AdminService`, the part about pins: what servers offer, what of it is approved, and approving it.
//!
//! Approvals are all or none: an operator who has looked at several definitions is not left with some of them.

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use policy::{
    Breach, Tool,
    catalogue::{Known, tool::Flaw},
    document::PinMode,
};
use proto::v1::{self, PinState};
use tokio::time::Instant;
use tonic::Status;

use super::status;
use crate::{
    Shared,
    catalogue::{shelf, view::ServerView},
    instant,
    store::StoredApproval,
};

/// What is known of the servers.
pub(super) async fn list(
    shared: &Shared,
    request: v1::ListPinsRequest,
) -> Result<v1::ListPinsResponse, Status> {
    let mut views = views(shared).await?;
    if !request.server.is_empty() {
        views.retain(|view| view.name == request.server);
        if views.is_empty() {
            return Err(status::unknown_server(&request.server));
        }
    }
    let told: fn(&str) -> String = if request.definitions { str::to_owned } else { |_| String::new() };
    let servers = views.iter().map(|view| server(view, told)).collect();
    Ok(v1::ListPinsResponse { servers })
}

/// What is known of a server; `told` is what is said of each definition.
fn server(view: &ServerView, told: fn(&str) -> String) -> v1::ServerPins {
    let approved = |pin: v1::ToolPin, approval: &StoredApproval| v1::ToolPin {
        approved_digest: approval.digest.clone(),
        approved_definition: told(&approval.definition),
        approver: approval.approver.clone(),
        approved: Some(instant::timestamp(approval.time_us)),
        ..pin
    };
    let listed = view.tools.iter().map(|tool| {
        let pin = v1::ToolPin {
            tool: tool.name().to_owned(),
            state: state(tool).into(),
            digest: tool.digest().to_string(),
            definition: told(tool.definition()),
            flaw: tool.flaw().map(ToString::to_string).unwrap_or_default(),
            ..v1::ToolPin::default()
        };
        match view.approvals.get(tool.name()) {
            Some(approval) => approved(pin, approval),
            None => pin,
        }
    });
    let gone = view.gone().map(|approval| {
        let pin = v1::ToolPin {
            tool: approval.tool.clone(),
            state: PinState::Gone.into(),
            ..v1::ToolPin::default()
        };
        approved(pin, approval)
    });
    let mode = match view.pins.mode() {
        PinMode::Off => "off",
        PinMode::Observe => "observe",
        PinMode::Enforce => "enforce",
    };
    v1::ServerPins {
        server: view.name.clone(),
        mode: mode.to_owned(),
        era: view.offer.era.clone(),
        answered: view.is_heard().then(|| instant::timestamp(view.offer.answered_us)),
        failure: view.offer.failure.clone(),
        tools: listed.chain(gone).collect(),
    }
}

fn state(tool: &Tool) -> PinState {
    match Breach::of(Known::Tool(tool), None) {
        None => PinState::Approved,
        Some(Breach::Name(_)) => PinState::Refused,
        Some(Breach::Changed { .. }) => PinState::Changed,
        Some(Breach::Unapproved { .. } | Breach::Unheard | Breach::Unlisted) => PinState::New,
    }
}

/// Approves the definitions that were looked at, all or none.
pub(super) async fn approve(
    shared: &Shared,
    request: v1::ApprovePinsRequest,
) -> Result<v1::ApprovePinsResponse, Status> {
    let view = find(shared, &request.server).await?;
    let offered: BTreeMap<&str, &Tool> = view.tools.iter().map(|tool| (tool.name(), tool)).collect();
    let asked: BTreeSet<&str> = request.tools.iter().map(|tool| tool.tool.as_str()).collect();
    let mut approvals = Vec::new();
    let mut refused = Vec::new();
    for wanted in &request.tools {
        match approvable(&offered, wanted, &asked) {
            Ok(tool) if tool.approved() == Some(tool.digest()) => {}
            Ok(tool) => approvals.push(StoredApproval {
                time_us: instant::now(),
                server: view.name.clone(),
                tool: tool.name().to_owned(),
                digest: tool.digest().to_string(),
                definition: tool.definition().to_owned(),
                approver: request.approver.clone(),
            }),
            Err(reason) => refused.push(format!("`{}`: {reason}", wanted.tool)),
        }
    }
    if !refused.is_empty() {
        return Err(status::not_approvable(&view.name, &refused));
    }
    keep(shared, approvals).await
}

fn approvable<'t>(
    offered: &BTreeMap<&str, &'t Tool>,
    wanted: &v1::ToolDigest,
    asked: &BTreeSet<&str>,
) -> Result<&'t Tool, String> {
    let tool = offered.get(wanted.tool.as_str()).ok_or("the server does not offer it")?;
    if let Some(flaw @ (Flaw::Deceptive | Flaw::Twice)) = tool.flaw() {
        return Err(flaw.to_string());
    }
    if tool.digest().to_string() != wanted.digest {
        return Err(format!(
            "the server offers another definition by now, {}; look at it again",
            tool.digest()
        ));
    }
    // One of those that look alike can be chosen, so that the server is of use; the others stay refused.
    if let Some(Flaw::LooksLike(other)) = tool.flaw() {
        let other_counts = offered.get(other.as_ref()).is_none_or(|other| other.approved().is_some());
        if other_counts || asked.contains(other.as_ref()) {
            return Err(format!(
                "its name looks like `{other}`; approve one of the two, and take the other back"
            ));
        }
    }
    Ok(tool)
}

/// Takes approvals back.
pub(super) async fn revoke(
    shared: &Shared,
    request: v1::RevokePinsRequest,
) -> Result<v1::ApprovePinsResponse, Status> {
    let view = find(shared, &request.server).await?;
    let unknown: Vec<String> = request
        .tools
        .iter()
        .filter(|tool| !view.approvals.contains_key(*tool))
        .map(|tool| format!("`{tool}`: it is not approved"))
        .collect();
    if !unknown.is_empty() {
        return Err(status::not_approvable(&view.name, &unknown));
    }
    let taken: BTreeSet<String> = request.tools.into_iter().collect();
    let approvals = taken.into_iter().map(|tool| StoredApproval {
        time_us: instant::now(),
        server: view.name.clone(),
        tool,
        digest: String::new(),
        definition: String::new(),
        approver: request.approver.clone(),
    });
    keep(shared, approvals.collect()).await
}

async fn keep(shared: &Shared, approvals: Vec<StoredApproval>) -> Result<v1::ApprovePinsResponse, Status> {
    let changed = u32::try_from(approvals.len()).unwrap_or(u32::MAX);
    if changed > 0 {
        shared.store.approve(approvals.clone()).await?;
        shared.ledger.refresh().await?;
        shared.offers.note_approvals(&approvals).await?;
    }
    Ok(v1::ApprovePinsResponse { changed })
}

/// Asks servers now.
pub(super) async fn ask(shared: &Shared, servers: Vec<String>) -> Result<v1::AskServersResponse, Status> {
    if !shared.ledger.asks() {
        return Err(status::asks_nobody());
    }
    let mut targets = shared.ledger.targets().await?;
    if let Some(unknown) = servers.iter().find(|server| !targets.contains_key(*server)) {
        return Err(status::unknown_server(unknown));
    }
    if !servers.is_empty() {
        targets.retain(|server, _| servers.contains(server));
    }
    let asked = targets.into_iter().map(async |(server, target)| {
        let began = Instant::now();
        let asked = shelf::ask(shared, &server, &target, None).await;
        v1::AskedServer {
            server,
            failure: asked.err().map(|error| error.to_string()).unwrap_or_default(),
            milliseconds: u32::try_from(began.elapsed().as_millis()).unwrap_or(u32::MAX),
        }
    });
    Ok(v1::AskServersResponse { servers: join_all(asked).await })
}

async fn views(shared: &Shared) -> Result<Vec<ServerView>, Status> {
    let document = shared.ledger.document().await?;
    Ok(shared.offers.views(&document).await?)
}

async fn find(shared: &Shared, server: &str) -> Result<ServerView, Status> {
    let found = views(shared).await?.into_iter().find(|view| view.name == server);
    found.ok_or_else(|| status::unknown_server(server))
}
