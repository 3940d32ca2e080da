//! The store: revisions, audit events and assertion keys in one SQLite file.
//!
//! SQLite is called on two threads of its own, one that writes and one that reads, so that no worker of the runtime
//! ever waits for a disk. Audit batches that wait for the writer together are committed together. Several processes
//! may have the file open; SQLite's own locks order their transactions.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use proto::v1;
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

mod audit;
mod credentials;
mod key_sets;
mod offers;
mod revisions;
mod schema;
mod secrets;
mod session_keys;
mod worker;

pub use audit::{AuditQuery, Cursor, Page};
pub use credentials::SealedCredential;
pub use key_sets::StoredKeySet;
pub use offers::{StoredApproval, StoredOffer};
pub use revisions::StoredRevision;
pub use session_keys::Rotation;

use worker::{Publication, Work, Worker, note_stored};

/// How long a transaction waits for another process's.
const BUSY: Duration = Duration::from_secs(10);

/// Why the store could not be opened, read or written.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The URL names no store that this version has.
    #[error("`{url}` is no store: say `sqlite://PATH` or `sqlite::memory:`")]
    Scheme {
        /// The URL without what may be secret in it.
        url: String,
    },
    /// A PostgreSQL URL.
    #[error("a PostgreSQL store comes later: say `sqlite://PATH`")]
    Postgres,
    /// The file cannot be opened or made.
    #[error("cannot open the store `{path}`: {source}; its directory must exist and the file be readable and writable", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: Arc<io::Error>,
    },
    /// Opening failed for what is in the file.
    #[error("cannot use the store `{path}`: {source}", path = path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<StoreError>,
    },
    /// A file of somebody else's.
    #[error("it is not a store of Trigate, and stays as it is; name another file")]
    NotAStore,
    /// A file of a newer version.
    #[error(
        "a newer Trigate wrote it (layout {found}, this version knows {known}); run that version or name another file"
    )]
    Newer {
        /// The layout of the file.
        found: usize,
        /// The newest layout this version knows.
        known: usize,
    },
    /// SQLite failed.
    #[error("the store failed: {0}")]
    Sqlite(Arc<rusqlite::Error>),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    Entropy(getrandom::Error),
    /// The store's thread could not be started, or has ended.
    #[error("the store has stopped")]
    Stopped,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => Self::NotAStore,
            _ => Self::Sqlite(Arc::new(error)),
        }
    }
}

/// The newest rows there are, of this process or of another.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Newest {
    /// The newest revision, 0 where there is none.
    pub revision: u64,
    /// The id of the audit event that was stored last.
    pub audit: i64,
    /// The id of the session key that was made last, 0 where there is none.
    pub session_key: i64,
    /// The id of the approval that was stored last.
    pub approval: i64,
    /// How many credentials there are, and when one was stored last (microseconds of Unix time).
    pub credentials: (u64, i64),
}

/// One open store. Dropping it lets queued work end.
pub struct Store {
    writer: Worker,
    /// `None` for a store in memory, which has the writer's connection only.
    reader: Option<Worker>,
    /// Id of the audit event that was stored last.
    stored: watch::Sender<i64>,
}

