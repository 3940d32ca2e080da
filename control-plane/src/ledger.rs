//! The revisions as the services see them: every change is checked, appended, and pushed to whoever watches.
//!
//! Changes of this process stand in line; one of another process that comes between is noticed by the store, and the
//! change is made again on top of it. A change that was stored is pushed even if its caller went away meanwhile.

use std::{collections::BTreeMap, sync::Arc};

use policy::{Catalogue, Document, EditError, Problem, Problems};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{
    Options,
    catalogue::{
        Offers,
        ask::Target,
        target::{self, Ways},
    },
    credentials::{self, Resolved, StoredSecrets},
    instant,
    key_sets::KeySets,
    snapshot::{Provisions, Published},
    store::{Rotation, Store, StoreError, StoredRevision},
};

/// Longest document, in bytes: a snapshot of it has to fit the 4 MiB that gRPC clients read by default.
pub const MAX_DOCUMENT: usize = 3 * 1024 * 1024;

/// How often a change is made again because another process came between.
const ATTEMPTS: usize = 16;

/// Why there is no new revision.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum LedgerError {
    #[error("{0}")]
    Problems(Problems),
    #[error("{0}")]
    Edit(#[from] EditError),
    #[error("the newest revision is {newest}, not {expected}: look at what changed and apply again")]
    Stale { expected: u64, newest: u64 },
    #[error("there is no revision {revision}: the newest is {newest}")]
    UnknownRevision { revision: u64, newest: u64 },
    #[error("the document has {bytes} bytes: at most {MAX_DOCUMENT} are possible")]
    TooLong { bytes: usize },
    #[error(
        "revision {revision} cannot be edited, for this version finds problems in it; apply a whole document instead: {problems}"
    )]
    Unreadable { revision: u64, problems: Problems },
    #[error("other processes keep changing the document; try again")]
    Contended,
    #[error("{0}")]
    Store(#[from] StoreError),
}

/// A change that was made, or was none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applied {
    pub(crate) revision: u64,
    pub(crate) changed: bool,
}

pub(crate) struct Ledger {
    inner: Arc<Inner>,
    /// Held while a change is made.
    turn: Arc<Mutex<()>>,
}

struct Inner {
    store: Arc<Store>,
    offers: Arc<Offers>,
    key_sets: Arc<KeySets>,
    options: Options,
    published: watch::Sender<Option<Arc<Published>>>,
}

impl Ledger {
    pub(crate) fn new(
        store: Arc<Store>,
        offers: Arc<Offers>,
        key_sets: Arc<KeySets>,
        options: Options,
    ) -> Self {
        let inner = Inner { store, offers, key_sets, options, published: watch::Sender::new(None) };
        Self { inner: Arc::new(inner), turn: Arc::default() }
    }

    /// The newest snapshot, now and whenever there is another; `None` before the first revision.
    pub(crate) fn subscribe(&self) -> watch::Receiver<Option<Arc<Published>>> {
        self.inner.published.subscribe()
    }

    /// The revision that was pushed last.
    pub(crate) fn known_revision(&self) -> u64 {
        self.inner.published.borrow().as_ref().map_or(0, |published| published.revision)
    }

    /// Pushes the newest revision of the store, where it is not known yet.
    pub(crate) async fn refresh(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let Some(newest) = self.inner.store.newest_revision().await? else { return Ok(()) };
        match checked(newest.document).await? {
            Ok(document) => self.inner.publish(newest.revision, &document).await,
            Err(problems) => {
                tracing::error!(revision = newest.revision, %problems, "the newest revision has problems for this version; nodes keep what they have");
                Ok(())
            }
        }
    }

    /// The newest revision, or the empty one before there is any.
    pub(crate) async fn newest(&self) -> Result<StoredRevision, LedgerError> {
        Ok(self.inner.store.newest_revision().await?.unwrap_or_else(|| {
            let document = Document::default().to_yaml();
            let digest = digest(&document);
            StoredRevision { revision: 0, time_us: 0, comment: String::new(), digest, document }
        }))
    }

    /// One revision, the newest for 0.
    pub(crate) async fn revision(&self, revision: u64) -> Result<StoredRevision, LedgerError> {
        if revision == 0 {
            return self.newest().await;
        }
        match self.inner.store.revision(revision).await? {
            Some(found) => Ok(found),
            None => Err(LedgerError::UnknownRevision { revision, newest: self.newest().await?.revision }),
        }
    }

    /// The newest document, read.
    pub(crate) async fn document(&self) -> Result<Document, LedgerError> {
        readable(&self.newest().await?).await
    }

    /// Whether this process is the one that asks servers what they offer.
    pub(crate) fn asks(&self) -> bool {
        self.inner.options.credentials.is_here()
    }

    /// Where each upstream server is asked what it offers, and as whom; none where another process asks.
    pub(crate) async fn targets(&self) -> Result<BTreeMap<String, Target>, LedgerError> {
        if !self.asks() {
            return Ok(BTreeMap::new());
        }
        let document = self.document().await?;
        let Resolved { credentials, .. } = self.inner.resolve(&document).await?;
        let keys = self.inner.store.assertion_keys(asserted(&document)).await?;
        let bridge = self.inner.options.bridge.as_deref();
        Ok(target::of(document, Ways { credentials, keys: &keys, bridge }))
    }

