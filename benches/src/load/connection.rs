//! One connection of the load generator, with at most one request under way.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use memchr::memmem;

use crate::frames::{self, FIRST_ID};
use crate::http::{Inbox, Message};
use crate::load::Options;
use crate::poll::{Interest, Poller};

/// One answer, already checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answered {
    /// When its request was due.
    pub(crate) due: Instant,
    /// Size of its body.
    pub(crate) bytes: usize,
}

pub(crate) struct Connection {
    stream: TcpStream,
    inbox: Inbox,
    request: Vec<u8>,
    /// Where the id stands in it.
    id_at: usize,
    id: [u8; 10],
    written: usize,
    watches_writes: bool,
    /// When the request under way was due.
    due: Option<Instant>,
}

impl AsFd for Connection {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.stream.as_fd()
    }
}

impl Connection {
    /// Connects and greets as an MCP client does.
    pub(crate) fn open(options: &Options) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(options.target)
            .with_context(|| format!("cannot connect to {}", options.target))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request = post(options, &options.request.body(), None);
        let id_at = place_of_id(&request)?;
        let written = request.len();
        let id = [b'0'; 10];
        let mut connection = Self {
            stream,
            inbox: Inbox::default(),
            request,
            id_at,
            id,
            written,
            watches_writes: false,
            due: None,
        };
        let session = connection.greet(&post(options, frames::INITIALIZE, None), 200)?;
        connection.greet(&post(options, frames::INITIALIZED, session.as_deref()), 202)?;
        if session.is_some() {
            connection.request = post(options, &options.request.body(), session.as_deref());
            connection.written = connection.request.len();
            connection.id_at = place_of_id(&connection.request)?;
        }
        connection.stream.set_nonblocking(true)?;
        Ok(connection)
    }

    /// The session that the server began with its answer, if it keeps any.
    fn greet(&mut self, message: &[u8], expected: u16) -> anyhow::Result<Option<String>> {
        self.stream.write_all(message)?;
        loop {
            ensure!(
                self.inbox.fill(&mut self.stream)? > 0,
                "the server closed the connection during `initialize`"
            );
            let Some(answer) = Message::parse(self.inbox.bytes())? else { continue };
            let text = String::from_utf8_lossy(&answer.body);
            ensure!(
                answer.status() == Some(expected),
                "`initialize` was answered with {:?}: {text}",
                answer.status()
            );
            let session = answer.header("mcp-session-id").map(str::to_owned);
            let length = answer.length;
            self.inbox.consume(length);
            return Ok(session);
        }
    }

    /// Makes the request with this id the one under way.
    pub(crate) fn send(&mut self, id: u64, due: Instant) {
        let mut rest = id;
        for digit in self.id.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        if let Some(place) = self.request.get_mut(self.id_at..self.id_at + self.id.len()) {
            place.copy_from_slice(&self.id);
        }
        self.written = 0;
        self.due = Some(due);
    }

    /// Writes what is left of the request, as far as there is room.
    pub(crate) fn flush(&mut self, poller: &Poller, token: u64) -> std::io::Result<()> {
        let mut full = false;
        while let Some(rest) = self.request.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    full = true;
                    break;
                }
                Err(error) => return Err(error),
            }
        }
        if full != self.watches_writes {
            self.watches_writes = full;
            poller.change(&self.stream, token, if full { Interest::ReadAndWrite } else { Interest::Read })?;
        }
        Ok(())
    }

    /// Reads once; the answer, if that was its end.
    pub(crate) fn receive(&mut self) -> anyhow::Result<Option<Answered>> {
        match self.inbox.fill(&mut self.stream) {
            Ok(0) => bail!("the server closed the connection"),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error).context("cannot read an answer"),
        }
        let Some(message) = Message::parse(self.inbox.bytes())? else { return Ok(None) };
        check(&message, &self.id)?;
        let due = self.due.take().context("an answer came without a request")?;
        let answered = Answered { due, bytes: message.body.len() };
        let length = message.length;
        self.inbox.consume(length);
        Ok(Some(answered))
    }
}

fn check(message: &Message<'_>, id: &[u8]) -> anyhow::Result<()> {
    let right = message.status() == Some(200)
        && frames::id(&message.body) == Some(id)
        && memmem::find(&message.body, br#""result":"#).is_some()
        && memmem::find(&message.body, br#""isError":true"#).is_none();
    if !right {
        let start = message.body.get(..message.body.len().min(300)).unwrap_or_default();
        bail!(
            "wrong answer to request {}: `{}` {}",
            String::from_utf8_lossy(id),
            String::from_utf8_lossy(message.start_line),
            String::from_utf8_lossy(start)
        );
    }
    Ok(())
}

fn place_of_id(request: &[u8]) -> anyhow::Result<usize> {
    memmem::find(request, FIRST_ID.to_string().as_bytes()).context("a request without an id")
}

fn post(options: &Options, body: &str, session: Option<&str>) -> Vec<u8> {
    let mut head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\ncontent-length: {}\r\n",
        options.path,
        options.target,
        body.len()
    );
    let session = session.map(|session| format!("mcp-session-id: {session}"));
    for header in options.headers.iter().chain(&session) {
        head.push_str(header);
        head.push_str("\r\n");
    }
    format!("{head}\r\n{body}").into_bytes()
}
