//! Lists show what the caller may use and nothing else, in every form a server writes them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};
use tests::agent::Agent;
use tests::document::Document;
use tests::fixture::Fixture;
use tests::gateway::{Gateway, Plan};
use tests::lists;
use tests::upstream::{Answer, Upstream};

const RIGHTS: &str = "tools: [{ allow: s.test_* }, { deny: s.test_error_* }, { allow: s.echo }], \
    prompts: [{ allow: s.test_simple_prompt }], resources: [{ allow: \"s.test://static-*\" }]";

fn scene(url: &str) -> Result<Gateway> {
    Plan::of(&Document::new().server("s", url, "").role("agent", RIGHTS).text()).start()
}

fn permitted(name: &str) -> bool {
    name == "echo" || (name.starts_with("test_") && !name.starts_with("test_error_"))
}

/// What the fixture lists to anybody.
fn all_tools(fixture: &Fixture) -> Result<Vec<String>> {
    lists::tools(&Agent::modern(fixture.url(), None)?)
}

#[test]
fn both_eras_list_the_same_and_only_the_permitted() -> Result<()> {
    let fixture = Fixture::open()?;
    let gateway = scene(fixture.url())?;
    let expected: Vec<String> = all_tools(&fixture)?.into_iter().filter(|name| permitted(name)).collect();
    assert!(expected.len() > 10);
    // The modern answer is JSON, the legacy one an event stream.
    assert_eq!(lists::tools(&gateway.modern("/s/mcp", "agent")?)?, expected);
    assert_eq!(lists::tools(&gateway.legacy("/s/mcp", "agent")?)?, expected);
    Ok(())
}

#[test]
fn pages_keep_their_cursors_even_where_nothing_is_left_on_them() -> Result<()> {
    let fixture = Fixture::start(&["--page-size", "3"])?;
    let gateway = scene(fixture.url())?;
    let direct = lists::tool_pages(&Agent::modern(fixture.url(), None)?)?;
    let through = lists::tool_pages(&gateway.modern("/s/mcp", "agent")?)?;
    let expected: Vec<Vec<String>> =
        direct.iter().map(|page| page.iter().filter(|name| permitted(name)).cloned().collect()).collect();
    assert_eq!(through, expected);
    assert!(direct.len() > 5);
    Ok(())
}

#[test]
fn a_filtered_list_is_private() -> Result<()> {
    let fixture = Fixture::open()?;
    let gateway = scene(fixture.url())?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    for method in ["tools/list", "prompts/list", "resources/list", "resources/templates/list"] {
        let direct = Agent::modern(fixture.url(), None)?.ask(method, json!({}))?;
        assert_eq!(
            direct.pointer("/result/cacheScope"),
            Some(&json!("public")),
            "{method} directly: {direct}"
        );
        let through = agent.ask(method, json!({}))?;
        assert_eq!(through.pointer("/result/cacheScope"), Some(&json!("private")), "{method}: {through}");
        assert_eq!(through.pointer("/result/ttlMs"), direct.pointer("/result/ttlMs"), "{method}");
    }
    Ok(())
}

#[test]
fn prompts_resources_and_templates_are_filtered_too() -> Result<()> {
    let fixture = Fixture::open()?;
    let gateway = scene(fixture.url())?;
    let agent = gateway.modern("/s/mcp", "agent")?;
    let names =
        |method: &str, array: &str, key: &str| lists::names(&agent.ask(method, json!({}))?, array, key);
    assert_eq!(names("prompts/list", "prompts", "name")?, ["test_simple_prompt"]);
    assert_eq!(names("resources/list", "resources", "uri")?, ["test://static-text", "test://static-binary"]);
    assert_eq!(names("resources/templates/list", "resourceTemplates", "uriTemplate")?, Vec::<String>::new());
    Ok(())
}

/// A list of `echo` and `secret`, with members a filter must not touch.
fn document() -> String {
    concat!(
        r#"{"result":{"note":1.0e2,"tools":[{"name":"echo","x":"\u00e9"},{"name":"secret"},{"name":"echo","#,
        r#""title":"again"}],"nextCursor":"","unknown":[ ]},"id":7,"jsonrpc":"2.0"}"#
    )
    .to_owned()
}

