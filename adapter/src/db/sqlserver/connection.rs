//! Connections to SQL Server: made and pinned here, lent by a pool, interrupted when nobody waits for them any more.

use std::time::Duration;

use deadpool::managed::{self, Metrics, Object, RecycleError, RecycleResult};
use percent_encoding::percent_decode_str;
use tiberius::error::Error;
use tiberius::{AuthMethod, Config, EncryptionLevel};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncWriteCompatExt as _};
use url::Url;

use super::super::{DatabaseError, UrlError};
use super::settings::SESSION;

/// How long to wait for a connection.
pub(super) const CONNECT_WAIT: Duration = Duration::from_secs(5);
/// How long the server may take to take note of an interruption.
const GRACE: Duration = Duration::from_secs(2);
/// A connection that rested longer is asked whether it is still there.
const RESTED: Duration = Duration::from_secs(30);
/// The port of a server whose URL names none.
const PORT: u16 = 1433;

/// A connection of the driver.
pub(super) type Client = tiberius::Client<Compat<TcpStream>>;

/// Makes connections.
pub(super) struct Connector {
    config: Config,
}

/// A connection, and whether an answer on it was left unread or unsaid.
pub(super) struct Session {
    pub(super) client: Client,
    pub(super) is_broken: bool,
}

impl Connector {
    /// For a `sqlserver://` URL that names a database.
    pub(super) fn new(url: &str) -> Result<Self, UrlError> {
        let url = Url::parse(url).map_err(|_| UrlError::SqlServer)?;
        let text = |part: &str| {
            percent_decode_str(part).decode_utf8().map(String::from).map_err(|_| UrlError::SqlServer)
        };
        let database = text(url.path().trim_start_matches('/'))?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(UrlError::SqlServer)?;
        let user = text(url.username())?;
        if database.is_empty() || user.is_empty() {
            return Err(UrlError::SqlServer);
        }
        let mut is_plain = false;
        for (name, value) in url.query_pairs() {
            match (&*name, &*value) {
                ("encrypt", "false" | "disable" | "no") => is_plain = true,
                ("encrypt", _) => return Err(UrlError::Plain),
                ("trust_server_certificate", "true" | "false") => {}
                _ => return Err(UrlError::SqlServer),
            }
        }
        // This server encrypts unless told otherwise; leaving it out must not mean less than it says elsewhere.
        if !is_plain {
            return Err(UrlError::Plain);
        }
        let mut config = Config::new();
        config.host(host);
        config.port(url.port().unwrap_or(PORT));
        config.database(database);
        config.application_name("trigate");
        config.authentication(AuthMethod::sql_server(user, text(url.password().unwrap_or_default())?));
        config.encryption(EncryptionLevel::NotSupported);
        config.handshake_timeout(Some(CONNECT_WAIT));
        // The deadline of a statement is kept outside.
        config.command_timeout(None);
        Ok(Self { config })
    }
}

impl managed::Manager for Connector {
    type Type = Session;
    type Error = Error;

    async fn create(&self) -> Result<Session, Error> {
        let stream = TcpStream::connect(self.config.get_addr()).await?;
        stream.set_nodelay(true)?;
        let mut client = Client::connect(self.config.clone(), stream.compat_write()).await?;
        client.simple_query(SESSION).await?.into_results().await?;
        Ok(Session { client, is_broken: false })
    }

    async fn recycle(&self, session: &mut Session, metrics: &Metrics) -> RecycleResult<Error> {
        if session.is_broken {
            return Err(RecycleError::message("out of step"));
        }
        if metrics.last_used() > RESTED {
            session.client.simple_query("SELECT 1").await?.into_results().await?;
        }
        Ok(())
    }
}

/// A connection in use. Dropped before [`InFlight::release`], its statement is interrupted and the connection closed,
/// which ends its transaction.
pub(super) struct InFlight(Option<Object<Connector>>);

impl InFlight {
    pub(super) fn new(object: Object<Connector>) -> Self {
        Self(Some(object))
    }

    pub(super) fn session(&mut self) -> Result<&mut Session, DatabaseError> {
        self.0.as_deref_mut().ok_or(DatabaseError::Unreachable)
    }

    /// The transaction is over: back to the pool.
    pub(super) fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Some(object) = self.0.take() else { return };
        let mut session = Object::take(object);
        if session.is_broken {
            return;
        }
        tokio::spawn(async move {
            let _ = tokio::time::timeout(GRACE, session.client.cancel_query()).await;
            drop(session);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<UrlError>) {
        assert_eq!(Connector::new(url).err(), expected, "{url}");
    }

    #[test]
    fn a_url_has_a_login_a_server_and_a_database() {
        check("sqlserver://app:p%40ss@db.internal:1433/shop?encrypt=false", None);
        check("sqlserver://app@db.internal/shop?encrypt=false&trust_server_certificate=true", None);
        check("sqlserver://app@db.internal/?encrypt=false", Some(UrlError::SqlServer));
        check("sqlserver://db.internal/shop?encrypt=false", Some(UrlError::SqlServer));
        check("sqlserver://app@db.internal/shop?encrypt=false&nonsense=1", Some(UrlError::SqlServer));
    }

    #[test]
    fn encryption_that_is_not_there_is_not_promised() {
        check("sqlserver://app@db.internal/shop?encrypt=true", Some(UrlError::Plain));
        check("sqlserver://app@db.internal/shop", Some(UrlError::Plain));
    }
}
