//! A gRPC server behind the gateway: its methods are tools, governed like any other, called with a credential agents never see.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::error_code;
use tests::document::Document;
use tests::gateway::Plan;
use tests::lists;
use tests::wait::{SOON, until};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Status};
use tonic_health::ServingStatus;

const SECRET: &str = "the-credential-of-the-server";

/// The published health service on a port, and how often it was called.
struct Health {
    address: SocketAddr,
    calls: Arc<AtomicUsize>,
    _runtime: Runtime,
}

impl Health {
    fn start() -> Result<Self> {
        let runtime = Runtime::new()?;
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&calls);
        let known = move |request: Request<()>| {
            counted.fetch_add(1, Ordering::SeqCst);
            let shown = request.metadata().get("authorization").and_then(|value| value.to_str().ok());
            match shown == Some(&format!("Bearer {SECRET}")) {
                true => Ok(request),
                false => Err(Status::unauthenticated("who are you?")),
            }
        };
        let address = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            let (reporter, _) = tonic_health::server::health_reporter();
            reporter.set_service_status("shop", ServingStatus::NotServing).await;
            let health = tonic_health::server::HealthService::from_health_reporter(reporter);
            let health = tonic_health::pb::health_server::HealthServer::with_interceptor(health, known);
            let server = Server::builder().add_service(health);
            tokio::spawn(server.serve_with_incoming(TcpIncoming::from(listener)));
            anyhow::Ok(address)
        })?;
        Ok(Self { address, calls, _runtime: runtime })
    }
}

#[test]
fn methods_are_tools_that_the_gates_govern() -> Result<()> {
    let server = Health::start()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("health.binpb");
    fs::write(&file, tonic_health::pb::FILE_DESCRIPTOR_SET)?;
    let entry = format!(
        "protobuf: \"{}\", url: \"http://{}\", only: {{ operations: [grpc.health.v1.Health] }}, credential: {{ bearer: {{ env: HEALTH }} }}",
        file.display(),
        server.address,
    );
    let document = Document::new()
        .program("health", &entry)
        .role("operator", "tools: [{ allow: health.* }]")
        .role(
            "watcher",
            "tools: [{ allow: health.grpc.health.v1.Health.Check, when: \"args.service == 'shop'\" }]",
        )
        .role("stranger", "tools: [{ allow: health.grpc.health.v1.Health.Other }]");
    let gateway = Plan::of(&document.text()).variable("HEALTH", SECRET).start()?;
    let operator = gateway.modern("/health/mcp", "operator")?;
    until("the tools", SOON, || Ok(lists::tools(&operator).ok().filter(|tools| !tools.is_empty())))?;
    let tool = "grpc.health.v1.Health.Check";
    assert!(lists::tools(&operator)?.contains(&tool.to_owned()));
    // A stream is no tool.
    assert!(!lists::tools(&operator)?.iter().any(|name| name.ends_with("Watch")));

    for agent in [operator.clone(), gateway.legacy("/health/mcp", "operator")?] {
        let status = agent.result(tool, json!({ "service": "shop" }))?;
        assert_eq!(status["structuredContent"], json!({ "status": "NOT_SERVING" }), "{status}");
    }
    let told = |arguments: Value| -> Result<String> {
        let result = operator.result(tool, arguments)?;
        assert_eq!(result["isError"], true, "{result}");
        Ok(result["content"][0]["text"].as_str().context("no text")?.to_owned())
    };
    assert!(told(json!({ "service": "none" }))?.starts_with("gRPC NOT_FOUND"));

    let before = server.calls.load(Ordering::SeqCst);
    assert!(told(json!({ "service": 7 }))?.contains("`service`: expected text"));
    assert!(told(json!({ "service": null }))?.contains("`service`: is null"));
    assert!(told(json!({ "authorization": "Bearer mine" }))?.contains("there is no field `authorization`"));
    let watcher = gateway.modern("/health/mcp", "watcher")?;
    assert_eq!(lists::tools(&watcher)?, [tool]);
    assert_eq!(error_code(&watcher.call(tool, json!({ "service": "other" }))?), Some(4041));
    let stranger = gateway.modern("/health/mcp", "stranger")?;
    assert!(lists::tools(&stranger)?.is_empty());
    assert_eq!(error_code(&stranger.call(tool, json!({ "service": "shop" }))?), Some(4030));
    assert!(error_code(&operator.call("grpc.health.v1.Health.Watch", json!({}))?).is_some());
    assert!(error_code(&operator.call(tool, json!({ "service": "x".repeat(5 << 20) }))?).is_some());
    // None of these has reached the server.
    assert_eq!(server.calls.load(Ordering::SeqCst), before);
    assert_eq!(
        watcher.result(tool, json!({ "service": "shop" }))?["structuredContent"]["status"],
        "NOT_SERVING"
    );

    let envoy = fs::read_to_string(gateway.state("envoy.json"))?;
    assert!(!envoy.contains(SECRET) && !envoy.contains(&server.address.to_string()), "{envoy}");
    Ok(())
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_what_to_do() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("broken.binpb");
    fs::write(&file, b"syntax = \"proto3\";")?;
    let entry = format!("protobuf: \"{}\", url: \"http://127.0.0.1:1\"", file.display());
    let document = Document::new().program("broken", &entry).role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let said = until("the problem to be told", SOON, || {
        let output = gateway.run(&["server", "check", "broken"])?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(said.contains("broken.binpb").then_some(said))
    })?;
    assert!(said.contains("protoc --include_imports"), "{said}");
    Ok(())
}

#[test]
fn a_server_that_only_streams_has_no_tools() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("reflection.binpb");
    fs::write(&file, tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET)?;
    let entry = format!("protobuf: \"{}\", url: \"http://127.0.0.1:1\"", file.display());
    let document = Document::new().program("streams", &entry).role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/streams/mcp", "agent")?;
    let tools = until("the list", SOON, || Ok(lists::tools(&agent).ok()))?;
    assert!(tools.is_empty(), "{tools:?}");
    until("the method to be named", SOON, || {
        let said = fs::read_to_string(gateway.folder().join("up.log"))?;
        let named = said.contains("ServerReflectionInfo`: it is a stream both ways");
        Ok(named.then_some(()))
    })
}
