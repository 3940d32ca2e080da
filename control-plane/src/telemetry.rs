//! What the control plane tells as spans and measurements of OpenTelemetry: who is connected, what is pushed and taken, what
//! both gates decided, which calls came.
//!
//! Decisions are told by the rule as the document has it, or by the check that refused: never by what a caller sent. Until
//! [`observe`] is called there is nothing here but the question whether it was.

mod calls;

use std::sync::{Arc, OnceLock};

use opentelemetry::KeyValue;
use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::metrics::{Counter, Histogram, Meter};
use proto::v1::{AuditEvent, Decision, Gate, NodeKind};

use crate::Shared;

pub(crate) use calls::Calls;

/// What spans and measurements are of.
const SCOPE: &str = "trigate.control_plane";
/// Seconds of calls, as the conventions advise.
const CALLS: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

static INSTRUMENTS: OnceLock<Instruments> = OnceLock::new();

/// What is measured with.
struct Instruments {
    tracer: BoxedTracer,
    meter: Meter,
    /// `rpc.server.call.duration`
    calls: Histogram<f64>,
    /// `trigate.control_plane.decisions`
    decisions: Counter<u64>,
    /// `trigate.control_plane.snapshots`
    snapshots: Counter<u64>,
}

/// What became of a snapshot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Snapshot {
    /// It was sent to a node.
    Pushed,
    /// The node did not take it.
    Refused,
    /// The node runs under it.
    Taken,
}

/// From here on calls are traced and all is measured, with the providers that the process has set by now. Control planes
/// that are open already are not watched.
pub fn observe() {
    INSTRUMENTS.get_or_init(|| {
        let meter = global::meter(SCOPE);
        Instruments {
            tracer: global::tracer(SCOPE),
            calls: meter
                .f64_histogram("rpc.server.call.duration")
                .with_unit("s")
                .with_description("Time of calls of the control plane")
                .with_boundaries(CALLS.to_vec())
                .build(),
            decisions: meter
                .u64_counter("trigate.control_plane.decisions")
                .with_unit("{decision}")
                .with_description("Decisions of both gates that were stored")
                .build(),
            snapshots: meter
                .u64_counter("trigate.control_plane.snapshots")
                .with_unit("{snapshot}")
                .with_description("Snapshots that were pushed, taken and refused")
                .build(),
            meter,
        }
    });
}

/// Measures what a control plane has, for as long as it is there.
pub(crate) fn watch(shared: &Arc<Shared>) {
    let Some(Instruments { meter, .. }) = INSTRUMENTS.get() else { return };
    let watched = Arc::downgrade(shared);
    // The callbacks stay with the provider; the handles that come back have no other use.
    meter
        .u64_observable_gauge("trigate.control_plane.nodes")
        .with_unit("{node}")
        .with_description("Nodes that are connected")
        .with_callback(move |told| {
            let Some(shared) = watched.upgrade() else { return };
            let nodes = shared.nodes.list();
            for kind in [NodeKind::Gateway, NodeKind::Adapter] {
                let count = nodes.iter().filter(|node| node.kind() == kind).count();
                told.observe(count as u64, &[KeyValue::new("trigate.node.kind", word(kind))]);
            }
        })
        .build();
    let watched = Arc::downgrade(shared);
    meter
        .u64_observable_gauge("trigate.control_plane.revision")
        .with_unit("{revision}")
        .with_description("The revision that was published last")
        .with_callback(move |told| {
            if let Some(shared) = watched.upgrade() {
                told.observe(shared.ledger.known_revision(), &[]);
            }
        })
        .build();
}

/// Something became of a snapshot.
pub(crate) fn snapshot(kind: NodeKind, result: Snapshot) {
    let Some(Instruments { snapshots, .. }) = INSTRUMENTS.get() else { return };
    let result = match result {
        Snapshot::Pushed => "pushed",
        Snapshot::Refused => "refused",
        Snapshot::Taken => "taken",
    };
    let labels =
        [KeyValue::new("trigate.node.kind", word(kind)), KeyValue::new("trigate.snapshot.result", result)];
    snapshots.add(1, &labels);
}

/// A decision was stored.
pub(crate) fn stored(event: &AuditEvent) {
    let Some(Instruments { decisions, .. }) = INSTRUMENTS.get() else { return };
    let gate = match event.gate() {
        Gate::ControlPlane => "control_plane",
        Gate::Database => "database",
        Gate::Mcp => "mcp",
        Gate::Unspecified => "unknown",
    };
    let result = match event.decision() {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Failed => "failed",
        Decision::Unspecified => "unknown",
    };
    let labels = [
        KeyValue::new("trigate.gate", gate),
        KeyValue::new("trigate.decision.result", result),
        KeyValue::new("trigate.decision.rule", event.rule.clone()),
    ];
    decisions.add(1, &labels);
}

const fn word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Adapter => "adapter",
        NodeKind::Gateway => "gateway",
        NodeKind::Unspecified => "unknown",
    }
}