    /// Everything that stands against a text as the next revision.
    pub(crate) async fn problems(&self, text: String) -> Result<Problems, StoreError> {
        if text.len() > MAX_DOCUMENT {
            let message = LedgerError::TooLong { bytes: text.len() }.to_string();
            return Ok(Problems(vec![Problem { line: 0, column: 0, path: String::new(), message }]));
        }
        match checked(text.clone()).await? {
            Ok(document) => self.inner.absent(text, &document).await,
            Err(problems) => Ok(problems),
        }
    }

    /// What a document's servers are known to offer.
    pub(crate) async fn catalogue(&self, document: &Document) -> Result<Arc<Catalogue>, StoreError> {
        self.inner.catalogue(document).await
    }

    /// Makes a text the newest revision. `expected` is the revision it was made from, 0 for whichever.
    pub(crate) async fn apply(
        &self,
        text: String,
        comment: String,
        expected: u64,
    ) -> Result<Applied, LedgerError> {
        if text.len() > MAX_DOCUMENT {
            return Err(LedgerError::TooLong { bytes: text.len() });
        }
        let document = checked(text.clone()).await?.map_err(LedgerError::Problems)?;
        let in_force = self.newest().await?.document == text;
        // What is in force stays so, whatever became of its keys and tools since.
        let absent = if in_force {
            self.inner.missing_credentials(&document).await?
        } else {
            self.inner.absent(text.clone(), &document).await?
        };
        if !absent.is_empty() {
            return Err(LedgerError::Problems(absent));
        }
        // Whoever applies a document may have seen to its issuers as well.
        self.inner.key_sets.ask_again();
        for _ in 0..ATTEMPTS {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let newest = self.newest().await?;
            if expected != 0 && expected != newest.revision {
                return Err(LedgerError::Stale { expected, newest: newest.revision });
            }
            if newest.revision != 0 && newest.document == text {
                // A credential may be there now that was not when this revision was pushed.
                self.inner.publish(newest.revision, &document).await?;
                return Ok(Applied { revision: newest.revision, changed: false });
            }
            let next = successor(&newest, text.clone(), comment.clone());
            if let Some(applied) = self.commit(turn, next, document.clone()).await? {
                return Ok(applied);
            }
        }
        Err(LedgerError::Contended)
    }

    /// Makes the newest document, edited, the newest revision.
    pub(crate) async fn edit<T>(
        &self,
        comment: &str,
        edit: impl Fn(&mut Document) -> Result<T, EditError>,
    ) -> Result<(T, Applied), LedgerError> {
        for _ in 0..ATTEMPTS {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let newest = self.newest().await?;
            let before = readable(&newest).await?;
            let mut document = before.clone();
            let made = edit(&mut document)?;
            if document == before {
                return Ok((made, Applied { revision: newest.revision, changed: false }));
            }
            // The text is what is kept, so the text is what is checked. Credentials are not: whether a server's token is
            // at hand must not decide whether a key can be revoked.
            let text = document.to_yaml();
            if text.len() > MAX_DOCUMENT {
                return Err(LedgerError::TooLong { bytes: text.len() });
            }
            let document = checked(text.clone()).await?.map_err(LedgerError::Problems)?;
            let next = successor(&newest, text, comment.to_owned());
            if let Some(applied) = self.commit(turn, next, document).await? {
                return Ok((made, applied));
            }
        }
        Err(LedgerError::Contended)
    }

    /// Makes the document of an older revision the newest revision.
    pub(crate) async fn roll_back(&self, revision: u64) -> Result<Applied, LedgerError> {
        if revision == 0 {
            return Err(LedgerError::UnknownRevision { revision, newest: self.newest().await?.revision });
        }
        let text = self.revision(revision).await?.document;
        let document = checked(text.clone()).await?.map_err(LedgerError::Problems)?;
        for _ in 0..ATTEMPTS {
            let turn = Arc::clone(&self.turn).lock_owned().await;
            let newest = self.newest().await?;
            if newest.document == text {
                return Ok(Applied { revision: newest.revision, changed: false });
            }
            let next = successor(&newest, text.clone(), format!("roll back to revision {revision}"));
            if let Some(applied) = self.commit(turn, next, document.clone()).await? {
                return Ok(applied);
            }
        }
        Err(LedgerError::Contended)
    }

    /// Appends and pushes, in a task of its own so that a caller who goes away leaves nothing half done. `None` where
    /// another process came between.
    async fn commit(
        &self,
        turn: OwnedMutexGuard<()>,
        next: StoredRevision,
        document: Document,
    ) -> Result<Option<Applied>, LedgerError> {
        let inner = Arc::clone(&self.inner);
        let task = tokio::spawn(async move {
            let _turn = turn;
            let (revision, comment) = (next.revision, next.comment.clone());
            if !inner.store.append_revision(next).await? {
                return Ok(None);
            }
            tracing::info!(revision, comment, "new revision");
            inner.publish(revision, &document).await?;
            Ok(Some(Applied { revision, changed: true }))
        });
        task.await.map_err(|_| StoreError::Stopped)?
    }
}

