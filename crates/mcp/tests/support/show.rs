//! Runs a case and words what came of it.

use mcp::list::filter_list;
use mcp::sse::Decoder;
use mcp::{Frame, FrameError, Limits, Object, Outcome};

use super::case::Case;

/// What came of a case, in the words of its block `expect`.
pub(crate) fn outcome(case: &Case<'_>) -> String {
    if let Some(text) = case.block("frame") {
        return frame(text.as_bytes());
    }
    if let Some(bytes) = case.bytes("input") {
        return frame(&bytes);
    }
    if let Some(document) = case.bytes("list") {
        return list(&document, case.block("keep").unwrap_or_default());
    }
    stream(&case.bytes("stream").expect("a case has an input"))
}

fn frame(bytes: &[u8]) -> String {
    match Frame::parse(bytes, &Limits::default()) {
        Err(error) => refusal(&error),
        Ok(Frame::Request(request)) => {
            let id = String::from_utf8_lossy(request.id.bytes());
            format!("request {id}\nmethod {}{}", request.method, params(request.params.as_ref()))
        }
        Ok(Frame::Notification(notification)) => {
            format!("notification\nmethod {}{}", notification.method, params(notification.params.as_ref()))
        }
        Ok(Frame::Response(response)) => {
            let id = response.id.map(|id| String::from_utf8_lossy(id.bytes()).into_owned());
            let (kind, value) = match response.outcome {
                Outcome::Error(value) => ("error", value),
                Outcome::Result(value) => ("result", value),
            };
            format!("response {}\n{kind} {}", id.as_deref().unwrap_or("without id"), value.text())
        }
    }
}

/// The parameters, each decoded key with its raw value.
fn params(params: Option<&Object<'_>>) -> String {
    let Some(params) = params else { return String::new() };
    params.iter().map(|(key, value)| format!("\nparam {key} = {}", value.text())).collect()
}

fn refusal(error: &FrameError) -> String {
    let id = error.id().map(|id| String::from_utf8(id).expect("an id is text"));
    format!("refused {}, id {}\n{error}", error.code(), id.as_deref().unwrap_or("unknown"))
}

fn list(document: &[u8], keep: &str) -> String {
    let kept: Vec<&str> = keep.lines().collect();
    let mut asked = Vec::new();
    let filtered = filter_list(document, &Limits::default(), &mut |kind, name, _| {
        asked.push(format!("{} {name}", kind.method()));
        kept.contains(&name)
    });
    match filtered {
        Err(error) => refusal(&error),
        Ok(filtered) => {
            let bytes = String::from_utf8_lossy(&filtered.bytes);
            let asked = if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") };
            format!("kept {}, dropped {}, asked {asked}\n{bytes}", filtered.kept, filtered.dropped)
        }
    }
}

fn stream(bytes: &[u8]) -> String {
    let mut decoder = Decoder::new(256);
    let end = decoder.push(bytes);
    let mut lines = Vec::new();
    while let Some(event) = decoder.next_event() {
        lines.push(format!("event {}", shown(&event.raw)));
        if let Some(data) = &event.data {
            lines.push(format!("  data {}", shown(data)));
            lines.push(format!("  with other data {}", shown(&event.with_data(b"new"))));
        }
    }
    if let Err(error) = end {
        lines.push(error.to_string());
    }
    if let Some(event) = decoder.finish() {
        lines.push(format!("left over {}", shown(&event.raw)));
    }
    lines.join("\n")
}

fn shown(bytes: &[u8]) -> String {
    format!("{:?}", String::from_utf8_lossy(bytes))
}
