//! Counts in Redis: one script looks at all counts of a question and changes them, so that nothing slips between.
//!
//! An outage is told at once or after a short while, never waited out: the gateway that asks has a caller waiting.

use std::{
    fmt,
    str::FromStr,
    time::{Duration, Instant},
};

use redis::{AsyncConnectionConfig, Client, RedisError, aio::MultiplexedConnection};
use tokio::{sync::Mutex, time::timeout};

use super::{Asked, Found, Uncounted};

const SCRIPT: &str = include_str!("count.lua");
/// Before the hash of what is counted.
const PREFIX: &str = "trigate:limit:";
/// How long one question may take, a new connection included: less than a gateway waits.
const PATIENCE: Duration = Duration::from_millis(700);
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_millis(300);
/// After a failed connection, how long nobody tries again.
const PAUSE: Duration = Duration::from_millis(200);

/// Where the Redis is, `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`.
#[derive(Clone)]
pub struct Redis(Client);

/// The URL of a Redis is none. It is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error(
    "the URL of the Redis for rate limits cannot be used: {0}; expected redis://[USER:PASSWORD@]HOST[:PORT][/DB]"
)]
pub struct RedisUrlError(String);

impl FromStr for Redis {
    type Err = RedisUrlError;

    fn from_str(url: &str) -> Result<Self, RedisUrlError> {
        Client::open(url).map(Self).map_err(|error| RedisUrlError(error.to_string()))
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Redis(..)")
    }
}

/// The counts, and the one connection that all questions share.
pub(crate) struct Counts {
    client: Client,
    link: Mutex<Link>,
}

/// The connection.
#[derive(Default)]
struct Link {
    connection: Option<MultiplexedConnection>,
    /// How many there were.
    number: u64,
    /// Nobody connects before that.
    pause_until: Option<Instant>,
    /// The outage has been logged.
    told: bool,
}

impl Counts {
    pub(super) fn new(redis: Redis) -> Self {
        Self { client: redis.0, link: Mutex::default() }
    }

    /// Counts so many calls by all of these limits, or by none where one has no room.
    pub(super) async fn count(
        &self,
        domain: &str,
        asked: &[Asked],
        calls: u64,
    ) -> Result<Vec<Found>, Uncounted> {
        let counted = timeout(PATIENCE, self.ask(domain, asked, calls)).await;
        let failed = match counted {
            Ok(Ok((room, found))) => return Ok(told(asked, calls, room == 1, &found)),
            Ok(Err(failed)) => failed,
            Err(_) => format!("no answer within {} ms", PATIENCE.as_millis()),
        };
        let mut link = self.link.lock().await;
        if !std::mem::replace(&mut link.told, true) {
            tracing::error!(%failed, "shared limits cannot be counted in Redis; gateways do what the document says of an outage");
        }
        Err(Uncounted::Redis(failed))
    }

    async fn ask(&self, domain: &str, asked: &[Asked], calls: u64) -> Result<Answer, String> {
        let (number, mut connection) = self.connection().await?;
        let mut command = redis::cmd("EVAL");
        command.arg(SCRIPT).arg(asked.len());
        asked.iter().for_each(|one| {
            command.arg(key(domain, one));
        });
        command.arg(calls);
        asked.iter().for_each(|one| {
            command.arg(one.count).arg(one.seconds.saturating_mul(1_000));
        });
        let answer: Result<Answer, RedisError> = command.query_async(&mut connection).await;
        let mut link = self.link.lock().await;
        match answer {
            Ok(answer) => {
                if std::mem::take(&mut link.told) {
                    tracing::info!("shared limits are counted in Redis again");
                }
                Ok(answer)
            }
            Err(error) => {
                // Another question may have made a new one meanwhile.
                if link.number == number {
                    link.connection = None;
                }
                Err(error.to_string())
            }
        }
    }

    /// The connection and its number. One is made where there is none.
    async fn connection(&self) -> Result<(u64, MultiplexedConnection), String> {
        let mut link = self.link.lock().await;
        if let Some(connection) = &link.connection {
            return Ok((link.number, connection.clone()));
        }
        if link.pause_until.is_some_and(|until| Instant::now() < until) {
            return Err("it could not be reached a moment ago".to_owned());
        }
        // Set before: a question that is given up while it connects leaves the pause to the next.
        link.pause_until = Some(Instant::now() + PAUSE);
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(CONNECT))
            .set_response_timeout(Some(PATIENCE.saturating_sub(CONNECT)));
        let made = self.client.get_multiplexed_async_connection_with_config(&config).await;
        let connection = made.map_err(|error| error.to_string())?;
        link.number += 1;
        link.pause_until = None;
        link.connection = Some(connection.clone());
        Ok((link.number, connection))
    }
}

/// Whether all limits had room; for each what was counted before, and when it begins anew, in milliseconds.
type Answer = (u8, Vec<(u64, u64)>);

fn told(asked: &[Asked], calls: u64, room: bool, found: &[(u64, u64)]) -> Vec<Found> {
    let told = asked.iter().zip(found).map(|(one, (used, left_ms))| {
        let counted = if room { used.saturating_add(calls) } else { *used };
        Found {
            has_room: room || used.saturating_add(calls) <= one.count,
            remaining: one.count.saturating_sub(counted),
            resets_in: Duration::from_millis(*left_ms),
        }
    });
    told.collect()
}

/// The key of one count. What it counts by is hashed: it may be long, and names callers.
fn key(domain: &str, one: &Asked) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [domain, &one.id, &one.seconds.to_string(), &one.key] {
        hasher.update(&part.len().to_le_bytes());
        hasher.update(part.as_bytes());
    }
    format!("{PREFIX}{}", hasher.finalize().to_hex())
}
