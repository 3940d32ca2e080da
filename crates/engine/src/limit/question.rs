//! Limits that several proxies share: the question to the rate-limit service, and what its answer means.

use std::sync::Arc;

use policy::{
    document::OnFailure,
    limit::{Limit, Measure, Unit, Value},
};

use crate::limit::{Charge, Exceeded, Why};

/// What a rate-limit service is asked: whether one more call passes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LimitQuestion {
    /// The cluster that reaches the service; the control plane where there is none.
    pub cluster: Option<String>,
    /// What the service knows these limits by.
    pub domain: String,
    /// What the call is counted as. All have to have room.
    pub descriptors: Vec<LimitDescriptor>,
}

/// One limit and what of the call it counts by.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LimitDescriptor {
    /// Keys and values: `limit` and `id`, then what has a count of its own.
    pub entries: Vec<Value>,
    /// How many.
    pub count: u64,
    /// In which time.
    pub unit: Unit,
}

/// What came of a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LimitAnswer {
    /// One of the limits has no room.
    Exceeded {
        /// Its place in [`LimitQuestion::descriptors`], where the service says it.
        index: usize,
        /// When to come back, in milliseconds, where the service says it.
        retry_ms: Option<u64>,
    },
    /// There is no answer, or none that can be read.
    Failed,
    /// The call is counted and passes.
    Passes,
}

/// What a domain is called where the document does not say.
const DOMAIN: &str = "trigate";

impl Charge {
    /// What the rate-limit service has to be asked, where a limit needs it.
    pub(crate) fn question(&self) -> Option<LimitQuestion> {
        let descriptors = self.shared.iter().filter_map(|(limit, values)| descriptor(limit, values));
        let descriptors: Vec<LimitDescriptor> = descriptors.collect();
        let domain = self.service.domain.clone().unwrap_or_else(|| DOMAIN.to_owned());
        let cluster = self.service.cluster.clone();
        (!descriptors.is_empty()).then_some(LimitQuestion { cluster, domain, descriptors })
    }

    /// Whether the answer lets the call pass.
    pub(crate) fn hear(&self, answer: LimitAnswer) -> Result<(), Exceeded> {
        let (index, why) = match answer {
            LimitAnswer::Passes => return Ok(()),
            LimitAnswer::Failed if self.service.on_failure == Some(OnFailure::Allow) => return Ok(()),
            LimitAnswer::Failed => (0, None),
            LimitAnswer::Exceeded { index, retry_ms } => (index, Some(retry_ms)),
        };
        let Some((limit, _)) = self.shared.get(index).or(self.shared.first()) else { return Ok(()) };
        let why = why.map_or(Why::Uncounted, |retry_ms| Why::UsedUp(retry_ms.unwrap_or(window_ms(limit))));
        Err(Exceeded { limit: Arc::clone(limit), why })
    }
}

fn descriptor(limit: &Limit, values: &[Value]) -> Option<LimitDescriptor> {
    let (count, unit) = match limit.measure {
        Measure::Quota { count, unit } | Measure::Rate { count, unit, .. } => (count, unit),
        Measure::Concurrent(_) => return None,
    };
    let named = [("limit", limit.name()), ("id", limit.id())];
    Some(LimitDescriptor { entries: named.into_iter().chain(values.iter().cloned()).collect(), count, unit })
}

/// After this long a used-up limit has room again, whoever counts it.
fn window_ms(limit: &Limit) -> u64 {
    match limit.measure {
        Measure::Quota { unit, .. } | Measure::Rate { unit, .. } => unit.ms(),
        Measure::Concurrent(_) => 1_000,
    }
}
