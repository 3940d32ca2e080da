//! Traces, measurements and log records at a receiver of OTLP: one trace through both gates to the statement, nothing secret
//! in it, and nothing that waits for a receiver.

mod receiver;
mod spans;

use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tests::agent::Agent;
use tests::audit::{at_least, text};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::keys::Key;
use tests::wait::{self, START};

use receiver::Receiver;
use spans::{Seen, Told};

/// What an agent of the tests sends for its own span.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

/// Values that no telemetry may carry.
const ARGUMENT: &str = "Grace-the-literal";
const CELL: &str = "cell-of-a-row";
const STORED: &str = "stored-in-the-database-alone";

fn shop() -> Result<(TempDir, Document)> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("shop.db");
    rusqlite::Connection::open(&path)?.execute_batch(&format!(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT);
         INSERT INTO customers VALUES (1, '{ARGUMENT}', '{CELL}'), (2, 'Ada', '{STORED}');"
    ))?;
    let rights = "tools: [{ allow: shop.query }], databases: { shop: { tables: { customers: [read] } } }";
    let document =
        Document::new().database("shop", &format!("sqlite://{}", path.display())).role("reader", rights);
    Ok((folder, document))
}

/// A gateway that exports often, so that nobody waits long.
fn exporting(document: &Document, endpoint: &str, protocol: &str) -> Plan {
    Plan::of(&document.text())
        .workers(1)
        .variable("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .variable("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
        .variable("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=acme")
        .variable("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=tests")
        .variable("OTEL_BSP_SCHEDULE_DELAY", "100")
        .variable("OTEL_BLRP_SCHEDULE_DELAY", "100")
        .variable("OTEL_METRIC_EXPORT_INTERVAL", "200")
}

fn asked() -> Value {
    json!({"name": "query", "arguments": {"table": "customers", "filter": format!("name = '{ARGUMENT}'")}})
}

/// Calls `query` as a step of the agent's own trace, named by the header.
fn call(agent: &Agent) -> Result<Value> {
    let traceparent = format!("00-{TRACE}-{SPAN}-01");
    let answer = agent.request("tools/call", asked()).header("traceparent", &traceparent).send(&agent.url)?;
    let message = answer.message()?;
    assert!(message.to_string().contains(CELL), "{message}");
    Ok(message)
}

fn wait_for(receiver: &Receiver, what: &str, is_there: impl Fn(&Seen) -> bool) -> Result<Seen> {
    wait::until(what, START, || {
        let seen = receiver.with(Seen::of);
        Ok(is_there(&seen).then_some(seen))
    })
}

/// The three spans of one call, each below the one before.
fn check_trace(seen: &Seen, parent: &str) -> Result<()> {
    let gate2 = seen.span(TRACE, "trigate-gateway")?;
    assert_eq!(gate2.parent, parent, "{gate2:?}");
    let statement = seen.span_named(TRACE, "SELECT customers")?;
    let gate3 = seen.span_named(TRACE, "tools/call query")?;
    assert_eq!((&gate3.parent, &gate3.service), (&gate2.id, &"trigate-adapter".to_owned()), "{gate3:?}");
    assert_eq!(statement.parent, gate3.id, "{statement:?}");
    Ok(())
}

fn check_attributes(span: &Told, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(span.attributes.get(*name).map(String::as_str), Some(*value), "{name} of {span:?}");
    }
}

fn is_whole(seen: &Seen) -> bool {
    ["tools/call query", "SELECT customers"].iter().all(|name| seen.span_named(TRACE, name).is_ok())
        && seen.span(TRACE, "trigate-gateway").is_ok()
}

