//! The public keys of the issuers whose tokens are accepted: fetched here, never by a gateway.
//!
//! Each issuer is asked at the start, every few minutes, and whenever a document is applied, so that a rotation reaches the
//! gateways while the issuer still publishes both keys. One that does not answer keeps the keys it had, also over a
//! restart, until they are [`MAX_AGE_MS`] old; then its tokens are refused.

mod fetch;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use futures::future::join_all;
use policy::{
    Document,
    document::identity::{Jwks, JwtIssuer},
};
use proto::v1;
use tokio::{sync::Notify, time::timeout};

use crate::{
    Shared, instant,
    store::{Store, StoreError, StoredKeySet},
};

/// How often an issuer is asked, in milliseconds.
const PERIOD_MS: u64 = 5 * 60 * 1000;
/// How often a file is looked at, in milliseconds.
const FILE_PERIOD_MS: u64 = 5 * 1000;
/// First pause before an issuer that did not answer is asked again, in milliseconds; it doubles up to [`PERIOD_MS`].
const PAUSE_MS: u64 = 1000;
/// How long keys are good for after their issuer was last heard, in milliseconds.
const MAX_AGE_MS: u64 = 24 * 60 * 60 * 1000;
/// How often it is looked whether somebody has to be asked.
const TICK: Duration = Duration::from_secs(1);

/// The keys of all issuers.
pub(crate) struct KeySets {
    store: Arc<Store>,
    issuers: Mutex<BTreeMap<String, Issuer>>,
    asked: Notify,
}

/// What is known of one issuer.
#[derive(Clone, Debug, Default)]
struct Issuer {
    /// Where its keys come from, as written.
    source: String,
    jwks: Vec<u8>,
    /// How many of its keys can be used.
    keys: usize,
    /// When it was last heard; 0 for never.
    heard_ms: u64,
    /// When it is to be asked next.
    next_ms: u64,
    pause_ms: u64,
    /// Why it could not be heard the last time.
    failure: Option<String>,
}