fn expected() -> Value {
    json!({
        "jsonrpc": "2.0", "id": 7,
        "result": {
            "note": 100.0, "tools": [{"name": "echo", "x": "é"}, {"name": "echo", "title": "again"}],
            "nextCursor": "", "unknown": []
        }
    })
}

/// A gateway before a server that answers what it is told to.
struct Stage {
    gateway: Gateway,
    answer: Arc<Mutex<Answer>>,
    _upstream: Upstream,
}

impl Stage {
    fn set() -> Result<Self> {
        let answer = Arc::new(Mutex::new(Answer::bytes("application/json", document().into_bytes())));
        let script = Arc::clone(&answer);
        let upstream =
            Upstream::start(move |_| script.lock().unwrap_or_else(PoisonError::into_inner).clone())?;
        Ok(Self { gateway: scene(&upstream.url())?, answer, _upstream: upstream })
    }

    /// What the agent gets of a list that the server answers so.
    fn listed(&self, answer: Answer) -> Result<tests::http::Response> {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        self.gateway.modern("/s/mcp", "agent")?.send("tools/list", json!({}))
    }
}

#[test]
fn what_is_no_list_item_stays_as_it_was_written() -> Result<()> {
    let response = Stage::set()?.listed(Answer::bytes("application/json", document().into_bytes()))?;
    assert_eq!(response.message()?, expected());
    let text = response.text();
    assert!(text.contains(r#""note":1.0e2"#) && text.contains(r#""x":"\u00e9""#), "{text}");
    assert!(text.contains(r#""nextCursor":"""#) && text.contains("[ ]"), "{text}");
    Ok(())
}

#[test]
fn an_event_stream_may_be_written_in_any_way_and_cut_anywhere() -> Result<()> {
    let half = document();
    let (before, after) = half.split_at(half.find("},{").map(|at| at + 2).context("a place to split")?);
    let note =
        r#"{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"secret"}}"#;
    let forms = [
        format!("data: {half}\n\n"),
        format!(
            ": hello\r\nid: 1\r\nretry: 100\r\ndata:\r\n\r\nid: 2\r\nevent: message\r\ndata:{half}\r\n\r\n"
        ),
        format!("data: {note}\n\ndata: {before}\ndata: {after}\nid: 0/0\n\n"),
        format!("\u{feff}data: {half}\r\rid: 9\rdata:\r\r"),
    ];
    let stage = Stage::set()?;
    for form in forms {
        for size in [1, 7, form.len()] {
            let pieces = form.as_bytes().chunks(size).map(|piece| (Duration::ZERO, piece.to_vec())).collect();
            let response = stage.listed(Answer::stream(pieces))?;
            let text = response.text().trim_start_matches('\u{feff}').replace('\r', "\n");
            let data: String = text
                .split("\n\n")
                .filter(|event| event.contains("result"))
                .flat_map(str::lines)
                .filter_map(|line| line.strip_prefix("data:"))
                .collect::<Vec<_>>()
                .join("\n");
            let message: Value = serde_json::from_str(&data)
                .with_context(|| format!("{form:?} in pieces of {size} became {text:?}"))?;
            assert_eq!(message, expected(), "{form:?} in pieces of {size}");
            assert_eq!(text.contains("notifications/message"), form.contains("notifications/message"));
        }
    }
    Ok(())
}

#[test]
fn a_list_that_cannot_be_judged_is_withheld() -> Result<()> {
    let twice = r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"secret"}],"tools":[]}}"#;
    let names = r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"echo","name":"secret"}]}}"#;
    let cut = r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"secret"}"#;
    let stage = Stage::set()?;
    for (media_type, body) in [
        ("application/json", twice),
        ("application/json", names),
        ("application/json", cut),
        ("text/plain", r#"{"jsonrpc":"2.0","id":7,"result":{"tools":[{"name":"secret"}]}}"#),
        (
            "text/event-stream",
            "data: {\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"tools\":[{\"name\":\"secret\"}]}}",
        ),
    ] {
        let response = stage.listed(Answer::bytes(media_type, body.as_bytes().to_vec()));
        // Cut off, or replaced by an error: in no case shown.
        let text = response.map(|response| response.text()).unwrap_or_default();
        assert!(!text.contains("secret"), "{media_type} {body} gave {text}");
    }
    Ok(())
}
