//! The harness of the boundary tests: it starts the real programs, speaks to them, and stops them.
//!
//! Nothing here asserts anything about Trigate; the test binaries do (`tests/{wasm,grpc,sql,e2e,tidy}`). Everything that can
//! fail returns `anyhow::Result` with a sentence saying what was missing: a test that cannot run fails, it is never skipped.

pub mod agent;
pub mod audit;
pub mod conformance;
pub mod control_plane;
pub mod courier;
pub mod document;
pub mod fixture;
pub mod gateway;
pub mod host;
pub mod http;
pub mod keys;
pub mod lists;
pub mod mariadb;
pub mod postgres;
pub mod process;
pub mod sse;
pub mod upstream;
pub mod wait;
pub mod wire;
pub mod workspace;
