//! What the servers offer, and what of it is approved: asked, kept in the store, and passed on to the gateways.
//!
//! The process that serves asks each upstream server for its lists (`asker.rs`, `ask.rs`); every process can read and
//! approve. A server that does not answer keeps what it was last heard to offer. Databases are not asked: the adapter makes
//! their tools, by each caller's role, and says them itself (`roles.rs`) where gateways list them beside those of others.

pub(crate) mod ask;
pub(crate) mod asker;
pub(crate) mod notes;
pub(crate) mod roles;
pub(crate) mod shelf;
pub(crate) mod target;
pub(crate) mod view;

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use policy::{Catalogue, Document, catalogue::role_tools::RoleTools};
use tokio::sync::Notify;

use crate::{
    catalogue::view::{ServerView, view},
    store::{Store, StoreError, StoredApproval},
};

/// The catalogue of one store.
pub(crate) struct Offers {
    store: Arc<Store>,
    /// Counts what this process put down.
    changes: AtomicU64,
    made: Mutex<Option<Made>>,
    /// Servers that somebody wants asked soon.
    wanted: Mutex<BTreeSet<String>>,
    wake: Notify,
    notes: notes::Notes,
    /// What adapters say that databases offer.
    told: Mutex<roles::Told>,
}

/// The catalogue as it was made last, and of what.
struct Made {
    of: Origin,
    json: Arc<Vec<u8>>,
}

/// What a catalogue is made of: while it is the same, so is the catalogue.
#[derive(PartialEq)]
struct Origin {
    changes: u64,
    approval: i64,
    servers: Vec<(String, String)>,
    /// Servers that share an endpoint.
    sharing: BTreeSet<String>,
}

impl Offers {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            changes: AtomicU64::default(),
            made: Mutex::default(),
            wanted: Mutex::default(),
            wake: Notify::new(),
            notes: notes::Notes::default(),
            told: Mutex::default(),
        }
    }

    /// The catalogue for a document's servers, as a gateway's snapshot carries it.
    pub(crate) async fn json(&self, document: &Document) -> Result<Arc<Vec<u8>>, StoreError> {
        let servers =
            document.servers.iter().map(|(name, server)| (name.clone(), server.identity().into_owned()));
        let of = Origin {
            changes: self.changes.load(Ordering::SeqCst),
            approval: self.store.look().await?.approval,
            servers: servers.collect(),
            sharing: sharing(document),
        };
        let made = lock(&self.made).as_ref().filter(|made| made.of == of).map(|made| Arc::clone(&made.json));
        if let Some(json) = made {
            return Ok(json);
        }
        let (views, sharing) = (self.views(document).await?, of.sharing.clone());
        let told = lock(&self.told).databases(&sharing);
        let json =
            tokio::task::spawn_blocking(move || Arc::new(catalogue(views, &sharing, told).to_json())).await;
        let json = json.map_err(|_| StoreError::Stopped)?;
        *lock(&self.made) = Some(Made { of, json: Arc::clone(&json) });
        Ok(json)
    }

    /// What is known of each of a document's servers, in the order of their names.
    pub(crate) async fn views(&self, document: &Document) -> Result<Vec<ServerView>, StoreError> {
        let (offers, approvals) = self.store.offers().await?;
        let document = document.clone();
        // Thousands of definitions take a while to read.
        let views = tokio::task::spawn_blocking(move || view(&document, offers, approvals)).await;
        views.map_err(|_| StoreError::Stopped)
    }

    /// Has a server asked soon: a gateway met what the catalogue does not have.
    pub(crate) fn want(&self, server: &str) {
        lock(&self.wanted).insert(server.to_owned());
        self.wake.notify_one();
    }

    /// Writes approvals, and those taken back, into the audit trail.
    pub(crate) async fn note_approvals(&self, approvals: &[StoredApproval]) -> Result<(), StoreError> {
        self.notes.approved(&self.store, approvals).await
    }

    /// Takes note that the store has something new.
    fn changed(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }
}

/// The servers that share an endpoint: lists of it are made of what is known here.
pub(crate) fn sharing(document: &Document) -> BTreeSet<String> {
    let shared = document.endpoints.values().filter(|endpoint| endpoint.servers.len() > 1);
    shared.flat_map(|endpoint| endpoint.servers.iter().cloned()).collect()
}

fn catalogue(
    views: Vec<ServerView>,
    sharing: &BTreeSet<String>,
    told: Vec<(String, RoleTools)>,
) -> Catalogue {
    let mut catalogue = Catalogue::default();
    told.into_iter().for_each(|(database, roles)| catalogue.insert_roles(&database, roles));
    for view in views.into_iter().filter(ServerView::is_heard) {
        if sharing.contains(&view.name) {
            catalogue.insert_offer(&view.name, view::offer(&view));
        }
        catalogue.insert(&view.name, view.tools);
    }
    catalogue
}

/// Each change is complete in itself, so a panic elsewhere leaves nothing half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
