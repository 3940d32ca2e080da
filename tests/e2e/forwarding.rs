//! What is allowed passes as it was written: the upstream gets the judged bytes, the agent gets the answer's.

use anyhow::{Context, Result};
use serde_json::json;
use tests::agent::{Agent, modern_headers};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::upstream::{Answer, Upstream};

fn scene(upstream: &Upstream) -> Result<(Gateway, Agent)> {
    let document = Document::new().server("s", &upstream.url(), "").role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    Ok((gateway, agent))
}

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

#[test]
fn the_upstream_gets_the_bytes_that_were_judged() -> Result<()> {
    let upstream = Upstream::echo()?;
    let (_gateway, agent) = scene(&upstream)?;
    let large = "x".repeat(300_000);
    let bodies = [
        // Members in another order, spaces, escapes, numbers as nobody would print them.
        format!(
            "{{ \"params\":{{\"arguments\":{{\"a\":1.50e+2,\"b\":\"\\u00e9\\/\"}},\"name\":\"echo\",{META}}},\r\n\t\"method\":\"tools\\/call\",\"id\":0,\"jsonrpc\":\"2.0\" }}"
        ),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"tools/call\",\"params\":{{{META},\"name\":\"echo\",\"arguments\":{{\"t\":\"é😀\"}}}}}}\n"
        ),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":18446744073709551617,\"method\":\"tools/call\",\"params\":{{{META},\"name\":\"echo\"}}}}"
        ),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{{META},\"name\":\"echo\",\"arguments\":{{\"t\":\"{large}\"}}}}}}"
        ),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{{META},\"name\":\"echo\",\"requestState\":\"v1.=+/\",\"inputResponses\":{{\"k\":{{\"action\":\"accept\"}}}}}}}}"
        ),
    ];
    for body in bodies {
        upstream.forget();
        let response =
            modern_headers(agent.post(body.clone()), "tools/call", Some("echo")).send(&agent.url)?;
        assert_eq!(response.status, 200, "{body}: {}", response.text());
        let received = upstream.received();
        let [request] = received.as_slice() else {
            anyhow::bail!("{} requests reached the upstream", received.len())
        };
        assert_eq!(String::from_utf8_lossy(&request.body), body);
        assert_eq!(request.path, "/mcp");
        assert_eq!(request.headers.get("mcp-name"), Some("echo"));
    }
    Ok(())
}

#[test]
fn the_agent_gets_the_answer_that_was_given() -> Result<()> {
    let body = "{\"result\" : {\"content\":[ ],\"structuredContent\":1.0e1,\"resultType\":\"complete\"},\"id\":7,\"jsonrpc\":\"2.0\"}\n";
    let upstream = Upstream::start(move |_| Answer::bytes("application/json", body.as_bytes().to_vec()))?;
    let (_gateway, agent) = scene(&upstream)?;
    let response = agent.send("tools/call", json!({"name": "echo", "arguments": {}}))?;
    assert_eq!(response.text(), body);
    Ok(())
}

#[test]
fn an_error_of_the_upstream_stays_its_own() -> Result<()> {
    let body = r#"{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"no such method"}}"#;
    let upstream =
        Upstream::start(move |_| Answer::bytes("application/json", body.as_bytes().to_vec()).status(404))?;
    let (_gateway, agent) = scene(&upstream)?;
    for method in ["tools/call", "tools/list"] {
        let response = agent.send(method, json!({"name": "echo"}))?;
        assert_eq!((response.status, response.text().as_str()), (404, body), "{method}");
    }
    Ok(())
}

#[test]
fn an_upstream_that_is_away_is_no_crash() -> Result<()> {
    let away = tests::workspace::free_address()?;
    let document =
        Document::new().server("s", &format!("http://{away}/mcp"), "").role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    for method in ["tools/call", "tools/list"] {
        let response = agent.send(method, json!({"name": "echo"}))?;
        assert!(matches!(response.status, 502..=504), "{method}: {} {}", response.status, response.text());
    }
    let response = agent.send("prompts/get", json!({"name": "p"})).context("the gateway still answers")?;
    assert!(response.status >= 500);
    Ok(())
}
