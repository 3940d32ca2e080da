//! What must not be in a message: secrets and personal data, found in one pass and redacted in place.
//!
//! [`inspect`] takes one JSON-RPC message and the [`Rules`] of a role. Detectors are data where a format is a prefix and
//! an alphabet (`format.rs`), and small scanners where it has a check of its own. Only the bytes of a finding change. The
//! crate knows no transport and no policy; a further rule is a further [`Kind`] with its detector, and no caller changes.

mod fold;
mod hint;
mod kind;
mod message;
mod personal;
mod rules;
mod scan;
mod secret;
mod spans;
mod tally;
mod walk;

pub use kind::{Group, Kind};
pub use message::{Inspected, Outcome, Refusal, inspect, inspect_value};
pub use rules::{Mode, Rules};
pub use tally::Tally;
