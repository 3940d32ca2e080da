//! Where counts are kept: a fixed number of slots, each a list of the counts that still say something.
//!
//! A host's shared store never forgets a key, so the keys are few and fixed. A count that is as good as none (a bucket that is
//! full again, a day that is over, a lease that ran out) leaves its slot when the slot is next written. Memory follows
//! what was counted lately, up to `SLOTS` times `ENTRIES` counts.

use std::fmt;

use policy::limit::Key;

/// How many slots there are.
pub const SLOTS: u32 = 4096;
/// Most counts in one slot.
const ENTRIES: usize = 128;
/// How long a lease lasts that nobody renews.
pub(super) const LEASE_MS: u64 = 30_000;
/// Nothing is counted further ahead: a count that is was made by a clock that was wrong.
const FARTHEST_MS: u64 = 32 * 86_400_000;

/// A store of slots, shared by all that count together.
pub trait Counters: fmt::Debug {
    /// What is in a slot now.
    fn read(&self, slot: u32) -> Stored;

    /// Puts a value into a slot that nobody has written to since it was read.
    ///
    /// # Errors
    /// Somebody has.
    fn swap(&self, slot: u32, value: &[u8], version: Option<u32>) -> Result<(), Stale>;
}

/// What is in a slot.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Stored {
    /// The value, empty where there is none.
    pub bytes: Vec<u8>,
    /// What tells this value from any before or after it; none where the slot was never written.
    pub version: Option<u32>,
}

/// The slot was written since it was read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Stale;

/// No more counts fit into the slot.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Crowded;

/// One count.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    pub(super) key: Key,
    /// Who holds it: a worker for what runs at a time, 0 for what is common to all.
    pub(super) holder: u64,
    pub(super) value: u64,
    /// From when on it says nothing.
    pub(super) expires_ms: u64,
}

/// The counts of one slot.
#[derive(Debug, Default)]
pub(super) struct Slot {
    entries: Vec<Entry>,
    is_changed: bool,
}

/// The slot a key is kept in.
pub(super) fn slot_of(key: &Key) -> u32 {
    let head = key.first_chunk().copied().unwrap_or_default();
    u32::from_le_bytes(head) % SLOTS
}

impl Entry {
    const SIZE: usize = 40;

    fn read(bytes: &[u8]) -> Option<Self> {
        let (key, rest) = bytes.split_first_chunk()?;
        let (holder, rest) = rest.split_first_chunk()?;
        let (value, rest) = rest.split_first_chunk()?;
        let (expires, _) = rest.split_first_chunk()?;
        Some(Self {
            key: *key,
            holder: u64::from_le_bytes(*holder),
            value: u64::from_le_bytes(*value),
            expires_ms: u64::from_le_bytes(*expires),
        })
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(&self.key);
        [self.holder, self.value, self.expires_ms]
            .iter()
            .for_each(|number| bytes.extend_from_slice(&number.to_le_bytes()));
    }

    /// Whether it says anything at this time.
    fn speaks(&self, now_ms: u64) -> bool {
        let farthest = if self.holder == 0 { FARTHEST_MS } else { 2 * LEASE_MS };
        self.expires_ms > now_ms && self.expires_ms <= now_ms.saturating_add(farthest)
    }
}

impl Slot {
    /// What of a slot's value still says something.
    pub(super) fn read(bytes: &[u8], now_ms: u64) -> Self {
        let entries = bytes.chunks_exact(Entry::SIZE).filter_map(Entry::read);
        Self { entries: entries.filter(|entry| entry.speaks(now_ms)).collect(), is_changed: false }
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.entries.len() * Entry::SIZE);
        self.entries.iter().for_each(|entry| entry.write(&mut bytes));
        bytes
    }

    pub(super) fn find(&self, key: &Key, holder: u64) -> Option<Entry> {
        self.all(key).find(|entry| entry.holder == holder)
    }

    /// Whether there is something to write.
    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// The counts of all holders under a key.
    pub(super) fn all(&self, key: &Key) -> impl Iterator<Item = Entry> {
        self.entries.iter().copied().filter(move |entry| entry.key == *key)
    }

    /// Sets a count.
    pub(super) fn set(&mut self, entry: Entry) -> Result<(), Crowded> {
        let is_full = self.entries.len() >= ENTRIES;
        let known =
            self.entries.iter_mut().find(|known| known.key == entry.key && known.holder == entry.holder);
        match known {
            Some(known) => *known = entry,
            None if is_full => return Err(Crowded),
            None => self.entries.push(entry),
        }
        self.is_changed = true;
        Ok(())
    }

    pub(super) fn remove(&mut self, key: &Key, holder: u64) {
        self.entries.retain(|entry| entry.key != *key || entry.holder != holder);
        self.is_changed = true;
    }
}
