//! `trigate.yaml` to rules, and rules to decisions.
//!
//! [`parse`] reads the one document an operator writes and reports every problem with its place; [`RuleSet::compile`]
//! turns a [`Document`] into rules; [`RuleSet::decide`] answers whether a [`Subject`] may do an [`Operation`]. A
//! [`Permit`] can be made nowhere else. Nothing here does I/O, reads a clock or knows its host: time and entropy come in
//! as arguments, credentials stay references to where they are kept.

mod ask;
pub mod catalogue;
pub mod claims;
mod code;
mod condition;
mod conditions;
pub mod decision;
pub mod document;
pub mod edit;
pub mod explain;
pub mod identity;
pub mod key;
mod key_change;
pub mod limit;
pub mod operation;
mod pattern;
pub mod problem;
pub mod ruleset;
mod schema;
pub mod subject;
pub mod timestamp;
pub mod yaml;

pub use ask::Ask;
pub use catalogue::tool::Tool;
pub use catalogue::{Catalogue, InvalidCatalogue};
pub use claims::{Claim, Claims};
pub use code::Code;
pub use conditions::Conditions;
pub use decision::{Decision, Denial, Permit};
pub use document::{ArgumentMode, Document, TableOperation, Verb};
pub use edit::EditError;
pub use identity::{Accepted, ClaimsRefused, HostTrust, Peer, Property, Reach, Trust, TrustedIssuer};
pub use key::{ApiKeyText, MalformedKey};
pub use key_change::KeyChange;
pub use operation::{Arguments, MissingParam, Operation};
pub use problem::{Problem, Problems};
pub use ruleset::pins::Breach;
pub use ruleset::rights::{Columns, DatabaseRights, TableRights};
pub use ruleset::{
    ADAPTER_CLUSTER, Audit, Backend, CHANGES, Endpoint, Gateway, OutputFit, Resource, RuleSet, SEPARATOR,
    Screen, ServerKind, Upstream, default_cluster,
};
pub use subject::{KeyRefused, Scopes, Subject};
pub use timestamp::Timestamp;
pub use yaml::{Source, parse, read_yaml};
