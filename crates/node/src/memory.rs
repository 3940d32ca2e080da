//! Counts in the memory of one process, shared by its threads: for shells whose host has no shared data.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engine::{Counters, SLOTS, Stale, Stored};

/// The counts. Clones are the same counts.
#[derive(Clone, Debug)]
pub struct Memory(Arc<Vec<Mutex<Slot>>>);

#[derive(Debug, Default)]
struct Slot {
    value: Vec<u8>,
    version: u32,
}

impl Default for Memory {
    fn default() -> Self {
        Self(Arc::new((0..SLOTS).map(|_| Mutex::default()).collect()))
    }
}

impl Memory {
    fn slot(&self, slot: u32) -> Option<MutexGuard<'_, Slot>> {
        let slot = self.0.get(usize::try_from(slot).ok()?)?;
        // A value is replaced whole, so that it is good whatever became of a thread.
        Some(slot.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counters for Memory {
    fn read(&self, slot: u32) -> Stored {
        let known = self.slot(slot);
        known.map_or_else(Stored::default, |slot| Stored {
            bytes: slot.value.clone(),
            version: Some(slot.version),
        })
    }

    fn swap(&self, slot: u32, value: &[u8], version: Option<u32>) -> Result<(), Stale> {
        let mut slot = self.slot(slot).filter(|slot| Some(slot.version) == version).ok_or(Stale)?;
        slot.value = value.to_vec();
        slot.version = slot.version.wrapping_add(1);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_has_read_the_newest_value_replaces_it() {
        let (one, other) = (Memory::default(), Memory::default());
        let (left, right) = (one.read(7), one.clone().read(7));
        assert_eq!(one.swap(7, b"left", left.version), Ok(()));
        assert_eq!(one.swap(7, b"right", right.version), Err(Stale));
        assert_eq!(one.swap(7, b"right", None), Err(Stale));
        assert_eq!(one.clone().read(7).bytes, b"left");
        assert!(one.read(8).bytes.is_empty() && other.read(7).bytes.is_empty());
        assert_eq!(one.swap(SLOTS, b"beyond", Some(0)), Err(Stale));
    }
}
