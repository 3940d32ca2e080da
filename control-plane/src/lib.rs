//! The control plane: store, revisions, snapshots, audit.
//!
//! [`ControlPlane::open`] opens the store and keeps the newest revision ready as a snapshot for each kind of node. Its
//! three gRPC services are served on a socket by [`ControlPlane::serve`], which asks for tokens, or called in the process
//! itself, where none is needed. What a policy means is decided in `policy`; here it is kept, checked and passed on.

use std::{
    sync::{Arc, Weak},
    time::Duration,
};

use proto::{
    ratelimit::rate_limit_service_server::RateLimitServiceServer,
    v1::{
        admin_service_server::AdminServiceServer, audit_service_server::AuditServiceServer,
        policy_service_server::PolicyServiceServer,
    },
};
use tokio::{sync::watch, time::MissedTickBehavior};

mod catalogue;
mod credentials;
mod grpc;
mod instant;
mod key_sets;
mod ledger;
mod nodes;
mod rate_limits;
mod rights;
mod serve;
mod snapshot;
pub mod store;
mod telemetry;
pub mod tokens;
pub mod vault;

pub use credentials::{CredentialSource, Unresolved};
pub use grpc::{
    admin::AdminDesk, audit::AuditDesk, explain::explain, policy::PolicyDesk, rate_limit::RateLimitDesk,
};
pub use ledger::MAX_DOCUMENT;
pub use rate_limits::{Redis, RedisUrlError};
pub use serve::ServeError;
pub use store::StoreError;
pub use telemetry::observe;
pub use tokens::Tokens;

use crate::{
    catalogue::Offers,
    key_sets::KeySets,
    ledger::Ledger,
    nodes::Nodes,
    rate_limits::RateLimits,
    store::{Newest, Store},
};

/// Longest message either way, in bytes. Clients that read the audit set the same: an event may carry a call's arguments.
pub const MAX_MESSAGE: usize = 32 * 1024 * 1024;

/// What requests of the control plane say of themselves.
pub(crate) const AGENT: &str = concat!("trigate-control-plane/", env!("CARGO_PKG_VERSION"));

/// How often the store is looked at for what another process put there.
const LOOK: Duration = Duration::from_millis(250);

/// How often it is looked whether a session key is due. Keys live for hours.
const RENEW: Duration = Duration::from_secs(60);

/// What a control plane is opened with.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where the credentials of servers come from.
    pub credentials: CredentialSource,
    /// What seals and opens the credentials in the store; without it, none can be stored.
    pub vault: Option<vault::Vault>,
    /// URL of the adapter that runs servers, `http://HOST:PORT`, to ask what they offer.
    pub bridge: Option<String>,
    /// Where the limits are counted that several gateways share; without it, in memory.
    pub redis: Option<Redis>,
}

/// A control plane. Clones share the one store.
#[derive(Clone)]
pub struct ControlPlane {
    shared: Arc<Shared>,
}

/// What the services share.
struct Shared {
    store: Arc<Store>,
    ledger: Ledger,
    offers: Arc<Offers>,
    key_sets: Arc<KeySets>,
    vault: Option<vault::Vault>,
    nodes: Nodes,
    rate_limits: RateLimits,
    stopping: watch::Sender<bool>,
}

impl Shared {
    /// Completes once the control plane stops serving.
    fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut stopping = self.stopping.subscribe();
        async move {
            // An error means that the control plane is gone, which is as good as stopped.
            let _ = stopping.wait_for(|stopping| *stopping).await;
        }
    }
}