#[test]
fn one_trace_shows_both_gates_and_the_statement() -> Result<()> {
    let (_folder, document) = shop()?;
    let receiver = Receiver::start()?;
    let gateway = exporting(&document, &receiver.grpc(), "grpc").start()?;
    call(&gateway.modern("/shop/mcp", "reader")?)?;
    let seen = wait_for(&receiver, "the spans of the call", is_whole)?;
    check_trace(&seen, SPAN)?;

    let gate3 = seen.span_named(TRACE, "tools/call query")?;
    check_attributes(
        gate3,
        &[
            ("mcp.method.name", "tools/call"),
            ("mcp.protocol.version", "2026-07-28"),
            ("gen_ai.operation.name", "execute_tool"),
            ("gen_ai.tool.name", "query"),
            ("network.transport", "tcp"),
            ("trigate.decision.result", "allowed"),
            ("trigate.server", "shop"),
        ],
    );
    let statement = seen.span_named(TRACE, "SELECT customers")?;
    check_attributes(
        statement,
        &[
            ("db.system.name", "sqlite"),
            ("db.namespace", "shop"),
            ("db.operation.name", "SELECT"),
            ("db.collection.name", "customers"),
            ("db.query.summary", "SELECT customers"),
            ("db.response.returned_rows", "1"),
        ],
    );
    // The rows of the audit, and the span of either gate, are of one decision.
    let decision = gate3.attributes.get("trigate.decision.id").context("no decision")?;
    let gate2 = seen.span(TRACE, "trigate-gateway")?;
    if tests::host::Host::of_this_run().name() == "wasm" {
        check_attributes(gate2, &[("mcp.method.name", "tools/call"), ("trigate.decision.id", decision)]);
    }
    for row in at_least(&gateway, 2, &["--decision-id", decision])? {
        assert_eq!(text(&row, "trace_id"), TRACE, "{row}");
    }
    Ok(())
}

#[test]
fn http_carries_the_same_and_a_sender_named_in_the_message_is_the_parent() -> Result<()> {
    let (_folder, document) = shop()?;
    let receiver = Receiver::start()?;
    let gateway = exporting(&document, &receiver.http(), "http/protobuf").start()?;
    let agent = gateway.legacy("/shop/mcp", "reader")?;
    call(&agent)?;
    check_trace(&wait_for(&receiver, "the spans of the call", is_whole)?, SPAN)?;

    let other = "11111111111111111111111111111111";
    let mut params = asked();
    params["_meta"] = json!({"traceparent": format!("00-{other}-{SPAN}-01")});
    agent.ask("tools/call", params)?;
    let is_there = |seen: &Seen| seen.span_named(other, "SELECT customers").is_ok();
    let seen = wait_for(&receiver, "the spans of the second call", is_there)?;
    let gate3 = seen.span_named(other, "tools/call query")?;
    assert_eq!(gate3.parent, SPAN, "{gate3:?}");
    // Envoy begins its span before the message is read: in a trace of its own, which is linked.
    let gate2 = wait_for(&receiver, "the gateway's span", |seen| {
        seen.spans.iter().any(|span| span.service == "trigate-gateway" && gate3.links.contains(&span.id))
    });
    assert!(gate2.is_ok(), "{gate3:?}");
    Ok(())
}

#[test]
fn measurements_and_records_come_from_every_part() -> Result<()> {
    let (_folder, document) = shop()?;
    let receiver = Receiver::start()?;
    let gateway = exporting(&document, &receiver.grpc(), "grpc").start()?;
    let agent = gateway.modern("/shop/mcp", "reader")?;
    call(&agent)?;
    agent.call("drop_everything", json!({}))?;
    let expected = [
        "mcp.server.operation.duration",
        "db.client.operation.duration",
        "db.client.response.returned_rows",
        "rpc.server.call.duration",
        "trigate.control_plane.decisions",
        "trigate.control_plane.nodes",
        "trigate.control_plane.revision",
        "trigate.control_plane.snapshots",
    ];
    let is_there = |seen: &Seen| {
        expected.iter().all(|name| seen.metrics.contains(*name))
            && seen.rules.contains("allow shop.query")
            && seen.services_of_logs.contains("trigate-control-plane")
            && seen.spans.iter().any(|span| span.name == "trigate.v1.AdminService/ApplyPolicy")
    };
    wait_for(&receiver, "measurements, records and spans of the control plane", is_there)?;
    let of_the_environment = receiver.with(|seen| {
        assert!(!seen.tenants.is_empty() && seen.tenants.iter().all(|tenant| tenant == "acme"));
        Seen::of(seen).environments
    });
    assert_eq!(of_the_environment.into_iter().collect::<Vec<_>>(), ["tests"]);
    Ok(())
}

