//! Server-sent events as a client reads them, each with the moment it was complete.

use std::collections::VecDeque;
use std::time::Instant;

use anyhow::Result;
use serde_json::Value;

use crate::wire::Body;

/// One event.
#[derive(Clone, Debug)]
pub struct Event {
    /// Its exact bytes, without the empty line that ends it.
    pub raw: String,
    /// Its data lines, joined.
    pub data: String,
    /// When its last byte had arrived.
    pub arrived: Instant,
}

impl Event {
    /// The data as JSON, if there is any.
    pub fn message(&self) -> Option<Value> {
        serde_json::from_str(&self.data).ok()
    }
}

/// Reads events from a body as they come.
#[derive(Debug)]
pub struct Events {
    body: Body,
    text: String,
    ready: VecDeque<Event>,
}

impl Events {
    /// Events of that body.
    pub fn new(body: Body) -> Self {
        Self { body, text: String::new(), ready: VecDeque::new() }
    }

    /// The next event; none when the stream ends.
    pub fn event(&mut self) -> Result<Option<Event>> {
        while self.ready.is_empty() {
            let Some(bytes) = self.body.piece()? else { return Ok(None) };
            self.text.push_str(&String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                self.ready.push_back(event_of(event));
                self.text = rest.to_owned();
            }
        }
        Ok(self.ready.pop_front())
    }

    /// The next event that carries a message.
    pub fn message(&mut self) -> Result<Option<(Value, Instant)>> {
        while let Some(event) = self.event()? {
            if let Some(message) = event.message() {
                return Ok(Some((message, event.arrived)));
            }
        }
        Ok(None)
    }
}

fn event_of(raw: &str) -> Event {
    let data: Vec<&str> = raw
        .lines()
        .filter_map(|line| line.strip_prefix("data:"))
        .map(|value| value.strip_prefix(' ').unwrap_or(value))
        .collect();
    Event { raw: raw.to_owned(), data: data.join("\n"), arrived: Instant::now() }
}
