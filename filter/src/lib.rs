//! Gate 2: the proxy-wasm shell of the engine.