impl Store {
    /// Opens `sqlite://PATH` or `sqlite::memory:`, making the file where there is none.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let stored = watch::Sender::new(0);
        if url == "sqlite::memory:" {
            let connection = Connection::open_in_memory()?;
            let writer = Worker::start(prepare(connection)?, stored.clone())?;
            return Ok(Self { writer, reader: None, stored });
        }
        let path = path(url)?;
        let unusable = |source| StoreError::Unusable { path: path.to_owned(), source: Box::new(source) };
        make_file(path)
            .map_err(|source| StoreError::Open { path: path.to_owned(), source: Arc::new(source) })?;
        let written = open_file(path).and_then(prepare).map_err(unusable)?;
        let read = open_file(path).map_err(unusable)?;
        read.pragma_update(None, "query_only", true)?;
        let newest = newest_rows(&read)?;
        stored.send_replace(newest.audit);
        let writer = Worker::start(written, stored.clone())?;
        let reader = Some(Worker::start(read, stored.clone())?);
        Ok(Self { writer, reader, stored })
    }

    /// Whether another process can change what is stored.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.reader.is_some()
    }

    /// The newest revision with its document.
    pub async fn newest_revision(&self) -> Result<Option<StoredRevision>, StoreError> {
        self.read(|connection| revisions::newest(connection)).await
    }

    /// One revision with its document.
    pub async fn revision(&self, revision: u64) -> Result<Option<StoredRevision>, StoreError> {
        self.read(move |connection| revisions::find(connection, revision)).await
    }

    /// Revisions, newest first, with empty documents.
    pub async fn revisions(&self, limit: u32) -> Result<Vec<StoredRevision>, StoreError> {
        self.read(move |connection| revisions::list(connection, limit)).await
    }

    /// Appends a revision that is the one after the newest; `false` where another came first.
    pub async fn append_revision(&self, new: StoredRevision) -> Result<bool, StoreError> {
        self.write(move |connection| {
            let appended = revisions::append(connection, &new);
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            Ok(appended?.is_some())
        })
        .await
    }

    /// The assertion key of each server, made where there is none yet.
    pub async fn assertion_keys(
        &self,
        servers: Vec<String>,
    ) -> Result<BTreeMap<String, Vec<u8>>, StoreError> {
        self.write(move |connection| secrets::assertion_keys(connection, &servers)).await
    }

    /// The keys of sessions that are live, newest first.
    pub async fn session_keys(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        self.read(|connection| session_keys::live(connection)).await
    }

    /// Makes a new key for sessions where the rotation says so; whether it did.
    pub async fn rotate_session_keys(&self, rotation: Rotation, now_ms: u64) -> Result<bool, StoreError> {
        self.write(move |connection| session_keys::rotate(connection, rotation, now_ms)).await
    }

    /// What one server was last heard to offer.
    pub async fn offer(&self, server: String) -> Result<Option<StoredOffer>, StoreError> {
        self.read(move |connection| offers::offer(connection, &server)).await
    }

    /// What all servers were last heard to offer, and the last approval of each tool.
    pub async fn offers(&self) -> Result<(Vec<StoredOffer>, Vec<StoredApproval>), StoreError> {
        self.read(|connection| Ok((offers::offers(connection)?, offers::approvals(connection)?))).await
    }

    /// Puts down what a server offers, or why it does not say.
    pub async fn note_offer(&self, offer: StoredOffer) -> Result<(), StoreError> {
        self.write(move |connection| offers::note_offer(connection, &offer)).await
    }

    /// Appends approvals.
    pub async fn approve(&self, approvals: Vec<StoredApproval>) -> Result<(), StoreError> {
        self.write(move |connection| {
            // As for a revision: what is acknowledged survives a loss of power.
            connection.pragma_update(None, "synchronous", "FULL")?;
            let approved = offers::approve(connection, &approvals);
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            approved
        })
        .await
    }

    /// Appends the first approvals of a server; `false` where it had any.
    pub async fn approve_first(
        &self,
        server: String,
        approvals: Vec<StoredApproval>,
    ) -> Result<bool, StoreError> {
        self.write(move |connection| offers::approve_first(connection, &server, &approvals)).await
    }

    /// The sealed credentials, by name.
    pub async fn credentials(&self) -> Result<BTreeMap<String, SealedCredential>, StoreError> {
        self.read(|connection| credentials::list(connection)).await
    }

    /// Stores a sealed credential in place of one of the same name.
    pub async fn set_credential(&self, name: String, new: SealedCredential) -> Result<(), StoreError> {
        self.write(move |connection| credentials::set(connection, &name, &new)).await
    }

    /// Removes a credential; `false` where there is none.
    pub async fn remove_credential(&self, name: String) -> Result<bool, StoreError> {
        self.write(move |connection| credentials::remove(connection, &name)).await
    }

    /// The keys of issuers as they were heard last.
    pub async fn key_sets(&self) -> Result<Vec<StoredKeySet>, StoreError> {
        self.read(|connection| key_sets::list(connection)).await
    }

    /// Keeps the keys of an issuer in place of those before.
    pub async fn keep_key_set(&self, set: StoredKeySet) -> Result<(), StoreError> {
        self.write(move |connection| key_sets::keep(connection, &set)).await
    }

    /// Queues a batch at once, in the order of the calls. The answer is the last sequence number of its producer that is stored.
    pub fn publish(&self, batch: v1::AuditBatch) -> impl Future<Output = Result<u64, StoreError>> + use<> {
        let (stored, answer) = oneshot::channel();
        let queued = self.writer.queue(Work::Publish(Publication { batch, stored }));
        async move {
            queued?;
            answer.await.map_err(|_| StoreError::Stopped)?
        }
    }

    /// Where the newest `limit` events of a query begin (all of them for 0).
    pub async fn audit_start(&self, query: Arc<AuditQuery>, limit: u32) -> Result<Cursor, StoreError> {
        self.read(move |connection| audit::start(connection, &query, limit)).await
    }

    /// The next events of a query by their time.
    pub async fn audit_page(&self, query: Arc<AuditQuery>, cursor: Cursor) -> Result<Page, StoreError> {
        self.read(move |connection| audit::page(connection, &query, cursor)).await
    }

    /// The next events that were stored after the event `after`, in the order they were stored.
    pub async fn audit_after(&self, query: Arc<AuditQuery>, after: i64) -> Result<Page, StoreError> {
        self.read(move |connection| audit::after(connection, &query, after)).await
    }

    /// Changes whenever audit events were stored.
    #[must_use]
    pub fn audit_stored(&self) -> watch::Receiver<i64> {
        self.stored.subscribe()
    }

    /// What is newest now, whoever stored it; wakes those who wait for [`Store::audit_stored`].
    pub async fn look(&self) -> Result<Newest, StoreError> {
        let newest = self.read(|connection| newest_rows(connection)).await?;
        note_stored(&self.stored, newest.audit);
        Ok(newest)
    }

    async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.reader.as_ref().unwrap_or(&self.writer).run(job).await
    }

    async fn write<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.writer.run(job).await
    }
}

