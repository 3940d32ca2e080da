//! Input that two parsers read in two ways: the gateway refuses it, and the upstream never hears of it.
//!
//! Each case is one that some server in the field accepts. The agent may do everything: only the form is wrong.

use anyhow::{Context, Result};
use serde_json::json;
use tests::agent::{Agent, error_code, modern_headers};
use tests::document::Document;
use tests::gateway::{Gateway, Plan};
use tests::http::Request;
use tests::upstream::Upstream;

const INVALID_REQUEST: i64 = -32600;
const PARSE_ERROR: i64 = -32700;
const HEADER_MISMATCH: i64 = -32020;

struct Scene {
    upstream: Upstream,
    // Held: its drop stops the gateway.
    _gateway: Gateway,
    agent: Agent,
}

fn scene() -> Result<Scene> {
    let upstream = Upstream::echo()?;
    let document = Document::new()
        .top("gateway: { allowed_hosts: [127.0.0.1] }")
        .server("s", &upstream.url(), "")
        .role("agent", "everything: true");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    Ok(Scene { upstream, _gateway: gateway, agent })
}

impl Scene {
    /// Sends what must be refused with one of the statuses and, where one is due, this JSON-RPC code.
    fn refused(&self, case: &str, request: &Request, statuses: &[u16], code: Option<i64>) -> Result<()> {
        let response = request.send(&self.agent.url).with_context(|| case.to_owned())?;
        assert!(statuses.contains(&response.status), "{case}: {} {}", response.status, response.text());
        if let Some(code) = code {
            assert_eq!(error_code(&response.message()?), Some(code), "{case}: {}", response.text());
        }
        let reached = self.upstream.received();
        assert!(reached.is_empty(), "{case} reached the upstream: {reached:?}");
        Ok(())
    }

    /// A body that must be refused in both eras.
    fn body_refused(&self, case: &str, body: impl Into<Vec<u8>>, code: i64) -> Result<()> {
        let plain = self.agent.post(body);
        for version in ["2025-03-26", "2025-11-25"] {
            let legacy = plain
                .clone()
                .header("MCP-Protocol-Version", version)
                .header("Mcp-Session-Id", "some-session");
            self.refused(&format!("{case} (header {version})"), &legacy, &[400], Some(code))?;
        }
        let modern = modern_headers(plain, "tools/call", Some("A"));
        self.refused(&format!("{case} (modern)"), &modern, &[400], Some(code))
    }
}

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}"#;

/// A modern call with these members of `params` and these after it.
fn call(params: &str, after: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{{META},{params}}}{after}}}"#)
}

