//! Gate 2 as a service of Envoy's external-processing API, for proxies that run no wasm.
//!
//! The same engine as in the filter, one exchange per stream: `course.rs` turns what Envoy sends into events, `answer.rs` the
//! engine's effects into what Envoy takes. A few threads of their own hold the policy and the audit outbox (`gate.rs`), each
//! like a worker of the filter. Nothing is decided here. A stream that ends cleanly lets the rest of an exchange pass
//! unseen, so every end that comes from here is an error (`answers.rs`).

mod answer;
mod answers;
mod course;
mod gate;
mod head;
mod link;
mod mode;
mod serve;

pub use serve::{Admission, Config, ServeError, serve};
