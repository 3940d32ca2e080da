//! What carries gate 2 in a test: the module within Envoy, or the service that Envoy's ext_proc filter asks.

use std::env;

/// A host of the engine.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Host {
    /// `trigate ext-proc`.
    ExtProc,
    /// The filter's module.
    Wasm,
}

impl Host {
    /// The host of this run: that of `TRIGATE_TEST_HOST`, or `ext-proc` in the test binary of that name.
    pub fn of_this_run() -> Self {
        let named = env::var("TRIGATE_TEST_HOST").ok();
        let program = env::current_exe().ok();
        let name = program.as_deref().and_then(|path| path.file_name()).unwrap_or_default();
        match named.as_deref() {
            Some(host) if host == Self::ExtProc.name() => Self::ExtProc,
            Some(_) => Self::Wasm,
            None if name.to_string_lossy().starts_with("ext_proc") => Self::ExtProc,
            None if name.to_string_lossy().starts_with("ext-proc") => Self::ExtProc,
            None => Self::Wasm,
        }
    }

    /// As `trigate up --host` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ExtProc => "ext-proc",
            Self::Wasm => "wasm",
        }
    }
}
