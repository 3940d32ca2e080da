//! The MCP messages of the benchmark: what the load generator sends and what the upstream answers.
//!
//! They are made once and only their id changes, so that making them costs next to nothing beside sending them.

use memchr::memmem;

/// The tool that is called. The list's other tools are `tool_001`, `tool_002` ...
pub const CALLED_TOOL: &str = "echo";

/// Ids begin here and count up: all have the same number of digits, so that the length of a message never changes.
pub const FIRST_ID: u64 = 1_000_000_000;

/// A client's greeting; a load connection begins with it.
pub const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":1000000000,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"load","version":"1"}}}"#;

/// What follows the answer to it.
pub const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

/// What a load sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// This message, whose id is [`FIRST_ID`].
    Body(String),
    /// `tools/call` with a body of this many bytes.
    Call(usize),
    /// `tools/list`.
    List,
}

impl Request {
    /// The body, with [`FIRST_ID`].
    pub fn body(&self) -> String {
        match self {
            Request::Body(body) => body.clone(),
            Request::Call(size) => call(CALLED_TOOL, *size),
            Request::List => {
                format!(r#"{{"jsonrpc":"2.0","id":{FIRST_ID},"method":"tools/list","params":{{}}}}"#)
            }
        }
    }
}

/// A `tools/call` of any tool, padded with prose to `size` bytes; a shorter one where that is less than its frame.
pub fn call(tool: &str, size: usize) -> String {
    let before = format!(
        r#"{{"jsonrpc":"2.0","id":{FIRST_ID},"method":"tools/call","params":{{"name":"{tool}","arguments":{{"text":""#
    );
    let after = r#""}}}"#;
    let room = size.saturating_sub(before.len() + after.len());
    // An escape every 25 bytes: text with line ends, as tools are given, and not the best case of any scanner.
    let mut text = r"the quick brown fox sat.\n".repeat(room / 26);
    text.extend(std::iter::repeat_n('.', room % 26));
    format!("{before}{text}{after}")
}

/// The answers of the upstream.
#[derive(Debug)]
pub struct Answers {
    /// Results of `tools/list`, by the path of the endpoint.
    lists: [(&'static str, Vec<u8>); 2],
}

impl Default for Answers {
    fn default() -> Self {
        Self { lists: [("/mcp20", list(20)), ("/mcp500", list(500))] }
    }
}

/// What to answer a request with.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// 202 and nothing, for a notification.
    Accepted,
    /// 404: the path is none of the endpoints.
    NoEndpoint,
    /// 200 and a response.
    Response {
        /// The request's id as written.
        id: &'a [u8],
        /// What follows the id.
        rest: &'a [u8],
    },
}

/// What every response begins with; the id follows.
pub const RESPONSE_START: &[u8] = br#"{"jsonrpc":"2.0","id":"#;

impl Answers {
    /// Answers one request. Only what the load generator and Envoy send is understood: method and id are found by a
    /// search for their names, not by a parse.
    pub fn answer<'a>(&'a self, path: &[u8], body: &'a [u8]) -> Answer<'a> {
        let Some((_, list)) = self.lists.iter().find(|(endpoint, _)| endpoint.as_bytes() == path) else {
            return Answer::NoEndpoint;
        };
        let Some(id) = id(body) else { return Answer::Accepted };
        let rest = match method(body) {
            b"tools/call" => br#","result":{"content":[{"type":"text","text":"ok"}],"isError":false}}"#.as_slice(),
            b"tools/list" => list,
            b"initialize" => br#","result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"upstream","version":"1"}}}"#,
            _ => br#","error":{"code":-32601,"message":"method not found"}}"#,
        };
        Answer::Response { id, rest }
    }
}

/// The id of a request or response, as written.
pub fn id(message: &[u8]) -> Option<&[u8]> {
    let rest = message.get(memmem::find(message, br#""id":"#)? + 5..)?;
    rest.get(..memchr::memchr2(b',', b'}', rest)?)
}

fn method(message: &[u8]) -> &[u8] {
    let name = br#""method":""#;
    let rest = memmem::find(message, name).and_then(|at| message.get(at + name.len()..)).unwrap_or_default();
    rest.get(..memchr::memchr(b'"', rest).unwrap_or(0)).unwrap_or_default()
}

fn list(count: usize) -> Vec<u8> {
    let tools: Vec<String> = (0..count).map(tool).collect();
    format!(r#","result":{{"tools":[{}]}}}}"#, tools.join(",")).into_bytes()
}

/// The name of one of the tools that are listed.
pub(crate) fn tool_name(number: usize) -> String {
    if number == 0 { CALLED_TOOL.to_owned() } else { format!("tool_{number:03}") }
}

/// Its definition.
pub(crate) fn tool(number: usize) -> String {
    let name = tool_name(number);
    let schema = r#"{"type":"object","properties":{"text":{"type":"string","description":"What to search for"},"limit":{"type":"integer","minimum":1,"maximum":100}},"required":["text"]}"#;
    let description = "Searches the records and returns the first that match, the newest first";
    format!(
        r#"{{"name":"{name}","title":"Search {number:03}","description":"{description}","inputSchema":{schema}}}"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, body: &str, expected: Option<usize>) {
        let answers = Answers::default();
        let size = match answers.answer(path.as_bytes(), body.as_bytes()) {
            Answer::Response { id, rest } => {
                let message = [RESPONSE_START, id, rest].concat();
                let value: serde_json::Value = serde_json::from_slice(&message).unwrap();
                assert_eq!(value["id"], FIRST_ID);
                assert!(value["result"].is_object());
                Some(message.len())
            }
            _ => None,
        };
        assert_eq!(size, expected);
    }

    #[test]
    fn a_call_has_the_size_asked_for_and_is_json() {
        for size in [300, 64 << 10] {
            let body = Request::Call(size).body();
            assert_eq!(body.len(), size);
            let value: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!(value["params"]["name"], CALLED_TOOL);
        }
    }

    #[test]
    fn an_answer_to_a_call_is_small() {
        check("/mcp20", &Request::Call(300).body(), Some(100));
    }

    #[test]
    fn the_path_chooses_the_list() {
        check("/mcp20", &Request::List.body(), Some(6_230));
        check("/mcp500", &Request::List.body(), Some(154_550));
    }

    #[test]
    fn a_notification_has_no_answer() {
        check("/mcp20", INITIALIZED, None);
        check("/mcp20", INITIALIZE, Some(150));
    }

    #[test]
    fn another_path_is_no_endpoint() {
        assert_eq!(Answers::default().answer(b"/mcp", b"{}"), Answer::NoEndpoint);
    }
}
