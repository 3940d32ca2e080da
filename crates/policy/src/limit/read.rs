//! Limits from the document: every number within its bounds, everything that is wrong reported.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::document::limit::{Counts, LimitSettings, Limits, Scope};
use crate::limit::{Limit, Measure, Unit};
use crate::problem::{Problems, item, member};

/// Most calls that a rate or a quota may name. More are no limit.
const MOST: u64 = 1_000_000_000;
/// Most calls at a time.
const MOST_AT_A_TIME: u64 = 100_000;
/// Most limits at one place: a call looks at each.
const MOST_LIMITS: usize = 8;
/// Longest time in which a burst comes back.
const LONGEST_MS: u64 = 31 * 86_400_000;

/// Where limits stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'o> {
    /// In words: `allow tickets.create`, `server tickets`.
    pub(crate) name: &'o str,
    /// What tells it from all others, whatever stands beside it in the document.
    pub(crate) identity: &'o str,
    /// What has a count of its own where the limit does not say.
    pub(crate) per: &'static [Scope],
    /// Whether all that it is about are calls of tools, or may be.
    pub(crate) tools: bool,
}

/// Makes limits of what is written at `place`.
pub(crate) fn read(
    written: &Limits,
    owner: Owner<'_>,
    place: &str,
    problems: &mut Problems,
) -> Vec<Arc<Limit>> {
    if written.0.is_empty() {
        problems.add(place, "expected at least one limit, such as 30/min");
    }
    if written.0.len() > MOST_LIMITS {
        problems.add(place, format!("expected at most {MOST_LIMITS} limits at one place"));
    }
    let mut limits: Vec<Arc<Limit>> = Vec::new();
    for (index, limit) in written.0.iter().enumerate() {
        // One that stands by itself has the place of the list.
        let place = if written.0.len() == 1 { place.to_owned() } else { item(place, index) };
        for limit in one(&limit.settings(), owner, &place, problems) {
            if limits.iter().any(|known| **known == limit) {
                problems.add(&place, "the same limit stands here twice");
            }
            limits.push(Arc::new(limit));
        }
    }
    limits
}

fn one(written: &LimitSettings, owner: Owner<'_>, place: &str, problems: &mut Problems) -> Vec<Limit> {
    if written.rate.is_none() && written.quota.is_none() && written.concurrent.is_none() {
        problems.add(place, "a limit needs one of the fields `rate`, `quota`, `concurrent`");
    }
    if written.burst.is_some() && written.rate.is_none() {
        problems.add(member(place, "burst"), "a burst belongs to a `rate`, which is missing");
    }
    let mut per = written.per.as_ref().map_or_else(|| owner.per.to_vec(), |per| per.0.clone());
    per.sort_unstable();
    per.dedup();
    if per.contains(&Scope::Tool) && !owner.tools {
        problems.add(member(place, "per"), "only calls of tools can be counted for each tool");
    }
    let rate = written.rate.as_deref().and_then(|text| {
        // The short form has no field of its own.
        let field = if written.is_rate_alone() { place.to_owned() } else { member(place, "rate") };
        rate(text, written.burst, (&field, place), problems)
    });
    let quota = written.quota.as_deref().and_then(|text| quota(text, &member(place, "quota"), problems));
    let concurrent = written.concurrent.and_then(|count| concurrent(count, place, problems));
    if written.shared {
        shared(written, place, problems);
    }
    let counts = written.counts.unwrap_or_default();
    let measures = [rate, quota, concurrent].into_iter().flatten();
    let made = measures.map(|measure| limit(measure, per.clone(), counts, owner));
    made.map(|limit| Limit { shared: written.shared, ..limit }).collect()
}

/// What the rate-limit service counts it counts in whole units of time, and only what has passed.
fn shared(written: &LimitSettings, place: &str, problems: &mut Problems) {
    let fields = [("burst", written.burst.is_some()), ("concurrent", written.concurrent.is_some())];
    for (field, _) in fields.into_iter().filter(|(_, given)| *given) {
        let message = format!("proxies cannot share `{field}`; put it into a limit of its own");
        problems.add(member(place, field), message);
    }
}

fn limit(measure: Measure, per: Vec<Scope>, counts: Counts, owner: Owner<'_>) -> Limit {
    let mut hash = Sha256::new();
    hash.update(format!("{measure:?} {per:?} {counts:?} "));
    hash.update(owner.identity);
    Limit { measure, per, counts, shared: false, owner: owner.name.into(), seed: hash.finalize().into() }
}

fn rate(
    text: &str,
    burst: Option<u64>,
    (field, place): (&str, &str),
    problems: &mut Problems,
) -> Option<Measure> {
    let (count, unit) = per_time(text, &Unit::ALL, field, problems)?;
    let written = burst;
    let burst = burst.unwrap_or(count);
    let refill_ms = u128::from(burst) * u128::from(unit.ms()) / u128::from(count);
    if burst == 0 || refill_ms > u128::from(LONGEST_MS) {
        let message = match burst {
            0 => "expected at least 1: a burst of 0 lets nothing through".to_owned(),
            _ => format!("at this rate it takes more than 31 days until {burst} calls are free again"),
        };
        problems.add(if written.is_some() { member(place, "burst") } else { field.to_owned() }, message);
        return None;
    }
    Some(Measure::Rate { count, unit, burst })
}

fn quota(text: &str, place: &str, problems: &mut Problems) -> Option<Measure> {
    let (count, unit) = per_time(text, &[Unit::Hour, Unit::Day], place, problems)?;
    Some(Measure::Quota { count, unit })
}

fn concurrent(count: u64, place: &str, problems: &mut Problems) -> Option<Measure> {
    if (1..=MOST_AT_A_TIME).contains(&count) {
        return Some(Measure::Concurrent(count));
    }
    problems.add(member(place, "concurrent"), format!("expected a number from 1 to {MOST_AT_A_TIME}"));
    None
}

/// `30/min`: a count and one of these units.
fn per_time(text: &str, units: &[Unit], place: &str, problems: &mut Problems) -> Option<(u64, Unit)> {
    let read = || {
        let (count, unit) = text.split_once('/')?;
        let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse::<u64>().ok().filter(|count| digits && (1..=MOST).contains(count))?;
        Some((count, units.iter().copied().find(|known| known.name() == unit)?))
    };
    let found = read();
    if found.is_none() {
        let names: Vec<&str> = units.iter().map(|unit| unit.name()).collect();
        let expected = format!("expected a number from 1 to {MOST}, `/` and one of {}", names.join(", "));
        let example = if units.len() == Unit::ALL.len() { "30/min" } else { "1000/day" };
        problems.add(place, format!("`{text}` is no limit; {expected}, such as {example}"));
    }
    found
}
