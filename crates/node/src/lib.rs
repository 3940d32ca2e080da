//! What a node of gate 2 keeps beside its exchanges, whatever its host: the policy in force, the decisions that wait for the
//! control plane, the counts of both, and the messages in which it speaks of them.
//!
//! Opening streams, reading clocks and carrying effects out is the shell's business: the proxy-wasm filter is one, the
//! external-processing service another.

mod line;
mod memory;
mod pause;
pub mod rate_limit;
mod tally;
mod wire;
mod worker;

pub use line::fields;
pub use memory::Memory;
pub use pause::Pause;
pub use tally::Tally;
pub use wire::{ack, audit_event, batch, hello, nack, revision};
pub use worker::Worker;
