//! Target `exchange`: whole exchanges of mutated heads, bodies and answers, in the host's order and in any other.
//!
//! None panics; what another reader of JSON takes for a call that the role may not make is not forwarded; of what a role may not
//! use, no list shows the name; and where bodies are cut makes no difference.

use engine::{DecisionId, Effect, Event, Exchange, Head};
use serde_json::Value;

use crate::scene::{self, AGENT, Answer, Scene, Seen, WHOLLY};
use crate::{
    bytes,
    dice::Dice,
    target::{Target, Verdict},
};

/// A title that the condition of `create` excludes.
const FORBIDDEN_TITLE: &str = "forbidden";
/// What the corpus's answers hold and the agent's role may not receive.
const PRIVATE: &str = "bob@example.com";
/// Methods whose own results are not looked at.
const DEFINING: [&str; 8] = [
    "initialize",
    "ping",
    "server/discover",
    "logging/setLevel",
    "tools/list",
    "prompts/list",
    "resources/list",
    "resources/templates/list",
];
/// Tools of the corpus that the agent may not call.
const FORBIDDEN: [&str; 2] = ["drop", "read_secret"];

pub(crate) struct Exchanges {
    scene: Scene,
    requests: Vec<Vec<u8>>,
    answers: Vec<Vec<u8>>,
    streams: Vec<Vec<u8>>,
}

/// One exchange.
pub(crate) struct Input {
    head: Head,
    body: Vec<u8>,
    answer_head: Head,
    answer: Vec<u8>,
    /// Where the answer is cut.
    places: Vec<usize>,
    /// The order of events, where it is not the host's: each a number of an event.
    order: Option<Vec<usize>>,
    /// Whose key it is.
    is_agent: bool,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let pairs = |head: &Head| -> Vec<String> {
            head.headers.iter().map(|(name, value)| format!("{name}: {}", text(value))).collect()
        };
        write!(
            f,
            "{:?}\n{}\nanswered {:?} cut at {:?} order {:?}\n{}",
            pairs(&self.head),
            text(&self.body),
            pairs(&self.answer_head),
            self.places,
            self.order,
            text(&self.answer)
        )
    }
}

impl Exchanges {
    pub(crate) fn new() -> Self {
        let owned = |texts: Vec<&str>| texts.into_iter().map(|text| text.as_bytes().to_vec()).collect();
        let streams = scene::answers().into_iter().zip(["\n", "\r\n", "\r"].into_iter().cycle());
        Self {
            scene: Scene::new(),
            requests: owned(scene::requests()),
            answers: owned(scene::answers()),
            streams: streams.map(|(message, ending)| scene::stream_of(message, ending)).collect(),
        }
    }

    /// In the host's order, cut in two ways.
    fn orderly(&self, input: &Input) -> Result<bool, String> {
        let whole = Answer { head: &input.answer_head, pieces: vec![&input.answer], end_apart: false };
        let pieces = input.places.windows(2).map(|cut| &input.answer[cut[0]..cut[1]]);
        let cut = Answer { head: &input.answer_head, pieces: pieces.collect(), end_apart: true };
        let seen = self.scene.run(&input.head, &input.body, &[], Some(&whole));
        let again = self.scene.run(&input.head, &input.body, &[1, input.body.len()], Some(&cut));
        // Of a stream that is broken off, less may have got through in one way than in another; and what was found is summed
        // up when it is told, which may be later.
        let told = |seen: &Seen| (seen.records.first().cloned(), seen.records.len() > 1);
        let same = (seen.cut && again.cut || seen.answer == again.answer)
            && (&seen.request, &seen.answer_head, seen.cut)
                == (&again.request, &again.answer_head, again.cut)
            && told(&seen) == told(&again);
        if !same {
            return Err(format!("where it is cut makes a difference: {}", difference(&seen, &again)));
        }
        // One of the request; others only of what came back.
        if seen.records.is_empty() || (seen.records.len() > 1 && !seen.forwarded) {
            return Err(format!("{} records of one decision", seen.records.len()));
        }
        if input.is_agent && seen.forwarded {
            self.innocent(&input.body)?;
            let shown =
                data_of(&seen.answer, input.answer_head.one("content-type") == Some("text/event-stream"));
            // What a server lists, or says of itself, is no content.
            if is_told(&shown) && !DEFINING.iter().any(|method| self.asks(input, method)) {
                return Err(format!("`{PRIVATE}` gets through: {shown}"));
            }
            if let Some(name) = self.asks(input, "tools/list").then(|| hidden(&shown)).flatten() {
                return Err(format!("the list shows `{name}`: {shown}"));
            }
        }
        Ok(seen.forwarded)
    }

