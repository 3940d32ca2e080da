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

/// Of Envoy's API what a rate-limit service and its clients need, generated from `proto/envoy/service/ratelimit`.
mod rate_limit_api {
    #![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
    include!(concat!(env!("OUT_DIR"), "/rate_limit_api.rs"));
}

/// Packages `envoy.service.ratelimit.v3` and `envoy.extensions.common.ratelimit.v3`.
pub mod ratelimit {
    pub use super::rate_limit_api::envoy::extensions::common::ratelimit::v3::*;
    pub use super::rate_limit_api::envoy::service::ratelimit::v3::*;
}

/// Packages `envoy.*`, generated from `proto/envoy`.
#[cfg(feature = "envoy")]
mod envoy_api {
    #![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic, reason = "generated code")]
    include!(concat!(env!("OUT_DIR"), "/envoy_api.rs"));
}

#[cfg(feature = "envoy")]
pub use envoy_api::envoy;
