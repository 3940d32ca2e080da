//! The gRPC contract between gates, control plane and operators: package `trigate.v1`.
//!
//! Messages only by default, so that the filter can use them in wasm; feature `grpc` adds tonic's clients and servers, `envoy`
//! the services that Envoy calls.

/// Package `trigate.v1`, generated from `proto/trigate/v1`.
pub mod v1 {
    #![allow(missing_docs, clippy::all, clippy::pedantic, reason = "generated code")]
    include!(concat!(env!("OUT_DIR"), "/trigate.v1.rs"));
}

/// The encoded `FileDescriptorSet`, for the reflection service.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));

/// Packages `envoy.*`, generated from `proto/envoy`.
#[cfg(feature = "envoy")]
mod envoy_api {
    #![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
    include!(concat!(env!("OUT_DIR"), "/envoy_api.rs"));
}

#[cfg(feature = "envoy")]
pub use envoy_api::envoy;