    /// Whether another reader sees nothing forbidden in what was forwarded.
    fn innocent(&self, body: &[u8]) -> Result<(), String> {
        let Ok(message) = serde_json::from_slice::<Value>(body) else {
            return if body.is_empty() { Ok(()) } else { Err("what is no JSON is forwarded".to_owned()) };
        };
        let name = message.pointer("/params/name").and_then(Value::as_str).unwrap_or_default();
        match message.get("method").and_then(Value::as_str) {
            Some("tools/call")
                if name == "create"
                    && message.pointer("/params/arguments/title") == Some(&FORBIDDEN_TITLE.into()) =>
            {
                Err("a forbidden argument is forwarded".to_owned())
            }
            Some("tools/call") if FORBIDDEN.contains(&name) => Err(format!("`{name}` is forwarded")),
            Some("tools/call") if message.get("id").is_none() => {
                Err("a call without id is forwarded".to_owned())
            }
            _ if message.is_array() => Err("a batch is forwarded".to_owned()),
            _ => Ok(()),
        }
    }

    /// Whether the request is of this method.
    fn asks(&self, input: &Input, method: &str) -> bool {
        let message: Value = serde_json::from_slice(&input.body).unwrap_or_default();
        message.get("method").and_then(Value::as_str) == Some(method)
    }

    /// In an order that no host has: nothing to compare, but nothing may panic, and a request is forwarded once at most.
    fn disorderly(&self, input: &Input, order: &[usize]) -> Result<bool, String> {
        let mut exchange = Exchange::new(DecisionId::new(1, 2));
        let (mut forwards, mut refusals) = (0, 0);
        for number in order {
            let piece = &input.answer[..input.places.get(*number).copied().unwrap_or_default()];
            let event = match number % 9 {
                0 => Event::RequestHead(&input.head),
                1 => Event::RequestGrew(*number),
                2 => Event::RequestBody(&input.body),
                3 => Event::RequestTrailers,
                4 => Event::ResponseHead(&input.answer_head),
                5 => Event::ResponseChunk { bytes: piece, last: false },
                6 => Event::ResponseChunk { bytes: &input.answer, last: true },
                7 => Event::ResponseTrailers,
                _ => Event::RequestGrew(usize::MAX),
            };
            let step = exchange.handle(&event, &self.scene.moment);
            match step.effect {
                Effect::Forward(_) if input.is_agent && matches!(event, Event::RequestBody(_)) => {
                    forwards += 1;
                    self.innocent(&input.body)?;
                }
                Effect::Forward(_) => forwards += 1,
                Effect::Reply(_) if forwards == 0 => refusals += 1,
                _ => {}
            }
        }
        match (forwards, refusals) {
            (0 | 1, _) if forwards == 0 || refusals == 0 => Ok(forwards == 1),
            _ => Err(format!("{forwards} forwards and {refusals} refusals of one request")),
        }
    }
}

/// What differs.
fn difference(one: &Seen, other: &Seen) -> String {
    let text = |seen: &Seen| String::from_utf8_lossy(&seen.answer).into_owned();
    let parts =
        |seen: &Seen| [seen.request.clone(), seen.answer_head.clone(), text(seen), seen.records.join("\n")];
    let pairs = parts(one).into_iter().zip(parts(other)).filter(|(one, other)| one != other);
    pairs.map(|(one, other)| format!("{one}\nand {other}\n")).collect()
}

