//! The counts of limits in the host's shared data: one copy for all workers of this proxy.

use engine::{Counters, SLOTS, Stale, Stored};

use crate::host;

/// Before the number of a slot. The number in it stands for the form of the values.
const PREFIX: &str = "trigate.limits.1.";

/// The host's shared data, slot by slot.
#[derive(Debug)]
pub(crate) struct Shared;

impl Counters for Shared {
    fn read(&self, slot: u32) -> Stored {
        let (bytes, version) = host::shared(&name(slot));
        Stored { bytes, version }
    }

    fn swap(&self, slot: u32, value: &[u8], version: Option<u32>) -> Result<(), Stale> {
        host::set_shared(&name(slot), value, version).map_err(|host::HostRefused| Stale)
    }
}

/// One key for each slot, however many callers there are: the host never forgets a key.
fn name(slot: u32) -> String {
    format!("{PREFIX}{}", slot % SLOTS)
}
