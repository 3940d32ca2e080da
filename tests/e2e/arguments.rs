//! Rules that look into arguments: conditions, schemas and the server's own schema, for calls and for lists, in both eras; and
//! what `trigate explain` says of them.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::{Agent, error_code};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::lists;
use tests::upstream::{Answer, Upstream};
use tests::wait::{SOON, until};

const RULES: &str = r#"tools: [
    { allow: s.create, when: 'args.priority in ["low", "normal"] && args.count < 9007199254740993' },
    { allow: s.page, schema: { properties: { size: { type: integer, maximum: 100 } }, required: [size] } },
    { allow: s.hidden, when: 'has(claims.team) && claims.team == "x" && args.a < 3' },
    { allow: s.pinned, schema: pinned } ]"#;

fn upstream() -> Result<Upstream> {
    Upstream::start(|received| {
        let message = received.json();
        if message.get("id").is_none() {
            return Answer::bytes("text/plain", Vec::new()).status(202);
        }
        let schema = json!({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": false});
        let tool = |name: &str| json!({"name": name, "inputSchema": if name == "pinned" { schema.clone() } else { json!({"type": "object"}) }});
        let result = match message.get("method").and_then(Value::as_str) {
            Some("tools/list") => json!({
                "tools": Vec::from(["create", "page", "hidden", "pinned", "other"].map(tool)),
                "resultType": "complete", "ttlMs": 1000, "cacheScope": "public"
            }),
            _ => json!({"content": [{"type": "text", "text": "done"}], "resultType": "complete"}),
        };
        Answer::json(&json!({"jsonrpc": "2.0", "id": message.get("id"), "result": result}))
    })
}

fn scene() -> Result<(Upstream, Gateway)> {
    let upstream = upstream()?;
    let document = Document::new().server("s", &upstream.url(), "").role("agent", RULES);
    let gateway = Plan::of(&document.text()).start()?;
    Ok((upstream, gateway))
}

/// The code of a call's refusal and its words; 0 for a call that went through.
fn outcome(agent: &Agent, tool: &str, arguments: Value) -> Result<(i64, String)> {
    let message = agent.call(tool, arguments)?;
    let words = message.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
    Ok((error_code(&message).unwrap_or_default(), words.to_owned()))
}

#[test]
fn arguments_decide_alike_in_both_eras() -> Result<()> {
    let (upstream, gateway) = scene()?;
    for agent in [gateway.modern("/s/mcp", "agent")?, gateway.legacy("/s/mcp", "agent")?] {
        let before = upstream.received().len();
        let low = json!({"priority": "low", "count": 9_007_199_254_740_992_u64});
        assert_eq!(outcome(&agent, "create", low)?.0, 0);
        let high = outcome(&agent, "create", json!({"priority": "high", "count": 1}))?;
        assert_eq!(high.0, 4041, "{high:?}");
        assert!(high.1.contains("`args.priority in [\"low\", \"normal\"]`"), "{high:?}");
        let more = json!({"priority": "low", "count": 9_007_199_254_740_993_u64});
        assert_eq!(outcome(&agent, "create", more)?.0, 4041);
        assert_eq!(outcome(&agent, "create", json!({"priority": "low"}))?.0, 4042);
        assert_eq!(outcome(&agent, "page", json!({"size": 100}))?.0, 0);
        let large = outcome(&agent, "page", json!({"size": 101}))?;
        assert_eq!(large.0, 4043, "{large:?}");
        assert!(large.1.contains("args.size"), "{large:?}");
        let calls = upstream.received().split_off(before);
        let calls = calls.iter().filter(|received| received.json()["method"] == "tools/call").count();
        assert_eq!(calls, 2, "only what was allowed reaches the server");
    }
    Ok(())
}

#[test]
fn a_list_shows_what_some_arguments_could_be_allowed_to_do() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    gateway.told(&["pins", "list", "--ask"])?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    until("the pinned schema arrives", SOON, || {
        let tools = lists::tools(&agent)?;
        assert!(!tools.contains(&"hidden".to_owned()), "a caller without the claim sees it: {tools:?}");
        Ok((tools == ["create", "page", "pinned"]).then_some(()))
    })
}

#[test]
fn the_servers_own_schema_is_enforced_once_it_is_known() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    gateway.told(&["pins", "list", "--ask"])?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    until("the pinned schema arrives", SOON, || {
        let (code, _) = outcome(&agent, "pinned", json!({"id": 1}))?;
        Ok((code == 0).then_some(()))
    })?;
    let wrong = outcome(&agent, "pinned", json!({"id": "1"}))?;
    assert_eq!(wrong.0, 4043, "{wrong:?}");
    assert_eq!(outcome(&agent, "pinned", json!({"id": 1, "more": true}))?.0, 4043);
    Ok(())
}

#[test]
fn explain_says_what_the_gateway_does() -> Result<()> {
    let (_upstream, gateway) = scene()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    for arguments in
        [json!({"priority": "low", "count": 1}), json!({"priority": "high", "count": 1}), json!({})]
    {
        let (code, words) = outcome(&agent, "create", arguments.clone())?;
        let text = arguments.to_string();
        let asked = ["explain", "--role", "agent", "--server", "s", "--tool", "create", "--args", &text];
        let explained = gateway.json(&asked)?;
        assert_eq!(explained["code"], code, "{explained}");
        let message = explained["message"].as_str().context("no message")?;
        assert!(words.contains(message), "{words} is not {message}");
    }
    Ok(())
}

#[test]
fn a_document_that_misspells_an_argument_is_refused_with_its_place() -> Result<()> {
    let (upstream, gateway) = scene()?;
    gateway.told(&["pins", "list", "--ask"])?;
    let wrong = Document::new()
        .server("s", &upstream.url(), "")
        .role("agent", "tools: [{ allow: s.pinned, when: args.idd == 1 }]");
    std::fs::write(gateway.folder().join("wrong.yaml"), wrong.text())?;
    let output = gateway.run(&["policy", "apply", "wrong.yaml"])?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(said.contains("the tool declares no argument `idd` (did you mean `id`?)"), "{said}");
    Ok(())
}
