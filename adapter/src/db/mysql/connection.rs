//! Connections to MySQL: made and pinned here, lent by a pool, ended at the server when nobody waits for them any more.

use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Opts, OptsBuilder};

use super::super::{DatabaseError, UrlError};
use super::settings::Server;
use crate::config::Bounds;

/// What the server may take longer than its own deadline before the connection is given up.
pub(super) const GRACE: Duration = Duration::from_secs(2);
/// A connection that rested longer is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(30);
/// The largest packet either side may send, as MySQL itself has it.
const PACKET: usize = 64 << 20;
/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 16;
/// The server may close a connection that rests longer than this many seconds.
const IDLE: usize = 28_800;

/// Makes connections.
pub(super) struct Connector {
    opts: Opts,
    bounds: Bounds,
}

/// A connection whose session is pinned.
pub(super) struct Session {
    pub(super) conn: Conn,
    pub(super) server: Server,
}

impl Connector {
    /// For a `mysql://` URL that names a database.
    pub(super) fn new(url: &str, bounds: Bounds) -> Result<Self, UrlError> {
        let url = url.replacen("mariadb://", "mysql://", 1);
        let opts = Opts::from_url(&url).map_err(|_| UrlError::MySql)?;
        if opts.ssl_opts().is_some() {
            return Err(UrlError::Plain);
        }
        if opts.db_name().is_none_or(str::is_empty) {
            return Err(UrlError::MySql);
        }
        let opts = OptsBuilder::from_opts(opts)
            // A socket is used where the URL names one, not because the server says it has one.
            .prefer_socket(false)
            .enable_cleartext_plugin(false)
            .secure_auth(true)
            // How many rows an UPDATE met, not how many it made different: what a limit on changes is about.
            .client_found_rows(true)
            // For guards and our own questions. A caller's statement carries the decision it belongs to, so its text never
            // comes twice, and it is closed when it is done.
            .stmt_cache_size(STATEMENTS)
            // Said, so that connecting does not ask for them.
            .max_allowed_packet(Some(PACKET))
            .wait_timeout(Some(IDLE));
        Ok(Self { opts: opts.into(), bounds })
    }

    /// The database of the URL.
    pub(super) fn database(&self) -> &str {
        self.opts.db_name().unwrap_or_default()
    }
}

impl managed::Manager for Connector {
    type Type = Session;
    type Error = Error;

    async fn create(&self) -> Result<Session, Error> {
        let mut conn = Conn::new(self.opts.clone()).await?;
        let version: Option<String> = conn.query_first("SELECT version()").await?;
        let server = Server::of(&version.unwrap_or_default());
        conn.query_drop(server.pin(&self.bounds)).await?;
        Ok(Session { conn, server })
    }

    async fn recycle(&self, session: &mut Session, metrics: &Metrics) -> RecycleResult<Error> {
        if session.conn.is_disconnected() {
            return Err(RecycleError::message("closed"));
        }
        if metrics.last_used() > RESTED {
            session.conn.ping().await?;
        }
        Ok(())
    }
}

/// A connection in use. Dropped before [`InFlight::release`], it is ended at the server together with its statement and
/// its transaction, and does not return to the pool.
pub(super) struct InFlight {
    object: Option<Object<Connector>>,
    opts: Opts,
}

impl InFlight {
    pub(super) fn new(object: Object<Connector>, connector: &Connector) -> Self {
        Self { object: Some(object), opts: connector.opts.clone() }
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, DatabaseError> {
        self.object.as_deref_mut().ok_or(DatabaseError::Unreachable)
    }

    /// The transaction is over: back to the pool.
    pub(super) fn release(mut self) {
        self.object = None;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Some(object) = self.object.take() else { return };
        let session = Object::take(object);
        let opts = self.opts.clone();
        tokio::spawn(async move {
            // Only another connection can say it: this one is in the middle of an answer.
            let _ = tokio::time::timeout(GRACE, end(opts, session.conn.id())).await;
            drop(session);
        });
    }
}

/// Ends a connection of the same login at the server.
async fn end(opts: Opts, id: u32) -> Result<(), Error> {
    let mut conn = Conn::new(opts).await?;
    conn.query_drop(format!("KILL CONNECTION {id}")).await?;
    conn.disconnect().await
}
