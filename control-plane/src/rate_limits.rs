//! Counts the limits that several proxies share: in memory, or in a Redis that several control planes may share as well.
//!
//! A question brings its limits along: their ids, what they count by, how many in which time. What the same document gives
//! every proxy needs no second reading here.

mod memory;
mod redis;

use std::time::Duration;

pub use self::redis::{Redis, RedisUrlError};
use self::{memory::Memory, redis::Counts};

/// One limit and under what it counts a call.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// What tells the limit from all others: hex digits.
    pub(crate) id: String,
    pub(crate) key: String,
    pub(crate) count: u64,
    pub(crate) seconds: u64,
}

/// What became of one limit.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Found {
    pub(crate) has_room: bool,
    pub(crate) remaining: u64,
    pub(crate) resets_in: Duration,
}

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Uncounted {
    #[error("`{0}` is no id of a limit; expected hex digits")]
    Malformed(String),
    #[error("the counts in memory could not be changed")]
    Memory,
    #[error("the counts in Redis could not be changed: {0}")]
    Redis(String),
}

/// All counts, wherever they are.
pub(crate) enum RateLimits {
    Memory(Box<Memory>),
    Redis(Box<Counts>),
}

impl RateLimits {
    /// In Redis where there is one.
    pub(crate) fn new(redis: Option<Redis>) -> Self {
        redis.map_or_else(|| Self::Memory(Box::default()), |redis| Self::Redis(Box::new(Counts::new(redis))))
    }

    /// Counts so many calls by all of these limits, or by none where one has no room.
    pub(crate) async fn count(
        &self,
        domain: &str,
        asked: &[Asked],
        calls: u64,
    ) -> Result<Vec<Found>, Uncounted> {
        if let Some(malformed) = asked.iter().find(|one| !is_id(&one.id)) {
            return Err(Uncounted::Malformed(malformed.id.clone()));
        }
        match self {
            Self::Memory(memory) => memory.count(domain, asked, calls),
            Self::Redis(counts) => counts.count(domain, asked, calls).await,
        }
    }
}

fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit())
}