/// A call whose only argument is this JSON.
fn argument(value: &str) -> String {
    call(&format!(r#""name":"A","arguments":{{"x":{value}}}"#), "")
}

fn with_id(id: &str) -> String {
    call(r#""name":"A""#, "").replace(r#""id":1"#, &format!(r#""id":{id}"#))
}

#[test]
fn the_scene_lets_a_good_call_through() -> Result<()> {
    let scene = scene()?;
    let request = modern_headers(scene.agent.post(argument("1")), "tools/call", Some("A"));
    assert_eq!(request.send(&scene.agent.url)?.status, 200);
    assert_eq!(scene.upstream.received().len(), 1);
    Ok(())
}

#[test]
fn no_key_stands_twice_at_any_depth() -> Result<()> {
    let scene = scene()?;
    let cases = [
        ("the name twice", call(r#""name":"A","name":"B""#, "")),
        ("the name twice, once escaped", call(r#""name":"A","n\u0061me":"B""#, "")),
        ("two params", call(r#""name":"A""#, r#","params":{"name":"B"}"#)),
        ("two methods", call(r#""name":"A""#, r#","method":"ping""#)),
        ("two ids", call(r#""name":"A""#, r#","id":2"#)),
        ("an argument twice", argument(r#"1,"x":2"#)),
        ("an argument twice, once escaped", argument(r#"1,"\u0078":2"#)),
        ("a key twice deep within", argument(r#"[{"a":{"b":1,"b":2}}]"#)),
        ("the meta twice", call(&format!(r#""name":"A",{META}"#), "")),
    ];
    for (case, body) in cases {
        scene.body_refused(case, body, INVALID_REQUEST)?;
    }
    Ok(())
}

#[test]
fn one_message_at_a_time() -> Result<()> {
    let scene = scene()?;
    let one = argument("1");
    scene.body_refused("an array of two calls", format!("[{one},{one}]"), INVALID_REQUEST)?;
    scene.body_refused("an array of one call", format!("[{one}]"), INVALID_REQUEST)?;
    scene.body_refused("an empty array", "[]", INVALID_REQUEST)?;
    scene.body_refused("two documents", format!("{one}{one}"), PARSE_ERROR)?;
    scene.body_refused("two documents in two lines", format!("{one}\n{one}"), PARSE_ERROR)?;
    scene.body_refused("garbage after it", format!("{one}x"), PARSE_ERROR)?;
    scene.body_refused("a trailing comma", call(r#""name":"A","#, ""), PARSE_ERROR)?;
    scene.body_refused("half of it", one.get(..one.len() / 2).unwrap_or_default(), PARSE_ERROR)?;
    scene.body_refused("nothing", "", PARSE_ERROR)
}

#[test]
fn text_is_utf_8_and_nothing_else() -> Result<()> {
    let scene = scene()?;
    let one = argument("1");
    let invalid = argument("\"#\"")
        .into_bytes()
        .iter()
        .map(|byte| if *byte == b'#' { 0xff } else { *byte })
        .collect::<Vec<u8>>();
    let overlong = argument("\"##\"").into_bytes();
    let overlong: Vec<u8> = overlong
        .iter()
        .scan(0, |seen, byte| {
            let replaced = match (*byte, *seen) {
                (b'#', 0) => 0xc0,
                (b'#', _) => 0xaf,
                (byte, _) => byte,
            };
            *seen += usize::from(*byte == b'#');
            Some(replaced)
        })
        .collect();
    let utf_16: Vec<u8> = one.encode_utf16().flat_map(u16::to_le_bytes).collect();
    scene.body_refused("a byte order mark", format!("\u{feff}{one}"), PARSE_ERROR)?;
    scene.body_refused("an invalid byte in a string", invalid, PARSE_ERROR)?;
    scene.body_refused("an overlong sequence", overlong, PARSE_ERROR)?;
    scene.body_refused("UTF-16 that says nothing of it", utf_16.clone(), PARSE_ERROR)?;
    scene.body_refused("a lone surrogate", argument(r#""\ud800""#), PARSE_ERROR)?;
    for content_type in [
        "application/json; charset=utf-16",
        "application/json; charset=iso-8859-1",
        "text/plain",
        "application/json-rpc",
    ] {
        let request =
            scene.agent.post(utf_16.clone()).without("content-type").header("Content-Type", content_type);
        scene.refused(content_type, &request, &[400, 415], None)?;
    }
    scene.refused(
        "no content type",
        &scene.agent.post(one.clone()).without("content-type"),
        &[400, 415],
        None,
    )?;
    for coding in ["gzip", "deflate", "br", "identity, gzip", "x"] {
        let request = scene.agent.post(one.clone()).header("Content-Encoding", coding);
        scene.refused(&format!("content-encoding {coding}"), &request, &[400, 415], None)?;
    }
    Ok(())
}

#[test]
fn numbers_are_numbers() -> Result<()> {
    let scene = scene()?;
    for number in ["1e999", "-1e999", "NaN", "Infinity", "-Infinity", "01", "+1", ".5", "1.", "0x10", "1_000"]
    {
        scene.body_refused(&format!("the number {number}"), argument(number), PARSE_ERROR)?;
    }
    Ok(())
}

#[test]
fn depth_size_and_count_have_bounds() -> Result<()> {
    let scene = scene()?;
    for depth in [200, 5000] {
        let nested = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let request = modern_headers(scene.agent.post(argument(&nested)), "tools/call", Some("A"));
        scene.refused(&format!("{depth} levels"), &request, &[400], None)?;
    }
    let many = format!("[{}1]", "1,".repeat(200_000));
    let request = modern_headers(scene.agent.post(argument(&many)), "tools/call", Some("A"));
    scene.refused("200,000 values", &request, &[400], None)?;

    let large = argument(&format!("\"{}\"", "x".repeat(4 * 1024 * 1024)));
    let request = modern_headers(scene.agent.post(large.clone()), "tools/call", Some("A"));
    scene.refused("more than 4 MiB", &request, &[413], None)?;
    let mut chunked = Vec::new();
    for piece in large.as_bytes().chunks(64 * 1024) {
        chunked.extend(format!("{:x}\r\n", piece.len()).into_bytes());
        chunked.extend(piece);
        chunked.extend(b"\r\n");
    }
    chunked.extend(b"0\r\n\r\n");
    let request = modern_headers(scene.agent.post(chunked), "tools/call", Some("A"))
        .header("Transfer-Encoding", "chunked");
    scene.refused("more than 4 MiB that does not say so", &request, &[413], None)
}

#[test]
fn an_id_is_a_string_or_an_integer() -> Result<()> {
    let scene = scene()?;
    for id in ["1.0", "1.5", "1e3", "null", "{}", "[1]", "true"] {
        scene.body_refused(&format!("the id {id}"), with_id(id), INVALID_REQUEST)?;
    }
    Ok(())
}

#[test]
fn a_message_is_of_one_kind() -> Result<()> {
    let scene = scene()?;
    let cases = [
        ("method and result", call(r#""name":"A""#, r#","result":{}"#)),
        ("method and error", call(r#""name":"A""#, r#","error":{"code":1,"message":"m"}"#)),
        ("an unknown member", call(r#""name":"A""#, r#","extra":1"#)),
        ("Method beside method", call(r#""name":"A""#, r#","Method":"ping""#)),
        ("another version", call(r#""name":"A""#, "").replace("\"2.0\"", "\"1.0\"")),
        ("a version that is a number", call(r#""name":"A""#, "").replace("\"2.0\"", "2.0")),
        ("no version", call(r#""name":"A""#, "").replace(r#""jsonrpc":"2.0","#, "")),
        ("params in an array", r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":["A"]}"#.to_owned()),
        ("a method that is a number", r#"{"jsonrpc":"2.0","id":1,"method":1}"#.to_owned()),
        ("neither method nor result", r#"{"jsonrpc":"2.0","id":1}"#.to_owned()),
        ("a string", "\"tools/call\"".to_owned()),
    ];
    for (case, body) in cases {
        scene.body_refused(case, body, INVALID_REQUEST)?;
    }
    Ok(())
}

#[test]
fn headers_agree_with_the_body() -> Result<()> {
    let scene = scene()?;
    let plain = scene.agent.post(argument("1"));
    let good = modern_headers(plain.clone(), "tools/call", Some("A"));
    let cases = [
        ("modern body, legacy header", plain.clone().header("MCP-Protocol-Version", "2025-11-25")),
        ("modern body, no header", plain.clone()),
        (
            "another revision",
            good.clone().without("mcp-protocol-version").header("MCP-Protocol-Version", "2027-01-01"),
        ),
        ("another method", good.clone().without("mcp-method").header("Mcp-Method", "ping")),
        ("a method in other letters", good.clone().without("mcp-method").header("Mcp-Method", "Tools/Call")),
        ("no method", good.clone().without("mcp-method")),
        ("another name", good.clone().without("mcp-name").header("Mcp-Name", "B")),
        ("another name in base64", good.clone().without("mcp-name").header("Mcp-Name", "=?base64?Qg==?=")),
        ("a name in broken base64", good.clone().without("mcp-name").header("Mcp-Name", "=?base64?QQ?=")),
        ("no name", good.clone().without("mcp-name")),
    ];
    for (case, request) in cases {
        scene.refused(case, &request, &[400], Some(HEADER_MISMATCH))?;
    }
    let encoded = good.without("mcp-name").header("Mcp-Name", "=?base64?QQ==?=");
    assert_eq!(encoded.send(&scene.agent.url)?.status, 200, "the name in base64");
    Ok(())
}

#[test]
fn headers_stand_once() -> Result<()> {
    let scene = scene()?;
    let good = modern_headers(scene.agent.post(argument("1")), "tools/call", Some("A"));
    for (name, value) in [
        ("Mcp-Name", "A"),
        ("Mcp-Name", "B"),
        ("Mcp-Method", "tools/call"),
        ("MCP-Protocol-Version", "2026-07-28"),
        ("Content-Type", "application/json"),
        ("Mcp-Session-Id", "a"),
    ] {
        let twice = if name == "Mcp-Session-Id" { good.clone().header(name, "b") } else { good.clone() };
        scene.refused(&format!("{name} twice"), &twice.header(name, value), &[400, 415], None)?;
    }
    Ok(())
}

#[test]
fn a_header_never_stands_for_the_body() -> Result<()> {
    let upstream = Upstream::echo()?;
    let document =
        Document::new().server("s", &upstream.url(), "").role("agent", "tools: [{ allow: s.echo }]");
    let gateway = Plan::of(&document.text()).start()?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let legacy = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "secret", "arguments": {}}});
    let request = agent.post(legacy.to_string()).header("MCP-Protocol-Version", "2025-11-25");
    let request = request.header("Mcp-Name", "echo").header("Mcp-Method", "ping");
    let message = request.send(&agent.url)?.message()?;
    assert_eq!(error_code(&message), Some(4030), "{message}");
    assert!(upstream.received().is_empty());
    Ok(())
}

#[test]
fn origins_and_hosts_are_those_of_the_policy() -> Result<()> {
    let scene = scene()?;
    let good = modern_headers(scene.agent.post(argument("1")), "tools/call", Some("A"));
    for origin in ["http://evil.example", "null", "http://127.0.0.1.evil.example", ""] {
        scene.refused(&format!("origin `{origin}`"), &good.clone().header("Origin", origin), &[403], None)?;
    }
    for host in ["evil.example", "127.0.0.1.evil.example", "evil.example:10000"] {
        scene.refused(
            &format!("host `{host}`"),
            &good.clone().header("Host", host),
            &[403, 404, 421],
            None,
        )?;
    }
    Ok(())
}
