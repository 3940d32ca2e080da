//! Gate 3: an MCP and REST server in front of databases, and the bridge to servers that are run here.
//!
//! A request flows one way: credential -> caller -> tool arguments -> `sql::Checked` -> rows -> reply. Drivers accept
//! nothing but `sql::Checked`, and nothing but `crates/sql` can make one. Which role may do what is decided by
//! `crates/policy` on the revision that the control plane pushed last; every decision leaves an audit event.

mod admission;
mod api;
mod audit;
mod backoff;
mod bridge;
mod cell;
mod changes;
mod config;
mod databases;
mod db;
mod failure;
mod gate;
mod grade;
mod handler;
mod http;
mod inspect;
mod offers;
mod openapi;
mod planner;
mod replay;
mod reply;
mod revision;
mod rights;
mod serve;
mod session;
mod telemetry;
mod tools;
mod transport;
mod watch;

pub use config::{Bounds, Config, Launcher, Node, Program, StdioConfig};
pub use inspect::{Finding, InspectError, Inspector, Tested};
pub use serve::{ServeError, serve, serve_stdio};
pub use telemetry::observe;
pub use transport::{Transport, TransportError};
