//! One HTTP exchange at gate 2 as a state machine: the host reports [`Event`]s, the engine answers with [`Effect`]s.
//!
//! The engine knows no host, no clock and no socket: bytes, time and the policy in force come in as arguments, and what
//! has to be done goes out as values. A frame flows one way: request head and body -> frame -> operation -> decision ->
//! effect; the answer flows the other way, message by message where something has to be done to it, unread where not.

mod ahead;
mod asks;
pub mod assertion;
mod caller;
mod challenge;
mod credential;
mod decision_id;
mod effect;
mod event;
mod exchange;
mod form;
mod inspection;
pub mod jwks;
mod limit;
mod many;
mod mirror;
mod outbox;
mod pin;
mod record;
mod reply;
mod request;
mod response;
mod revision;
mod screening;
mod session;
mod standing;
mod strike;
mod tasks;
mod token;
mod upstream;

pub use credential::{Challenge, Unauthenticated, presented_key};
pub use decision_id::{DecisionId, DecisionIds};
pub use effect::{Ask, Effect, Forward, HeaderEdit, Question, Reply};
pub use event::{Event, Gauge, Head, Moment};
pub use exchange::{Exchange, Keeps, Step};
pub use limit::{Counters, LimitAnswer, LimitDescriptor, LimitQuestion, Limiter, SLOTS, Stale, Stored};
pub use mcp::revision::Era;
pub use outbox::{Dropped, Outbox, Share};
pub use record::{Finding, Outcome, Record, trace_id};
pub use revision::{InvalidSnapshot, Revision, ServerSecret, SnapshotParts};
pub use session::{Holder, Kind, SealedSession, SessionKey, open_session, seal_session};
pub use strike::KeptArguments;
pub use token::TokenRefused;
