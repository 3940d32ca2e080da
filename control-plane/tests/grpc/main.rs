//! The control plane as its clients meet it: over a real loopback connection, one file for each thing it does.

#![expect(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its helpers as well"
)]

mod admin;
mod audit;
mod credentials;
mod harness;
mod issuers;
mod publish;
mod rate_limits;
mod rate_limits_redis;
mod sessions;
mod store;
mod tokens;
mod watch;
