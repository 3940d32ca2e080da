//! Gate 2: the proxy-wasm shell of the engine, for Envoy and the proxies built on it.
//!
//! One root context per worker holds the policy (pushed by the control plane over a `Watch` stream, or part of the
//! configuration) and the audit outbox (drained over `Publish`, or into the host's log); one HTTP context per request turns callbacks into the engine's events and its
//! effects into host calls. Nothing is decided here, and `host.rs` is the only file that calls the host.

mod config;
mod counters;
#[cfg(feature = "faults")]
mod faults;
mod host;
mod http;
mod link;
mod metrics;
mod root;
mod streams;

#[cfg(target_family = "wasm")]
mod entry {
    proxy_wasm::main! {{ crate::register(); }}
}

/// Tells the host what makes contexts. The module's entry point calls it once per VM.
pub fn register() {
    proxy_wasm::set_log_level(proxy_wasm::types::LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(root::Root::default()));
}
