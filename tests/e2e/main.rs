//! End to end: agents, the real Envoy with the built filter, the control plane, the adapter, upstreams and databases.
//!
//! One file per behaviour. Each test starts what it needs and stops it.

mod apis;
mod arguments;
mod audit;
mod calls;
mod chaos;
mod clients;
mod conformance;
mod content;
mod database;
mod demo;

mod failing;
mod forwarding;
mod frames;
mod grpc;
mod host;
mod identity;
mod limits;
mod lists;
mod methods;
mod oauth;
mod outage;
mod pins;
mod revocation;
mod scenarios;
mod sessions;
mod several;
mod snapshots;
mod start;
mod stdio;
mod streaming;
mod tasks;
mod telemetry;
