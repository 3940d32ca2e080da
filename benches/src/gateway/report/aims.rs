//! What the gateway is held to, and whether it came.

use crate::gateway::report::{difference, ratio};
use crate::gateway::stage::Variant;
use crate::gateway::summary::Summary;

/// One aim.
pub(crate) struct Aim {
    pub(crate) text: &'static str,
    pub(crate) found: String,
    pub(crate) met: bool,
}

/// Those that the measurements say something about.
pub(crate) fn of(summaries: &[Summary]) -> Vec<Aim> {
    summaries.iter().flat_map(each).collect()
}

fn each(summary: &Summary) -> Vec<Aim> {
    match summary.measurement.name {
        "call-300" => vec![
            native(summary, 1.2, "tools/call 300 B: 1.2 times native's throughput"),
            noop(summary, 1.7, "tools/call 300 B: at most 1.7 times the CPU time that a no-op filter adds"),
        ],
        "call-64k" => vec![native(summary, 3.5, "tools/call 64 KiB: 3.5 times native's throughput")],
        "call-300-c1" => vec![added(summary, 60.0, "tools/call 300 B: p50 at most 60 µs above plain's")],
        "call-300-rate" => vec![slowest(summary, 500.0, "tools/call 300 B at 3000/s: p99 below 500 µs")],
        _ => Vec::new(),
    }
    .into_iter()
    .flatten()
    .collect()
}

fn native(summary: &Summary, bar: f64, text: &'static str) -> Option<Aim> {
    let spread = summary.against_native?;
    Some(Aim { text, found: format!("{} × native", ratio(spread)), met: spread.median >= bar })
}

fn noop(summary: &Summary, bar: f64, text: &'static str) -> Option<Aim> {
    let spread = summary.against_noop?;
    Some(Aim { text, found: format!("{} × no-op", ratio(spread)), met: spread.median <= bar })
}

fn added(summary: &Summary, bar_us: f64, text: &'static str) -> Option<Aim> {
    let spread = summary.figures.get(&Variant::Trigate)?.p50_added;
    Some(Aim { text, found: format!("{} µs", difference(spread)), met: spread.median <= bar_us })
}

fn slowest(summary: &Summary, bar_us: f64, text: &'static str) -> Option<Aim> {
    let own = summary.figures.get(&Variant::Trigate)?.p99_us;
    let plain = summary.figures.get(&Variant::Plain)?.p99_us;
    Some(Aim { text, found: format!("{own:.0} µs, plain {plain:.0} µs"), met: own <= bar_us })
}