#[test]
fn nothing_secret_is_in_what_is_exported() -> Result<()> {
    let (folder, document) = shop()?;
    let receiver = Receiver::start()?;
    let mut gateway = exporting(&document, &receiver.grpc(), "grpc").start()?;
    let agent = gateway.modern("/shop/mcp", "reader")?;
    call(&agent)?;
    // What is refused, and what fails, repeats what was sent to the caller alone.
    agent.call("query", json!({"table": "customers", "filter": format!("no_such = '{ARGUMENT}'")}))?;
    agent.call("query", json!({"table": format!("{ARGUMENT}_table")}))?;
    agent.call(&format!("{ARGUMENT}_tool"), json!({"x": ARGUMENT}))?;
    wait_for(&receiver, "the spans of the call", is_whole)?;
    let failed = |seen: &Seen| seen.spans.iter().any(|span| span.attributes.contains_key("error.type"));
    wait_for(&receiver, "the span of a failure", failed)?;
    let secrets = ["admin.token", "node.token"].map(|name| std::fs::read_to_string(gateway.state(name)));
    let mut secrets = secrets.into_iter().collect::<std::io::Result<Vec<_>>>()?;
    secrets.extend([Key::of("reader").text, folder.path().display().to_string()]);
    secrets.extend([ARGUMENT, CELL, STORED, "acme"].map(str::to_owned));
    // At its end each part sends what it still has.
    stop(&mut gateway)?;
    let bytes = receiver.with(receiver::Seen::bytes);
    assert!(!bytes.is_empty());
    for secret in secrets {
        let secret = secret.trim();
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "`{secret}` was exported");
    }
    Ok(())
}

#[test]
fn calls_do_not_wait_for_a_receiver_that_never_answers() -> Result<()> {
    let (_folder, document) = shop()?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let endpoint = format!("http://{}", listener.local_addr()?);
    let (came, connections) = mpsc::channel();
    // Connections are taken and kept, and nothing is ever said on them.
    thread::spawn(move || listener.incoming().flatten().try_for_each(|stream| came.send(stream)));
    let gateway = exporting(&document, &endpoint, "http/protobuf")
        .variable("OTEL_EXPORTER_OTLP_TIMEOUT", "600000")
        .variable("OTEL_BSP_MAX_QUEUE_SIZE", "4")
        .variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2")
        .start()?;
    let agent = gateway.modern("/shop/mcp", "reader")?;
    call(&agent)?;
    // From here on an export is under way that will not end while this test runs.
    let _held = connections.recv_timeout(START).context("nothing was ever exported")?;
    for _ in 0..50 {
        call(&agent)?;
    }
    Ok(())
}

#[test]
fn calls_go_on_without_the_receiver_and_it_may_be_switched_off() -> Result<()> {
    let (_folder, document) = shop()?;
    let nobody = format!("http://{}", tests::workspace::free_address()?);
    let gateway = exporting(&document, &nobody, "grpc").start()?;
    let agent = gateway.modern("/shop/mcp", "reader")?;
    for _ in 0..10 {
        call(&agent)?;
    }
    drop(gateway);

    let receiver = Receiver::start()?;
    let plan = exporting(&document, &receiver.grpc(), "grpc").variable("OTEL_SDK_DISABLED", "true");
    let mut gateway = plan.start()?;
    call(&gateway.modern("/shop/mcp", "reader")?)?;
    let envoy = std::fs::read_to_string(gateway.state("envoy.json"))?;
    assert!(!envoy.contains("OpenTelemetryConfig") && !envoy.contains("trigate_otlp"), "{envoy}");
    stop(&mut gateway)?;
    assert!(receiver.with(receiver::Seen::bytes).is_empty(), "something was exported");
    Ok(())
}

fn stop(gateway: &mut Gateway) -> Result<()> {
    gateway.process().signal(Signal::SIGINT)?;
    gateway.process().ended(START).map(drop)
}
