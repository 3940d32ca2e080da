//! Counts in memory, with the `limitador` crate.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use limitador::{
    RateLimiter,
    limit::{Context, Expression, Limit, Namespace},
};

use super::{Asked, Found, Uncounted};

/// Most counts that are kept; of more, those that were used longest ago are forgotten.
const COUNTS: u64 = 500_000;

/// All counts. `limitador` looks at them and then changes them: one question at a time, so that none slips between.
pub(crate) struct Memory(Mutex<RateLimiter>);

impl Default for Memory {
    fn default() -> Self {
        Self(Mutex::new(RateLimiter::new(COUNTS)))
    }
}

impl Memory {
    /// Counts so many calls by all of these limits, or by none where one has no room.
    pub(super) fn count(&self, domain: &str, asked: &[Asked], calls: u64) -> Result<Vec<Found>, Uncounted> {
        let namespace = Namespace::from(domain);
        let limiter = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut values = HashMap::new();
        for one in asked {
            let name = name(&one.id);
            let variable = Expression::parse(&name).map_err(|_| Uncounted::Malformed(one.id.clone()))?;
            limiter.add_limit(Limit::new(domain, one.count, one.seconds, [], [variable]));
            values.insert(name, one.key.clone());
        }
        let context = Context::from(values);
        let result = limiter
            .check_rate_limited_and_update(&namespace, &context, calls)
            .map_err(|_| Uncounted::Memory)?;
        let found = asked.iter().map(|one| {
            let name = name(&one.id);
            let counter =
                result.counters.iter().find(|counter| counter.set_variables().contains_key(&name))?;
            let remaining = counter.remaining().unwrap_or_default();
            let has_room = !result.limited || remaining >= calls;
            Some(Found { has_room, remaining, resets_in: counter.expires_in().unwrap_or_default() })
        });
        found.collect::<Option<_>>().ok_or(Uncounted::Memory)
    }
}

/// The variable of `limitador`'s that holds under what a limit counts the call.
fn name(id: &str) -> String {
    format!("limit_{id}")
}