fn newest_rows(connection: &Connection) -> Result<Newest, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT (SELECT coalesce(max(revision), 0) FROM revisions), (SELECT coalesce(max(id), 0) FROM audit),
            (SELECT coalesce(max(id), 0) FROM session_keys), (SELECT coalesce(max(id), 0) FROM approvals),
            (SELECT count(*) FROM credentials), (SELECT coalesce(max(time), 0) FROM credentials)",
    )?;
    let newest = |row: &rusqlite::Row<'_>| {
        Ok(Newest {
            revision: row.get(0)?,
            audit: row.get(1)?,
            session_key: row.get(2)?,
            approval: row.get(3)?,
            credentials: (row.get(4)?, row.get(5)?),
        })
    };
    Ok(statement.query_row([], newest)?)
}

fn path(url: &str) -> Result<&Path, StoreError> {
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        return Err(StoreError::Postgres);
    }
    match url.strip_prefix("sqlite://") {
        Some(path) if !path.is_empty() => Ok(Path::new(path)),
        // Only what stands before an `@` can be a password.
        _ => Err(StoreError::Scheme { url: url.rsplit('@').next().unwrap_or_default().to_owned() }),
    }
}

/// Makes the file readable to its owner only, for it holds assertion keys; SQLite's log files take over its mode.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    use rusqlite::OpenFlags;
    // Not as a URI: `?` and `%` are characters of a path like any other.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    Ok(connection)
}

fn prepare(mut connection: Connection) -> Result<Connection, StoreError> {
    schema::migrate(&mut connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}
