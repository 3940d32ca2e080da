//! What is measured.

use serde::Serialize;

use crate::frames::Request;

/// One load, put on every variant.
#[derive(Debug)]
pub(crate) struct Measurement {
    /// For `--only` and the JSON.
    pub(crate) name: &'static str,
    /// For the tables.
    pub(crate) title: &'static str,
    pub(crate) kind: Kind,
    pub(crate) request: Request,
    pub(crate) path: &'static str,
    pub(crate) connections: usize,
}

/// What a measurement is for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// As much as goes: requests per second and CPU time of each.
    Saturation,
    /// One connection, closed loop: what a request takes on an idle machine.
    Unloaded,
    /// So many requests a second, far from saturation.
    Rate(f64),
}

const SMALL: Request = Request::Call(300);
const LARGE: Request = Request::Call(64 << 10);

/// All of them.
pub(crate) static MEASUREMENTS: [Measurement; 10] = [
    saturation("call-300", "tools/call 300 B", SMALL, "/mcp20", 32),
    saturation("call-64k", "tools/call 64 KiB", LARGE, "/mcp20", 16),
    saturation("list-20", "tools/list 20", Request::List, "/mcp20", 32),
    saturation("list-500", "tools/list 500", Request::List, "/mcp500", 16),
    unloaded("call-300-c1", "tools/call 300 B", SMALL, "/mcp20"),
    unloaded("call-64k-c1", "tools/call 64 KiB", LARGE, "/mcp20"),
    unloaded("list-20-c1", "tools/list 20", Request::List, "/mcp20"),
    unloaded("list-500-c1", "tools/list 500", Request::List, "/mcp500"),
    rate("call-300-rate", "tools/call 300 B at 3000/s", SMALL, 3000.0),
    rate("call-64k-rate", "tools/call 64 KiB at 1000/s", LARGE, 1000.0),
];

const fn saturation(
    name: &'static str,
    title: &'static str,
    request: Request,
    path: &'static str,
    connections: usize,
) -> Measurement {
    Measurement { name, title, kind: Kind::Saturation, request, path, connections }
}

const fn unloaded(
    name: &'static str,
    title: &'static str,
    request: Request,
    path: &'static str,
) -> Measurement {
    Measurement { name, title, kind: Kind::Unloaded, request, path, connections: 1 }
}

const fn rate(name: &'static str, title: &'static str, request: Request, each_second: f64) -> Measurement {
    Measurement { name, title, kind: Kind::Rate(each_second), request, path: "/mcp20", connections: 32 }
}
