//! An API behind the gateway: its operations are tools, governed like any other, carried out with a credential agents never see.

use std::fs;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::error_code;
use tests::document::Document;
use tests::gateway::Plan;
use tests::lists;
use tests::upstream::{Answer, Received, Upstream};
use tests::wait::{SOON, until};

const SECRET: &str = "the-credential-of-the-api";

const API: &str = r##"
openapi: 3.0.3
info: { title: Billing, version: "1" }
paths:
  /invoices/{id}:
    get:
      operationId: getInvoice
      summary: An invoice
      tags: [invoices]
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: fields, in: query, schema: { type: array, items: { type: string } } }
      responses:
        200: { description: ok, content: { application/json: { schema: { $ref: "#/components/schemas/Invoice" } } } }
  /invoices:
    post:
      operationId: createInvoice
      tags: [invoices]
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Invoice" } } }
      responses:
        201: { description: made, content: { application/json: { schema: { $ref: "#/components/schemas/Invoice" } } } }
  /moved:
    get: { operationId: moved, tags: [odd], responses: { 200: { description: ok } } }
  /huge:
    get: { operationId: huge, tags: [odd], responses: { 200: { description: ok } } }
  /secret:
    get: { operationId: secret, tags: [internal], responses: { 200: { description: ok } } }
components:
  schemas:
    Invoice:
      type: object
      properties: { id: { type: string }, note: { type: string, nullable: true } }
"##;

fn api(received: &Received) -> Answer {
    if received.headers.get("authorization") != Some(&format!("Bearer {SECRET}")) {
        return Answer::json(&json!({ "error": "who are you?" })).status(401);
    }
    match (received.method.as_str(), received.path.as_str()) {
        ("POST", "/v1/invoices") => Answer::json(&received.json()).status(201),
        ("GET", "/v1/moved") => {
            Answer::bytes("text/plain", Vec::new()).status(302).header("Location", "http://127.0.0.1:1/")
        }
        ("GET", "/v1/huge") => Answer::bytes("text/plain", vec![b'x'; 5 << 20]),
        ("GET", "/v1/invoices/none") => Answer::json(&json!({ "error": "no such invoice" })).status(404),
        ("GET", path) => Answer::json(&json!({ "id": path })),
        _ => Answer::json(&json!({ "error": "no such verb" })).status(405),
    }
}

#[test]
fn operations_are_tools_that_the_gates_govern() -> Result<()> {
    let upstream = Upstream::start(api)?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("billing.yaml");
    fs::write(&file, API)?;
    let url = upstream.url().replace("/mcp", "/v1");
    let entry = format!(
        "openapi: \"{}\", url: \"{url}\", only: {{ tags: [invoices, odd] }}, credential: {{ bearer: {{ env: BILLING }} }}",
        file.display()
    );
    let document = Document::new()
        .program("billing", &entry)
        .role("clerk", "tools: [{ allow: billing.* }]")
        .role("reader", "tools: [{ allow: billing.getInvoice }]");
    let gateway = Plan::of(&document.text()).variable("BILLING", SECRET).start()?;
    let clerk = gateway.modern("/billing/mcp", "clerk")?;
    until("the tools", SOON, || Ok(lists::tools(&clerk).ok().filter(|tools| !tools.is_empty())))?;
    let mut tools = lists::tools(&clerk)?;
    tools.sort();
    assert_eq!(tools, ["createInvoice", "getInvoice", "huge", "moved"]);

    for agent in [clerk.clone(), gateway.legacy("/billing/mcp", "clerk")?] {
        let invoice = agent.result("getInvoice", json!({ "id": "../a b", "fields": ["x", "y"] }))?;
        let id = "/v1/invoices/..%2Fa%20b?fields=x&fields=y";
        assert_eq!(invoice["structuredContent"]["id"], id, "{invoice}");
    }
    let made = clerk.result("createInvoice", json!({ "body": { "id": "7", "note": null } }))?;
    assert_eq!(made["structuredContent"], json!({ "id": "7", "note": null }), "{made}");

    let told = |tool: &str, arguments: Value| -> Result<String> {
        let result = clerk.result(tool, arguments)?;
        assert_eq!(result["isError"], true, "{result}");
        Ok(result["content"][0]["text"].as_str().context("no text")?.to_owned())
    };
    assert!(
        told("getInvoice", json!({ "id": "none" }))?
            .starts_with("HTTP 404 Not Found\n{\"error\":\"no such invoice\"}")
    );
    assert!(told("getInvoice", json!({ "id": ".." }))?.contains("a step in a path"));
    assert!(told("getInvoice", json!({}))?.contains("`id` is missing"));
    assert!(told("moved", json!({}))?.starts_with("HTTP 302 Found"));
    assert!(told("huge", json!({}))?.contains("longer than 4194304 bytes"));

    let reader = gateway.modern("/billing/mcp", "reader")?;
    assert_eq!(lists::tools(&reader)?, ["getInvoice"]);
    assert_eq!(error_code(&reader.call("createInvoice", json!({ "body": {} }))?), Some(4030));
    assert!(error_code(&clerk.call("secret", json!({}))?).is_some());

    let envoy = fs::read_to_string(gateway.state("envoy.json"))?;
    assert!(!envoy.contains(SECRET) && !envoy.contains("/v1") && !envoy.contains("billing.yaml"), "{envoy}");
    Ok(())
}

#[test]
fn a_document_that_cannot_be_used_is_named_with_file_and_place() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("broken.json");
    fs::write(&file, r##"{ "openapi": "3.1.0", "paths": { "/a/{b}": { "get": {} } } }"##)?;
    let entry = format!("openapi: \"{}\", url: \"http://127.0.0.1:1\"", file.display());
    let document = Document::new().program("broken", &entry).role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let said = until("the problem to be told", SOON, || {
        let output = gateway.run(&["server", "check", "broken"])?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(said.contains("broken.json").then_some(said))
    })?;
    assert!(said.contains("#/paths//a/{b}/get") && said.contains("`{b}`"), "{said}");
    Ok(())
}
