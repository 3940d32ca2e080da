//! Counts calls in a shared store: by all of their limits or by none, and what runs at a time until it ends.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
    sync::Arc,
};

use policy::limit::{Key, Limit, Measure};

use crate::limit::{
    Why,
    bucket::{self, Hand},
    slot::{Counters, LEASE_MS, Slot, Stale, slot_of},
};

/// How often a change is tried that others get ahead of. Each failure is another's success, so that even one in a row as
/// long is out of the ordinary.
const ATTEMPTS: usize = 100;
/// How often leases are renewed.
const RENEWAL_MS: u64 = LEASE_MS / 3;

/// Counts calls for one worker, in a store it shares with others.
///
/// What a worker has running is a lease that it renews ([`Limiter::renew`]); what a worker that died had running is free
/// again when its lease runs out, half a minute later.
#[derive(Debug)]
pub struct Limiter {
    counters: Box<dyn Counters>,
    /// This worker, in this life.
    holder: u64,
    /// What this worker has running, by key.
    running: RefCell<HashMap<Key, u64>>,
    renewed_ms: Cell<u64>,
    seen_ms: Cell<u64>,
}

/// What an exchange has running; it ends with this value, however the exchange does.
#[derive(Debug)]
pub(crate) struct Held {
    keys: Vec<Key>,
    limiter: Option<Rc<Limiter>>,
}

impl Held {
    /// Nothing.
    pub(crate) const fn none() -> Self {
        Self { keys: Vec::new(), limiter: None }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let Some(limiter) = &self.limiter else { return };
        self.keys.iter().for_each(|key| limiter.end(key));
    }
}

impl Limiter {
    /// Counts in `counters`. `holder` is a random number: no other worker, and none that comes after this one, has it.
    #[must_use]
    pub fn new(counters: Box<dyn Counters>, holder: u64) -> Self {
        // 0 stands for what is common to all.
        let holder = holder.max(1);
        let (renewed_ms, seen_ms) = (Cell::default(), Cell::default());
        Self { counters, holder, running: RefCell::default(), renewed_ms, seen_ms }
    }

    /// To be called every few seconds or oftener: says that what this worker has running still runs.
    pub fn renew(&self, now_ms: u64) {
        // A clock that went back is as good as one that went on.
        if now_ms.abs_diff(self.renewed_ms.get()) < RENEWAL_MS {
            return;
        }
        self.renewed_ms.set(now_ms);
        self.seen_ms.set(now_ms);
        let keys: Vec<Key> = self.running.borrow().keys().copied().collect();
        keys.iter().for_each(|key| self.tell(key));
    }

    /// Counts a call by all of these limits, or by none of them and says which has no room.
    pub(crate) fn take(
        self: &Rc<Self>,
        limits: &[(Arc<Limit>, Key)],
        now_ms: u64,
    ) -> Result<Held, (usize, Why)> {
        self.seen_ms.set(now_ms);
        // What is held goes back by itself where a later limit refuses.
        let mut held = Held { keys: Vec::new(), limiter: Some(Rc::clone(self)) };
        for (index, (limit, key)) in limits.iter().enumerate() {
            let taken = self.change(key, |hand, slot| bucket::take(limit.measure, *key, hand, slot));
            if let Err(why) = taken {
                let counted = limits.iter().take(index);
                counted.for_each(|(limit, key)| self.give_back(limit.measure, key));
                return Err((index, why));
            }
            if matches!(limit.measure, Measure::Concurrent(_)) {
                *self.running.borrow_mut().entry(*key).or_default() += 1;
                held.keys.push(*key);
            }
        }
        if held.keys.is_empty() {
            held.limiter = None;
        }
        Ok(held)
    }

    /// One call fewer under a key: it was not made. What cannot be given back stays counted, which lets nothing through.
    pub(super) fn give_back(&self, measure: Measure, key: &Key) {
        if !matches!(measure, Measure::Concurrent(_)) {
            let _ = self.change(key, |_, slot| bucket::give_back(measure, *key, slot));
        }
    }

    /// One fewer is running under a key.
    fn end(&self, key: &Key) {
        let mut running = self.running.borrow_mut();
        match running.get_mut(key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => {
                running.remove(key);
            }
        }
        drop(running);
        self.tell(key);
    }

    /// Writes down how much this worker has running. Where that fails, the next renewal does it, or the lease runs out.
    fn tell(&self, key: &Key) {
        let _ = self.change(key, |hand, slot| bucket::hold(*key, hand, slot));
    }

    fn change(&self, key: &Key, change: impl Fn(Hand, &mut Slot) -> Result<(), Why>) -> Result<(), Why> {
        let (now_ms, at) = (self.seen_ms.get(), slot_of(key));
        let running = self.running.borrow().get(key).copied().unwrap_or_default();
        let hand = Hand { now_ms, holder: self.holder, running };
        for _ in 0..ATTEMPTS {
            let stored = self.counters.read(at);
            let mut slot = Slot::read(&stored.bytes, now_ms);
            let outcome = change(hand, &mut slot);
            if !slot.is_changed() {
                return outcome;
            }
            if self.counters.swap(at, &slot.to_bytes(), stored.version) != Err(Stale) {
                return outcome;
            }
        }
        Err(Why::Uncounted)
    }
}
