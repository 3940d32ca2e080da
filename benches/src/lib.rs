//! Load generator, upstream and the gateway benchmark.
//!
//! Three programs: `upstream` answers as a fast MCP server would, `load` sends and checks requests, and `gateway` puts
//! Envoy between them in several variants and compares these. They talk over loopback and share this library.
//! Method and figures: docs/benchmarks.md.

pub mod frames;
pub mod gateway;
pub mod http;
pub mod load;
mod poll;
mod procfs;
pub mod upstream;
