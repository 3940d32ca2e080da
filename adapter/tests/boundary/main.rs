//! The adapter from outside: over HTTP, against real databases, with a control plane that the tests play.

mod harness;
mod identity;
mod postgres;
mod protocol;
mod rest;
mod sqlite;
