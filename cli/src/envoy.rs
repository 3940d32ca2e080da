//! Envoy as seen from here: the configuration it starts with, and the program itself.

pub(crate) mod bootstrap;
pub(crate) mod gate;
mod local_reply;
pub(crate) mod program;
pub(crate) mod tracing;
mod upstream;