impl ControlPlane {
    /// Opens the store at `sqlite://PATH` (made where there is none) or `sqlite::memory:`.
    ///
    /// # Errors
    /// The store cannot be opened, is no store, or was written by a newer version.
    pub async fn open(store_url: &str, options: Options) -> Result<Self, StoreError> {
        let url = store_url.to_owned();
        let opened = tokio::task::spawn_blocking(move || Store::open(&url)).await;
        let store = Arc::new(opened.map_err(|_| StoreError::Stopped)??);
        let offers = Arc::new(Offers::new(Arc::clone(&store)));
        let key_sets = Arc::new(KeySets::new(Arc::clone(&store)));
        key_sets.recall().await?;
        let vault = options.vault.clone();
        let rate_limits = RateLimits::new(options.redis.clone());
        let ledger = Ledger::new(Arc::clone(&store), Arc::clone(&offers), Arc::clone(&key_sets), options);
        ledger.refresh().await?;
        let shared = Arc::new(Shared {
            store,
            ledger,
            offers,
            key_sets,
            vault,
            nodes: Nodes::default(),
            rate_limits,
            stopping: watch::Sender::new(false),
        });
        telemetry::watch(&shared);
        tokio::spawn(renew(Arc::downgrade(&shared)));
        if shared.store.is_shared() {
            tokio::spawn(notice_others(Arc::downgrade(&shared)));
        }
        Ok(Self { shared })
    }

    /// `PolicyService`, without a check of tokens.
    #[must_use]
    pub fn policy_service(&self) -> PolicyServiceServer<PolicyDesk> {
        PolicyServiceServer::new(PolicyDesk::new(Arc::clone(&self.shared)))
            .max_decoding_message_size(MAX_MESSAGE)
    }

    /// `AuditService`, without a check of tokens.
    #[must_use]
    pub fn audit_service(&self) -> AuditServiceServer<AuditDesk> {
        AuditServiceServer::new(AuditDesk::new(Arc::clone(&self.shared)))
            .max_decoding_message_size(MAX_MESSAGE)
    }

    /// `envoy.service.ratelimit.v3.RateLimitService`, without a check of tokens.
    #[must_use]
    pub fn rate_limit_service(&self) -> RateLimitServiceServer<RateLimitDesk> {
        RateLimitServiceServer::new(RateLimitDesk::new(Arc::clone(&self.shared)))
    }

    /// `AdminService`, without a check of tokens.
    #[must_use]
    pub fn admin_service(&self) -> AdminServiceServer<AdminDesk> {
        AdminServiceServer::new(AdminDesk::new(Arc::clone(&self.shared)))
            .max_decoding_message_size(MAX_MESSAGE)
    }
}

/// Passes on revisions and audit events that another process stored, for as long as the control plane is there.
async fn notice_others(shared: Weak<Shared>) {
    let mut ticks = tokio::time::interval(LOOK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Remembered apart from what was pushed: a revision that could not be is complained about once.
    let mut looked_at = Newest::default();
    let mut failing = false;
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        let looked = look(&shared, looked_at).await;
        if let Err(error) = &looked
            && !failing
        {
            tracing::error!(%error, "the store could not be read; revisions of other processes wait");
        }
        failing = looked.is_err();
        looked_at = looked.unwrap_or(looked_at);
    }
}

async fn look(shared: &Shared, looked_at: Newest) -> Result<Newest, StoreError> {
    let newest = shared.store.look().await?;
    let revised = newest.revision > looked_at.revision.max(shared.ledger.known_revision());
    let provided = (newest.session_key, newest.approval, newest.credentials)
        != (looked_at.session_key, looked_at.approval, looked_at.credentials);
    if revised || provided {
        shared.ledger.refresh().await?;
    }
    Ok(newest)
}

/// Publishes the newest revision again and again, which makes a new session key when one is due.
async fn renew(shared: Weak<Shared>) {
    let mut ticks = tokio::time::interval(RENEW);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(shared) = shared.upgrade() else { return };
        if let Err(error) = shared.ledger.refresh().await {
            tracing::error!(%error, "the session keys could not be looked after; those there are stay in use");
        }
    }
}

/// Everything that is wrong with a document, conditions on rows included.
#[must_use]
pub fn check(source: &policy::Source) -> policy::Problems {
    source.check_with(|rule| {
        sql::parse_row_rule(rule).map_err(|error| format!("at character {}: {}", error.offset, error.problem))
    })
}
