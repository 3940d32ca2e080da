//! One server's offer beside its approvals: which tool is approved, changed, new, gone, or refused for its name.
//!
//! Made of what the store has each time it is asked for. Snapshots, `AdminService` and the audit all read the same view.

use std::collections::{BTreeMap, BTreeSet};

use mcp::{
    Digest, Json, Limits,
    list::ListKind,
    revision::{self, Era},
};
use policy::{
    Document, Tool,
    catalogue::{
        name,
        offer::{Entry, Greeting},
    },
    document::{PinMode, Pins},
};

use crate::{
    catalogue::ask::Offer,
    store::{StoredApproval, StoredOffer},
};

/// Bounds of what the store has of one server: those it was asked within, with room for the punctuation.
const LIMITS: Limits = Limits { bytes: 80 * 1024 * 1024, depth: 128, members: 8_000_000 };

/// What is known of one server.
#[derive(Debug)]
pub(crate) struct ServerView {
    pub(crate) name: String,
    pub(crate) pins: Pins,
    /// When and how it was asked; nothing of it counts where the document names another server by now.
    pub(crate) offer: StoredOffer,
    /// Its tools, with what was approved of them, in the server's order.
    pub(crate) tools: Vec<Tool>,
    /// The approvals that stand, by tool.
    pub(crate) approvals: BTreeMap<String, StoredApproval>,
    /// Whether anything was ever approved or taken back.
    pub(crate) is_settled: bool,
}

impl ServerView {
    /// Whether the server ever said what it offers.
    pub(crate) fn is_heard(&self) -> bool {
        self.offer.answered_us != 0
    }

    /// Approvals of tools that the server does not list any more.
    pub(crate) fn gone(&self) -> impl Iterator<Item = &StoredApproval> {
        let listed: BTreeSet<&str> = self.tools.iter().map(Tool::name).collect();
        self.approvals.values().filter(move |approval| !listed.contains(approval.tool.as_str()))
    }
}

/// What is known of each of a document's servers.
pub(crate) fn view(
    document: &Document,
    offers: Vec<StoredOffer>,
    approvals: Vec<StoredApproval>,
) -> Vec<ServerView> {
    let mut offers: BTreeMap<String, StoredOffer> =
        offers.into_iter().map(|offer| (offer.server.clone(), offer)).collect();
    let mut by_server: BTreeMap<String, Vec<StoredApproval>> = BTreeMap::new();
    for approval in approvals {
        by_server.entry(approval.server.clone()).or_default().push(approval);
    }
    let views = document.servers.iter().map(|(name, server)| {
        // What another server offered says nothing of this one.
        let offer = offers.remove(name).filter(|offer| *offer.url == *server.identity()).unwrap_or_default();
        let approvals = by_server.remove(name).unwrap_or_default();
        let is_settled = !approvals.is_empty();
        let standing = approvals.into_iter().filter(|approval| !approval.digest.is_empty());
        let approvals = standing.map(|approval| (approval.tool.clone(), approval)).collect();
        let tools = tools(&offer.lists, &approvals);
        let pins = server.pins.unwrap_or(Pins::Mode(PinMode::Off));
        ServerView { name: name.clone(), pins, offer, tools, approvals, is_settled }
    });
    views.collect()
}

/// The tools of stored lists, with their approvals and with what is wrong with their names.
pub(crate) fn tools(lists: &str, approvals: &BTreeMap<String, StoredApproval>) -> Vec<Tool> {
    let Some(lists) = read(lists) else { return Vec::new() };
    let listed = lists.member(ListKind::Tools.array_key()).and_then(Json::array).unwrap_or_default();
    // What has no name can be called by nobody.
    let read: Vec<Tool> = listed.into_iter().filter_map(|item| Tool::read(item.text()).ok()).collect();
    let names: Vec<&str> = read.iter().map(Tool::name).collect();
    let approved: BTreeSet<&str> = approvals.keys().map(String::as_str).collect();
    let flaws = name::flaws(&names, &approved);
    let approved = |tool: &Tool| approvals.get(tool.name())?.digest.parse::<Digest>().ok();
    let tools = read.into_iter().zip(flaws).map(|(tool, flaw)| {
        let digest = approved(&tool);
        tool.with_approved(digest).with_flaw(flaw)
    });
    tools.collect()
}

/// Stored lists.
pub(crate) fn read(lists: &str) -> Option<Json<'_>> {
    Json::parse(lists.as_bytes(), &LIMITS).ok()
}

/// What a gateway needs beside the tools, for a server that shares its endpoint with others.
pub(crate) fn offer(view: &ServerView) -> policy::catalogue::offer::Offer {
    let lists = read(&view.offer.lists).unwrap_or(Json::EMPTY_OBJECT);
    let said = lists.member(SAID);
    let text = |member: &str| said.and_then(|said| said.member(member)).and_then(Json::as_str);
    let is = |member: &str| said.and_then(|said| said.member(member)).and_then(Json::as_bool);
    // What an older version has put down says the era alone.
    let unsaid = if view.offer.era == Era::Modern.name() { revision::MODERN } else { revision::LEGACY[0] };
    let greeting = Greeting {
        revision: text("revision").as_deref().unwrap_or(unsaid).into(),
        sessions: is("sessions").unwrap_or_default(),
        completions: is("completions").unwrap_or_default(),
        instructions: text("instructions").map(Into::into),
    };
    let entries = |kind: ListKind| {
        let listed = lists.member(kind.array_key()).and_then(Json::array).unwrap_or_default();
        listed.into_iter().filter_map(|item| Entry::read(kind, item.text())).collect()
    };
    policy::catalogue::offer::Offer::new(greeting, view.tools.iter().map(Tool::name), entries)
}

/// The member of the stored lists that holds what the server said of itself.
const SAID: &str = "server";

/// The lists of an offer as the store keeps them, and what the server said of itself.
pub(crate) fn lists(offer: &Offer) -> String {
    let Greeting { revision, sessions, completions, instructions } = &offer.greeting;
    let said = serde_json::json!({
        "revision": revision, "sessions": sessions, "completions": completions, "instructions": instructions
    });
    let list = |kind: ListKind, items: &[String]| format!("\"{}\":[{}]", kind.array_key(), items.join(","));
    format!(
        "{{\"{SAID}\":{said},{},{},{},{}}}",
        list(ListKind::Tools, &offer.tools),
        list(ListKind::Prompts, &offer.prompts),
        list(ListKind::Resources, &offer.resources),
        list(ListKind::ResourceTemplates, &offer.templates),
    )
}