impl KeySets {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self { store, issuers: Mutex::default(), asked: Notify::new() }
    }

    /// Takes over what an earlier process was told.
    pub(crate) async fn recall(&self) -> Result<(), StoreError> {
        for stored in self.store.key_sets().await? {
            let Ok(set) = engine::jwks::KeySet::parse(&stored.jwks) else { continue };
            let known = Issuer {
                source: stored.source,
                jwks: stored.jwks,
                keys: set.len(),
                heard_ms: stored.heard_ms,
                ..Issuer::default()
            };
            self.lock().insert(stored.issuer, known);
        }
        Ok(())
    }

    /// The keys that gateways get for a document.
    pub(crate) fn of(&self, document: &Document) -> Vec<v1::Issuer> {
        let (known, now) = (self.lock(), instant::now_ms());
        let issuers = document.identity.jwt.iter().filter_map(|written| {
            let known = known.get(&written.issuer)?;
            let counts = known.source == source(written) && known.is_fresh(now);
            counts.then(|| v1::Issuer { issuer: written.issuer.clone(), jwks: known.jwks.clone() })
        });
        issuers.collect()
    }

    /// How it stands with each issuer of a document, for people.
    pub(crate) fn report(&self, document: &Document) -> Vec<v1::IssuerKeys> {
        let (known, now) = (self.lock(), instant::now_ms());
        let issuers = document.identity.jwt.iter().map(|written| {
            let known = known.get(&written.issuer).filter(|known| known.source == source(written)).cloned();
            let known = known.unwrap_or_default();
            let keys = if known.is_fresh(now) { u32::try_from(known.keys).unwrap_or(u32::MAX) } else { 0 };
            v1::IssuerKeys {
                issuer: written.issuer.clone(),
                keys,
                heard: (known.heard_ms != 0)
                    .then(|| instant::timestamp(instant::micros_of_ms(known.heard_ms))),
                problem: known.failure.unwrap_or_default(),
            }
        });
        issuers.collect()
    }

    /// Has issuers asked that were never asked.
    pub(crate) fn look(&self) {
        self.asked.notify_one();
    }

    /// Has every issuer asked soon.
    pub(crate) fn ask_again(&self) {
        self.lock().values_mut().for_each(|issuer| issuer.next_ms = 0);
        self.asked.notify_one();
    }

    /// Asks whoever is due. Answers whether gateways have to be told.
    async fn ask_due(&self, document: &Document) -> Result<bool, StoreError> {
        let asked = join_all(document.identity.jwt.iter().map(|written| self.ask(written))).await;
        asked.into_iter().try_fold(false, |any, changed| Ok(changed? || any))
    }

    /// Asks one issuer, if it is due.
    async fn ask(&self, written: &JwtIssuer) -> Result<bool, StoreError> {
        let (source, now) = (source(written), instant::now_ms());
        let before = self.lock().get(&written.issuer).filter(|known| known.source == source).cloned();
        let before = before.unwrap_or_default();
        if before.next_ms > now {
            return Ok(false);
        }
        let told = fetch::key_set(&written.jwks).await;
        let known = Issuer { source, ..before.clone() }.told(written, told);
        if known.failure.is_none() {
            let stored = StoredKeySet {
                issuer: written.issuer.clone(),
                source: known.source.clone(),
                jwks: known.jwks.clone(),
                heard_ms: known.heard_ms,
            };
            self.store.keep_key_set(stored).await?;
        }
        let changed = known.jwks != before.jwks || known.is_fresh(instant::now_ms()) != before.is_fresh(now);
        self.lock().insert(written.issuer.clone(), known);
        Ok(changed)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Issuer>> {
        self.issuers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Issuer {
    fn is_fresh(&self, now_ms: u64) -> bool {
        !self.jwks.is_empty() && now_ms < self.heard_ms.saturating_add(MAX_AGE_MS)
    }

    /// What is known after it was asked.
    fn told(mut self, written: &JwtIssuer, told: Result<fetch::Fetched, fetch::FetchError>) -> Self {
        let now = instant::now_ms();
        match told {
            Ok(fetched) => {
                if self.failure.take().is_some() || self.jwks != fetched.jwks {
                    tracing::info!(issuer = written.issuer, keys = fetched.keys, "keys of an issuer");
                }
                let period = match written.jwks {
                    Jwks::File(_) => FILE_PERIOD_MS,
                    Jwks::Uri(_) => PERIOD_MS,
                };
                let (next_ms, pause_ms) = (now.saturating_add(period), PAUSE_MS);
                Self { jwks: fetched.jwks, keys: fetched.keys, heard_ms: now, next_ms, pause_ms, ..self }
            }
            Err(error) => {
                let failure = Some(error.to_string());
                if self.failure != failure {
                    tracing::error!(issuer = written.issuer, %error, "the keys of an issuer could not be had; it is asked again");
                }
                let pause = self.pause_ms.clamp(PAUSE_MS, PERIOD_MS);
                let (next_ms, pause_ms) = (now.saturating_add(pause), pause.saturating_mul(2));
                Self { failure, next_ms, pause_ms, ..self }
            }
        }
    }
}

/// Where the keys of an issuer come from: keys from elsewhere are not its keys.
fn source(written: &JwtIssuer) -> String {
    match &written.jwks {
        Jwks::File(path) => format!("file {path}"),
        Jwks::Uri(uri) => format!("uri {uri}"),
    }
}

/// Asks issuers for as long as the control plane is there.
pub(crate) async fn run(shared: Weak<Shared>) {
    loop {
        let Some(plane) = shared.upgrade() else { return };
        let asked = async {
            let document = plane.ledger.document().await?;
            if plane.key_sets.ask_due(&document).await? {
                plane.ledger.refresh().await?;
            }
            Ok::<(), crate::ledger::LedgerError>(())
        };
        if let Err(error) = asked.await {
            tracing::error!(%error, "the keys of issuers could not be kept");
        }
        let sets = Arc::clone(&plane.key_sets);
        drop(plane);
        // Either way it is looked again: who was notified, and whose time has come.
        let _ = timeout(TICK, sets.asked.notified()).await;
    }
}