impl Inner {
    /// What the document names and is not there: credentials, arguments of tools, claims of keys.
    async fn absent(&self, text: String, document: &Document) -> Result<Problems, StoreError> {
        let missing = self.missing_credentials(document).await?;
        if !missing.is_empty() {
            return Ok(missing);
        }
        let catalogue = self.catalogue(document).await?;
        let read = move || policy::parse(&text).map(|source| source.check_data(&catalogue));
        let read = tokio::task::spawn_blocking(read).await.map_err(|_| StoreError::Stopped)?;
        Ok(read.unwrap_or_else(|problems| problems))
    }

    async fn catalogue(&self, document: &Document) -> Result<Arc<Catalogue>, StoreError> {
        let json = self.offers.json(document).await?;
        // What this process wrote itself reads; nothing known is the safe way to take anything else.
        let read = tokio::task::spawn_blocking(move || Catalogue::from_json(&json).unwrap_or_default()).await;
        read.map(Arc::new).map_err(|_| StoreError::Stopped)
    }

    /// Pushes a revision to every watcher, unless they have the very same one.
    async fn publish(&self, revision: u64, document: &Document) -> Result<(), StoreError> {
        let Resolved { credentials, variables } = self.resolve(document).await?;
        for (server, value) in &credentials {
            if let Err(error) = value {
                tracing::error!(server, %error, "a server's credential is missing: gateways refuse calls to it");
            }
        }
        let age_ms = document.sessions.max_age_ms();
        self.store.rotate_session_keys(Rotation::Due(age_ms), instant::now_ms()).await?;
        let provisions = Provisions {
            assertion: self.store.assertion_keys(self.told_by_assertion(document)).await?,
            variables: credentials::known(variables),
            session: self.store.session_keys().await?,
            catalogue: self.offers.json(document).await?,
            issuers: self.key_sets.of(document),
        };
        let next = Published::new(revision, document, &credentials, &provisions);
        self.key_sets.look();
        self.published.send_if_modified(|published| {
            let newer = published
                .as_ref()
                .is_none_or(|known| known.revision <= revision && !known.says_the_same_as(&next));
            if newer {
                let next = next.after(published.as_deref());
                *published = Some(Arc::new(next));
            }
            newer
        });
        Ok(())
    }

    /// Who is told by an assertion who calls. Where an adapter is known and servers share an endpoint, whoever keeps streams
    /// open for the gateway as well: with that key changes of lists are told, without it they are not.
    fn told_by_assertion(&self, document: &Document) -> Vec<String> {
        let shares = document.endpoints.values().any(|endpoint| endpoint.servers.len() > 1);
        let changes = (shares && self.options.bridge.is_some()).then(|| policy::CHANGES.to_owned());
        asserted(document).into_iter().chain(changes).collect()
    }

    /// A problem for each credential that cannot be had, where this process is the one to have it.
    async fn missing_credentials(&self, document: &Document) -> Result<Problems, StoreError> {
        if !self.options.credentials.is_here() {
            return Ok(Problems::default());
        }
        Ok(Problems(self.resolve(document).await?.missing().collect()))
    }

    async fn resolve(&self, document: &Document) -> Result<Resolved, StoreError> {
        let (source, document) = (self.options.credentials.clone(), document.clone());
        let stored =
            StoredSecrets { vault: self.options.vault.clone(), sealed: self.store.credentials().await? };
        let resolved = tokio::task::spawn_blocking(move || Resolved {
            credentials: source.resolve(&document, &stored),
            variables: source.variables(&document, &stored),
        })
        .await;
        resolved.map_err(|_| StoreError::Stopped)
    }
}

/// The servers and databases that are told who calls by an assertion of our own.
fn asserted(document: &Document) -> Vec<String> {
    let bridged = document.servers.iter().filter(|(_, server)| server.is_bridged()).map(|(name, _)| name);
    document.databases.keys().chain(bridged).cloned().collect()
}

/// The one way from text to a document that may become a revision. A long text takes a while, so no worker of the
/// runtime reads it.
async fn checked(text: String) -> Result<Result<Document, Problems>, StoreError> {
    let read = tokio::task::spawn_blocking(move || {
        let source = policy::parse(&text)?;
        let problems = crate::check(&source);
        if problems.is_empty() { Ok(source.document) } else { Err(problems) }
    });
    read.await.map_err(|_| StoreError::Stopped)
}

async fn readable(stored: &StoredRevision) -> Result<Document, LedgerError> {
    let read = checked(stored.document.clone()).await?;
    read.map_err(|problems| LedgerError::Unreadable { revision: stored.revision, problems })
}

fn successor(newest: &StoredRevision, document: String, comment: String) -> StoredRevision {
    StoredRevision {
        revision: newest.revision.saturating_add(1),
        time_us: instant::now(),
        comment,
        digest: digest(&document),
        document,
    }
}

fn digest(document: &str) -> String {
    blake3::hash(document.as_bytes()).to_hex().to_string()
}
