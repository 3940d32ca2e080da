//! JSON-RPC and MCP as values: strict parser, event-stream codec, revisions, limits, faults.
//!
//! Everything here takes bytes and gives values that borrow them. A [`Frame`] exists only for a
//! message that every JSON parser reads the same way, so what was judged is what the upstream
//! executes. The crate knows no transport, no policy and no clock; `policy` reads its frames.

mod digest;
pub mod fault;
mod frame;
mod json;
mod json_text;
mod limits;
pub mod list;
pub mod revision;
pub mod sse;

pub use digest::{Digest, InvalidDigest, canonical};
pub use fault::Fault;
pub use frame::{Flaw, Frame, FrameError, Notification, Outcome, Request, RequestId, Response};
pub use json::{Json, JsonError, Kind, Object, Wanted};
pub use json_text::write_string;
pub use limits::Limits;
