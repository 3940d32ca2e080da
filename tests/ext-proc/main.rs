//! The end-to-end tests of what the host has a part in, once more: with the engine in the external processor.
//!
//! The files are those of `tests/e2e`; in this binary the harness starts `trigate up --host ext-proc`. All of `tests/e2e` runs on
//! it by `TRIGATE_TEST_HOST=ext-proc`.

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
#[path = "../e2e/revocation.rs"]
mod revocation;
#[path = "../e2e/sessions.rs"]
mod sessions;
#[path = "../e2e/streaming.rs"]
mod streaming;
