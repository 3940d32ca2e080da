//! The three services: unpack a request, ask the ledger, the store or the nodes, pack the answer.

pub(crate) mod admin;
pub(crate) mod audit;
mod credentials;
pub(crate) mod explain;
mod pins;
pub(crate) mod policy;
pub(crate) mod rate_limit;
mod servers;
mod status;
mod trail;

pub(crate) use status::unauthenticated;