/// What a client takes from an answer: of events, their data.
fn data_of(answer: &[u8], is_stream: bool) -> String {
    if !is_stream {
        return String::from_utf8_lossy(answer).into_owned();
    }
    let mut decoder = mcp::sse::Decoder::new(answer.len());
    // Within its own length it cannot be too long.
    let _ = decoder.push(answer);
    let data = std::iter::from_fn(|| decoder.next_event()).filter_map(|event| event.data);
    data.map(|data| String::from_utf8_lossy(&data).into_owned() + "\n").collect()
}

/// Whether a text tells the private address: with a digit or a letter behind it, it is another.
fn is_told(text: &str) -> bool {
    let mut behind = text.match_indices(PRIVATE).map(|(place, _)| text.get(place + PRIVATE.len()..));
    behind.any(|rest| !rest.is_some_and(|rest| rest.starts_with(char::is_alphanumeric)))
}

/// A name that the agent may not see, among the items of a list.
fn hidden(shown: &str) -> Option<&'static str> {
    let lists = shown.lines().filter_map(|text| serde_json::from_str::<Value>(text.trim()).ok());
    let names: Vec<Value> = lists.filter_map(|message| message.pointer("/result/tools").cloned()).collect();
    let items = names.iter().filter_map(Value::as_array).flatten();
    let mut names = items.filter_map(|item| item.get("name").and_then(Value::as_str));
    names.find_map(|name| FORBIDDEN.into_iter().find(|forbidden| *forbidden == name))
}

impl Target for Exchanges {
    type Input = Input;

    fn next(&mut self, dice: &mut Dice) -> Input {
        let body = bytes::mutated(dice, &self.requests);
        let is_agent = !dice.once_in(4);
        let path = dice.pick(&["/s/mcp", "/s/mcp", "/fix/mcp", "/shop/mcp", "/nowhere"]);
        let head = head(dice, path, if is_agent { AGENT } else { WHOLLY }, &body);
        let streams = dice.once_in(2);
        let answer = bytes::mutated(dice, if streams { &self.streams } else { &self.answers });
        let media = if streams { "text/event-stream" } else { "application/json" };
        let media = if dice.once_in(20) { "text/plain" } else { media };
        let status = dice.pick(&["200", "200", "200", "200", "202", "400", "404", "500", ""]);
        let mut places: Vec<usize> = (0..dice.below(5)).map(|_| dice.below(answer.len() + 1)).collect();
        places.extend([0, answer.len()]);
        places.sort_unstable();
        let order = dice.once_in(4).then(|| (0..dice.below(12)).map(|_| dice.below(18)).collect());
        let answer_head = scene::head(&[(":status", status), ("content-type", media)]);
        Input { head, body, answer_head, answer, places, order, is_agent }
    }

    fn judge(&self, input: &Input) -> Verdict {
        let outcome = match &input.order {
            Some(order) => self.disorderly(input, order),
            None => self.orderly(input),
        };
        match outcome {
            Ok(true) => Verdict::Passes,
            Ok(false) => Verdict::Refused,
            Err(why) => Verdict::Wrong(why),
        }
    }
}

/// The body's own head, most often as it should be.
fn head(dice: &mut Dice, path: &str, key: &str, body: &[u8]) -> Head {
    let mut head = scene::head_of(path, key, body);
    if dice.once_in(3) {
        let (at, value) = (
            dice.below(head.headers.len()),
            bytes::mutated(dice, &[b"2026-07-28".to_vec(), b"create".to_vec()]),
        );
        match dice.below(4) {
            0 => drop(head.headers.remove(at)),
            1 => head.headers[at].1 = value,
            2 => head.headers.push((head.headers[at].0.clone(), value)),
            _ => head
                .headers
                .push((dice.pick(&["mcp-session-id", "origin", "mcp-name", "x-api-key"]).to_owned(), value)),
        }
    }
    head.last = dice.once_in(50);
    head
}
