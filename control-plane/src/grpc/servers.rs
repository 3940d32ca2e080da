//! `AdminService`, the part about upstream servers: adding and removing them, and what they are known to offer.

use mcp::{Json, list::ListKind};
use policy::{Document, EditError, document::Server, edit};
use proto::v1::{self, OfferKind};
use tonic::Status;

use super::status;
use crate::{
    Shared,
    catalogue::view::{self, ServerView},
    instant,
};

/// The lists of an offer, in the order in which they are told.
const LISTS: [(ListKind, OfferKind); 4] = [
    (ListKind::Tools, OfferKind::Tool),
    (ListKind::Prompts, OfferKind::Prompt),
    (ListKind::Resources, OfferKind::Resource),
    (ListKind::ResourceTemplates, OfferKind::Template),
];

/// Adds a server, and an endpoint in front of it where one is named.
pub(super) async fn add(
    shared: &Shared,
    request: v1::AddServerRequest,
) -> Result<v1::ApplyPolicyResponse, Status> {
    let v1::AddServerRequest { name, declaration, endpoint } = request;
    let server: Server = serde_json::from_str(&declaration)
        .map_err(|error| status::invalid(format!("`declaration` is no entry of `servers`: {error}")))?;
    let edit = |document: &mut Document| -> Result<(), EditError> {
        edit::add_server(document, &name, server.clone())?;
        if endpoint.is_empty() { Ok(()) } else { edit::add_endpoint(document, &endpoint, &name) }
    };
    let ((), applied) = shared.ledger.edit(&format!("server add {name}"), edit).await?;
    Ok(applied.into())
}

/// Removes a server.
pub(super) async fn remove(
    shared: &Shared,
    request: v1::RemoveServerRequest,
) -> Result<v1::RemoveServerResponse, Status> {
    let v1::RemoveServerRequest { name, force } = request;
    let edit = |document: &mut Document| edit::remove_server(document, &name, force);
    let (removed, applied) = shared.ledger.edit(&format!("server remove {name}"), edit).await?;
    Ok(v1::RemoveServerResponse { revision: applied.revision, removed })
}

/// What is known of what the servers offer.
pub(super) async fn catalogue(
    shared: &Shared,
    request: v1::ListCatalogueRequest,
) -> Result<v1::ListCatalogueResponse, Status> {
    let document = shared.ledger.document().await?;
    let mut views = shared.offers.views(&document).await?;
    if !request.server.is_empty() {
        views.retain(|view| view.name == request.server);
        if views.is_empty() {
            return Err(status::unknown_server(&request.server));
        }
    }
    Ok(v1::ListCatalogueResponse { servers: views.into_iter().map(offered).collect() })
}

fn offered(view: ServerView) -> v1::OfferedServer {
    let answered = view.is_heard().then(|| instant::timestamp(view.offer.answered_us));
    let lists = view::read(&view.offer.lists);
    let items = LISTS.into_iter().flat_map(|(list, kind)| {
        let listed = lists.and_then(|lists| lists.member(list.array_key())).and_then(Json::array);
        listed.unwrap_or_default().into_iter().filter_map(move |item| {
            let name = item.member(list.item_key()).and_then(Json::as_str)?.into_owned();
            Some(v1::OfferedItem { kind: kind.into(), name, definition: item.text().to_owned() })
        })
    });
    v1::OfferedServer {
        items: items.collect(),
        answered,
        era: view.offer.era.clone(),
        failure: view.offer.failure.clone(),
        server: view.name,
    }
}
