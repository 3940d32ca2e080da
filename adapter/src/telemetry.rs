//! What the adapter tells of calls and statements as spans and measurements of OpenTelemetry.
//!
//! Names are those of OpenTelemetry's semantic conventions for MCP and for databases where they have one. Nothing that a
//! caller wrote and no value of a row is told: tools, databases and tables are named as the policy and the catalogue do.
//! Until [`observe`] is called there is nothing here but the question whether it was.

mod call;
mod connections;
mod origin;
mod statement;

use std::sync::OnceLock;

use opentelemetry::global::{self, BoxedTracer};
use opentelemetry::metrics::{Histogram, Meter};

pub(crate) use call::Call;
pub(crate) use connections::watch;
pub(crate) use origin::Origin;
pub(crate) use statement::Statement;

/// What spans and measurements are of.
const SCOPE: &str = "trigate.adapter";
/// Seconds of MCP operations, as the conventions advise.
const OPERATION: [f64; 14] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];
/// Seconds of database operations, as the conventions advise.
const DATABASE: [f64; 9] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 10.0];
/// Rows, as the conventions advise.
const ROWS: [f64; 13] =
    [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0, 10_000.0];

static INSTRUMENTS: OnceLock<Instruments> = OnceLock::new();

/// What is measured with.
struct Instruments {
    tracer: BoxedTracer,
    meter: Meter,
    /// `mcp.server.operation.duration`
    operations: Histogram<f64>,
    /// `db.client.operation.duration`
    statements: Histogram<f64>,
    /// `db.client.response.returned_rows`
    rows: Histogram<u64>,
}

impl Instruments {
    fn of_this_process() -> Option<&'static Self> {
        INSTRUMENTS.get()
    }
}

/// From here on calls are traced and measured, with the providers that the process has set by now.
pub fn observe() {
    INSTRUMENTS.get_or_init(|| {
        let meter = global::meter(SCOPE);
        Instruments {
            tracer: global::tracer(SCOPE),
            operations: meter
                .f64_histogram("mcp.server.operation.duration")
                .with_unit("s")
                .with_description("Time of MCP operations at the adapter")
                .with_boundaries(OPERATION.to_vec())
                .build(),
            statements: meter
                .f64_histogram("db.client.operation.duration")
                .with_unit("s")
                .with_description("Time of statements at databases")
                .with_boundaries(DATABASE.to_vec())
                .build(),
            rows: meter
                .u64_histogram("db.client.response.returned_rows")
                .with_unit("{row}")
                .with_description("Rows that statements gave")
                .with_boundaries(ROWS.to_vec())
                .build(),
            meter,
        }
    });
}

/// Whether [`observe`] was called.
pub(crate) fn is_on() -> bool {
    INSTRUMENTS.get().is_some()
}
