//! What a worker keeps of a policy, by the count of the allocator.

use peak_alloc::PeakAlloc;

use crate::scale::documents::{self, Size};

/// Heap, in MiB.
#[derive(Debug)]
pub(crate) struct Held {
    /// What stays.
    pub(crate) live_mib: f64,
    /// The most there was, the snapshot that is read included.
    pub(crate) peak_mib: f64,
}

/// Of a policy of this size.
pub(crate) fn of(size: Size, heap: &PeakAlloc) -> anyhow::Result<Held> {
    let snapshot = documents::Snapshot::of(size)?;
    let before = heap.current_usage_as_mb();
    heap.reset_peak_usage();
    let revision = snapshot.revision()?;
    let held = Held {
        live_mib: f64::from(heap.current_usage_as_mb() - before),
        // A worker holds the bytes of the message while it reads them.
        peak_mib: f64::from(heap.peak_usage_as_mb() - before) + snapshot.bytes() as f64 / f64::from(1 << 20),
    };
    drop(revision);
    Ok(held)
}
