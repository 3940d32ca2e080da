//! The adapter from outside: over HTTP, against real databases, with a control plane that the tests play.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking, its harness too"
)]

mod harness;
mod identity;
mod offers;
mod postgres;
mod protocol;
mod rest;
mod sqlite;
mod tools;
mod writes;
