//! Counts the limits that several proxies share, in memory, with the `limitador` crate.
//!
//! A question brings its limits along: their ids, what they count by, how many in which time. What the same document gives
//! every proxy needs no second reading here.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use limitador::{
    RateLimiter,
    limit::{Context, Expression, Limit, Namespace},
};

/// Most counts that are kept; of more, those that were used longest ago are forgotten.
const COUNTS: u64 = 500_000;

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
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Found {
    pub(crate) has_room: bool,
    pub(crate) remaining: u64,
    pub(crate) resets_in: Duration,
}

/// The id of a limit is no id.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no id of a limit; expected hex digits")]
pub(crate) struct Malformed(String);

/// All counts. `limitador` looks at them and then changes them: one question at a time, so that none slips between.
pub(crate) struct RateLimits(Mutex<RateLimiter>);

impl Default for RateLimits {
    fn default() -> Self {
        Self(Mutex::new(RateLimiter::new(COUNTS)))
    }
}

impl RateLimits {
    /// Counts so many calls by all of these limits, or by none where one has no room. `None`: the counts failed.
    pub(crate) fn count(
        &self,
        domain: &str,
        asked: &[Asked],
        calls: u64,
    ) -> Result<Option<Vec<Found>>, Malformed> {
        let namespace = Namespace::from(domain);
        let limiter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = HashMap::new();
        for one in asked {
            let name = name(&one.id)?;
            let variable = Expression::parse(&name).map_err(|_| Malformed(one.id.clone()))?;
            limiter.add_limit(Limit::new(domain, one.count, one.seconds, [], [variable]));
            values.insert(name, one.key.clone());
        }
        let context = Context::from(values);
        let Ok(result) = limiter.check_rate_limited_and_update(&namespace, &context, calls) else {
            return Ok(None);
        };
        let found = asked.iter().map(|one| {
            let name = name(&one.id).unwrap_or_default();
            let counter =
                result.counters.iter().find(|counter| counter.set_variables().contains_key(&name))?;
            let remaining = counter.remaining().unwrap_or_default();
            let has_room = !result.limited || remaining >= calls;
            Some(Found { has_room, remaining, resets_in: counter.expires_in().unwrap_or_default() })
        });
        Ok(found.collect())
    }
}

/// The variable of `limitador`'s that holds under what a limit counts the call.
fn name(id: &str) -> Result<String, Malformed> {
    let is_hex = !id.is_empty() && id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { Ok(format!("limit_{id}")) } else { Err(Malformed(id.to_owned())) }
}
