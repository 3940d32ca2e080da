//! Load generator, upstream, and the benchmarks of the gateway and of the adapter.
//!
//! `upstream` answers as a fast MCP server would, `load` sends and checks requests; `gateway` puts Envoy between them in
//! several variants and compares these. `adapter` compares the adapter with other MCP servers for databases and with
//! `raw`, the drivers alone; `scale` compares large policies with a small one. They talk over loopback and share this library. Method and figures: docs/benchmarks.md.

pub mod adapter;
mod child;
mod dice;
pub mod frames;
pub mod gateway;
pub mod http;
pub mod load;
mod page;
mod poll;
mod procfs;
pub mod raw;
pub mod scale;
mod spread;
pub mod upstream;
