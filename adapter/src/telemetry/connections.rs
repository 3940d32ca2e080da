//! The connections to databases among the measurements.

use std::sync::{Arc, Weak};

use opentelemetry::KeyValue;

use super::Instruments;
use crate::db::Connections;
use crate::gate::Gate;

/// Measures the connections of the databases of the revision in force, for as long as the gate is there.
pub(crate) fn watch(gate: &Arc<Gate>) {
    let Some(Instruments { meter, .. }) = Instruments::of_this_process() else { return };
    let gate = Arc::downgrade(gate);
    // The callbacks stay with the provider; the handles that come back have no other use.
    let watched = Weak::clone(&gate);
    meter
        .i64_observable_up_down_counter("db.client.connection.count")
        .with_unit("{connection}")
        .with_description("Connections to databases, by what they do")
        .with_callback(move |told| {
            each(&watched, |pool, Connections { idle, used, .. }| {
                for (state, count) in [("idle", idle), ("used", used)] {
                    let state = KeyValue::new("db.client.connection.state", state);
                    told.observe(number(count), &[pool.clone(), state]);
                }
            });
        })
        .build();
    let watched = Weak::clone(&gate);
    meter
        .i64_observable_up_down_counter("db.client.connection.max")
        .with_unit("{connection}")
        .with_description("Connections that there may be")
        .with_callback(move |told| each(&watched, |pool, all| told.observe(number(all.most), &[pool])))
        .build();
    meter
        .i64_observable_up_down_counter("db.client.connection.pending_requests")
        .with_unit("{request}")
        .with_description("Statements that wait for a connection")
        .with_callback(move |told| each(&gate, |pool, all| told.observe(number(all.waiting), &[pool])))
        .build();
}

/// Each database with connections, by its name in the policy.
fn each(gate: &Weak<Gate>, mut told: impl FnMut(KeyValue, Connections)) {
    let Some(revision) = gate.upgrade().and_then(|gate| gate.revision()) else { return };
    for name in revision.names() {
        let Some(Ok(open)) = revision.database(name) else { continue };
        if let Some(connections) = open.driver().connections() {
            told(KeyValue::new("db.client.connection.pool.name", name.to_owned()), connections);
        }
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
