//! The end-to-end tests of the protocol once more, with the engine in the external processor instead of within Envoy.
//!
//! The harness starts `trigate up --host ext-proc` in this binary; the tests are the same files.

mod closed;

#[path = "../e2e/arguments.rs"]
mod arguments;
#[path = "../e2e/audit.rs"]
mod audit;
#[path = "../e2e/calls.rs"]
mod calls;
#[path = "../e2e/content.rs"]
mod content;
#[path = "../e2e/forwarding.rs"]
mod forwarding;
#[path = "../e2e/frames.rs"]
mod frames;
#[path = "../e2e/host.rs"]
mod host;
#[path = "../e2e/lists.rs"]
mod lists;
#[path = "../e2e/methods.rs"]
mod methods;
#[path = "../e2e/revocation.rs"]
mod revocation;
#[path = "../e2e/sessions.rs"]
mod sessions;
#[path = "../e2e/streaming.rs"]
mod streaming;
#[path = "../e2e/tasks.rs"]
mod tasks;
