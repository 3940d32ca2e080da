//! The arithmetic of limits, on the counts of a slot: a rate, a quota, so many at a time.
//!
//! A rate is the generic cell rate algorithm: one number for each bucket, the time at which it will be full again. A call puts
//! that time off by one interval and passes while it lies no further ahead than a whole burst takes.

use policy::limit::{Key, Measure, Unit};

use crate::limit::{
    Why,
    slot::{Crowded, Entry, LEASE_MS, Slot},
};

/// Nanoseconds in a millisecond.
const NS: u64 = 1_000_000;
/// After how long to try again where something has to end first, and nobody knows when.
const SOON_MS: u64 = 1_000;

/// Who counts, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hand {
    pub(super) now_ms: u64,
    /// The worker.
    pub(super) holder: u64,
    /// How much of what runs at a time this worker has under the key.
    pub(super) running: u64,
}

impl From<Crowded> for Why {
    fn from(Crowded: Crowded) -> Self {
        Self::Crowded
    }
}

/// Counts one call, where there is room for it.
pub(super) fn take(measure: Measure, key: Key, hand: Hand, slot: &mut Slot) -> Result<(), Why> {
    match measure {
        Measure::Concurrent(most) => begin(most, key, hand, slot),
        Measure::Quota { count, unit } => spend(count, unit, key, hand.now_ms, slot),
        Measure::Rate { count, unit, burst } => {
            let interval = interval(count, unit);
            pace(interval, burst.saturating_mul(interval), key, hand.now_ms, slot)
        }
    }
}

/// Takes back what [`take`] has counted: the call did not happen.
pub(super) fn give_back(measure: Measure, key: Key, slot: &mut Slot) -> Result<(), Why> {
    let Some(entry) = slot.find(&key, 0) else { return Ok(()) };
    let value = match measure {
        Measure::Concurrent(_) => return Ok(()),
        Measure::Quota { .. } => entry.value.saturating_sub(1),
        Measure::Rate { count, unit, .. } => entry.value.saturating_sub(interval(count, unit)),
    };
    Ok(slot.set(Entry { value, ..entry })?)
}

/// Sets how much this worker has running.
pub(super) fn hold(key: Key, hand: Hand, slot: &mut Slot) -> Result<(), Why> {
    if hand.running == 0 {
        slot.remove(&key, hand.holder);
        return Ok(());
    }
    let expires_ms = hand.now_ms.saturating_add(LEASE_MS);
    Ok(slot.set(Entry { key, holder: hand.holder, value: hand.running, expires_ms })?)
}

/// From one call to the next, in nanoseconds. Rounded up: never more than the rate.
fn interval(count: u64, unit: Unit) -> u64 {
    unit.ms().saturating_mul(NS).div_ceil(count.max(1))
}

fn pace(interval: u64, burst: u64, key: Key, now_ms: u64, slot: &mut Slot) -> Result<(), Why> {
    let now = now_ms.saturating_mul(NS);
    // No call leaves more to wait for than a burst. Where there is more, the clock went back.
    let (known, latest) = (slot.find(&key, 0), now.saturating_add(burst));
    let full_at = known.map_or(0, |entry| entry.value.min(latest));
    let then = full_at.max(now).saturating_add(interval);
    let ahead = then.saturating_sub(now);
    if ahead > burst {
        // The time that is right now is written down, or the wait would go back with the clock.
        if let Some(entry) = known.filter(|entry| entry.value > latest) {
            slot.set(Entry { value: latest, expires_ms: latest.div_ceil(NS), ..entry })?;
        }
        return Err(Why::UsedUp((ahead - burst).div_ceil(NS)));
    }
    Ok(slot.set(Entry { key, holder: 0, value: then, expires_ms: then.div_ceil(NS) })?)
}

fn spend(count: u64, unit: Unit, key: Key, now_ms: u64, slot: &mut Slot) -> Result<(), Why> {
    let length = unit.ms();
    let end = (now_ms / length).saturating_add(1).saturating_mul(length);
    // A worker whose clock is a little behind goes on in the time that another has begun.
    let known = slot.find(&key, 0).filter(|entry| entry.expires_ms <= end.saturating_add(length));
    let (used, expires_ms) = known.map_or((0, end), |entry| (entry.value, entry.expires_ms));
    if used >= count {
        return Err(Why::UsedUp(expires_ms.saturating_sub(now_ms)));
    }
    Ok(slot.set(Entry { key, holder: 0, value: used + 1, expires_ms })?)
}

fn begin(most: u64, key: Key, hand: Hand, slot: &mut Slot) -> Result<(), Why> {
    let others = slot.all(&key).filter(|entry| entry.holder != hand.holder).map(|entry| entry.value);
    let running = others.fold(hand.running, u64::saturating_add);
    if running >= most {
        return Err(Why::UsedUp(SOON_MS));
    }
    hold(key, Hand { running: hand.running + 1, ..hand }, slot)
}
