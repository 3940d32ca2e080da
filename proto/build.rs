//! Compiles the contracts without a system `protoc`: protox parses, tonic-prost-build generates.

use std::{env, error::Error, fs, path::PathBuf};

use prost::Message;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=trigate");
    println!("cargo:rerun-if-changed=envoy");
    let files = ["trigate/v1/policy.proto", "trigate/v1/audit.proto", "trigate/v1/admin.proto"];
    let descriptors = protox::compile(files, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("descriptors.bin"), descriptors.encode_to_vec())?;
    let grpc = env::var_os("CARGO_FEATURE_GRPC").is_some();
    tonic_prost_build::configure().build_server(grpc).build_client(grpc).compile_fds(descriptors)?;
    let descriptors = protox::compile(["envoy/service/ratelimit/v3/rls.proto"], ["."])?;
    tonic_prost_build::configure()
        .build_server(grpc)
        .build_client(grpc)
        .include_file("rate_limit_api.rs")
        .compile_fds(descriptors)?;
    if env::var_os("CARGO_FEATURE_ENVOY").is_some() {
        let descriptors = protox::compile(["envoy/service/ext_proc/v3/external_processor.proto"], ["."])?;
        tonic_prost_build::configure().include_file("envoy_api.rs").compile_fds(descriptors)?;
    }
    Ok(())
}
