//! Limits, held: what a permitted call is counted as, the counting, and what it gives back when the exchange ends.
//!
//! The numbers are kept by whoever runs the engine ([`Counters`]), in one place for all that count together; the
//! arithmetic is here. A call is counted by all of its limits or by none.

mod bucket;
mod limiter;
mod question;
mod slot;

use std::{rc::Rc, sync::Arc};

use policy::{
    Code, Operation, Permit,
    document::RateLimitService,
    limit::{Key, Limit, Value},
};

pub(crate) use crate::limit::limiter::Held;
pub use crate::limit::{
    limiter::Limiter,
    question::{LimitAnswer, LimitDescriptor, LimitQuestion},
    slot::{Counters, SLOTS, Stale, Stored},
};
use crate::{Moment, Record, reply::Asked, standing::Standing};

/// What a permitted request is counted as.
#[derive(Debug)]
pub(crate) struct Charge {
    /// Those that this proxy counts.
    limits: Vec<(Arc<Limit>, Key)>,
    /// Those that the rate-limit service counts, with what of the call they count by.
    shared: Vec<(Arc<Limit>, Vec<Value>)>,
    service: RateLimitService,
    /// Id of the request, to answer with; none for what is no request.
    pub(crate) request: Option<Vec<u8>>,
}

/// Why a call does not pass a limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Why {
    /// Nothing counts here, or others changed the count each time it was to be changed.
    Uncounted,
    /// More is counted at a time than there is room for.
    Crowded,
    /// It is used up, for so many milliseconds.
    UsedUp(u64),
}

/// A limit that a call does not pass.
#[derive(Debug)]
pub(crate) struct Exceeded {
    pub(crate) limit: Arc<Limit>,
    pub(crate) why: Why,
}

impl Charge {
    /// What a request is counted as; none where no limit is about it.
    pub(crate) fn of(
        standing: &Standing,
        permit: &Permit,
        place: (&str, &str),
        operation: &Operation<'_>,
        asked: Asked<'_>,
    ) -> Option<Box<Self>> {
        let rules = standing.revision.rules();
        let limits = rules.limits(permit, &standing.subject, place, operation);
        if limits.is_empty() {
            return None;
        }
        let (shared, limits): (Vec<_>, Vec<_>) = limits.into_iter().partition(|(limit, _)| limit.shared);
        let values = |limit: &Limit| rules.limit_values(limit, &standing.subject, place, operation);
        let shared = shared.into_iter().map(|(limit, _)| (Arc::clone(&limit), values(&limit))).collect();
        let (service, request) = (rules.rate_limit_service().clone(), asked.id().map(<[u8]>::to_vec));
        Some(Box::new(Self { limits, shared, service, request }))
    }

    /// Counts it. What is held until the exchange ends comes back.
    pub(crate) fn count(&self, limiter: Option<&Rc<Limiter>>, moment: &Moment) -> Result<Held, Exceeded> {
        if self.limits.is_empty() {
            return Ok(Held::none());
        }
        let refused = |(index, why): (usize, Why)| {
            let (limit, _) = self.limits.get(index).or(self.limits.first())?;
            Some(Exceeded { limit: Arc::clone(limit), why })
        };
        let counted = match limiter {
            Some(limiter) => limiter.take(&self.limits, moment.now_ms),
            None => Err((0, Why::Uncounted)),
        };
        match counted.map_err(refused) {
            Ok(held) => Ok(held),
            Err(Some(exceeded)) => Err(exceeded),
            // A charge without a limit is not made.
            Err(None) => Ok(Held::none()),
        }
    }
}

impl Charge {
    /// Takes back what [`Charge::count`] has counted, for another limit has no room. What is held goes by itself.
    pub(crate) fn give_back(&self, limiter: Option<&Rc<Limiter>>) {
        let Some(limiter) = limiter else { return };
        self.limits.iter().for_each(|(limit, key)| limiter.give_back(limit.measure, key));
    }
}

impl Exceeded {
    pub(crate) const fn code(&self) -> Code {
        match self.why {
            Why::Uncounted | Why::Crowded => Code::LimitUncounted,
            Why::UsedUp(_) => Code::LimitExceeded,
        }
    }

    /// When to come back, in milliseconds.
    pub(crate) const fn retry_ms(&self) -> u64 {
        match self.why {
            Why::Uncounted | Why::Crowded => 1_000,
            Why::UsedUp(ms) => ms,
        }
    }

    /// What the client is told about a request with this record, in words a model can act on.
    pub(crate) fn public(&self, record: &Record) -> String {
        let what = if record.name.is_empty() { &record.method } else { &record.name };
        let (server, words, when) = (&record.server, self.limit.words(), spoken(self.retry_ms()));
        let why = match self.why {
            Why::UsedUp(_) => "the limit is reached",
            Why::Crowded => "the limit cannot be counted, too many callers are counted at a time",
            Why::Uncounted => "the limit cannot be counted here",
        };
        format!("`{what}` on server `{server}`: {why}: {words}; try again in {when}")
    }
}

/// A time as people say it, never shorter than it is.
fn spoken(ms: u64) -> String {
    match ms.div_ceil(1_000).max(1) {
        seconds @ ..=120 => format!("{seconds} s"),
        seconds @ ..=7_200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3_600)),
    }
}
