//! A fast MCP server on one thread: Streamable HTTP with JSON answers, keep-alive, no sessions.
//!
//! It exists to cost little, so that what stands in front of it is what is measured.

use std::io::{self, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};

use crate::frames::{Answer, Answers, RESPONSE_START};
use crate::http::{Inbox, Message};
use crate::poll::{Interest, Poller};

const LISTENER: u64 = u64::MAX;

/// Serves until the process ends.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let answers = Answers::default();
    let mut poller = Poller::new()?;
    poller.add(listener, LISTENER)?;
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut ready = Vec::new();
    loop {
        poller.wait(&mut ready)?;
        for token in &ready {
            if *token == LISTENER {
                accept(listener, &poller, &mut connections)?;
                continue;
            }
            let Some(slot) = connections.get_mut(*token as usize) else { continue };
            // What goes wrong on a connection ends that connection; closing it also ends the watch.
            if slot.as_mut().is_some_and(|connection| connection.turn(&answers, &poller, *token).is_err()) {
                *slot = None;
            }
        }
    }
}

fn accept(
    listener: &TcpListener,
    poller: &Poller,
    connections: &mut Vec<Option<Connection>>,
) -> io::Result<()> {
    let stream = match listener.accept() {
        Ok((stream, _)) => stream,
        Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
        Err(error) => return Err(error),
    };
    stream.set_nonblocking(true)?;
    stream.set_nodelay(true)?;
    let free = connections.iter().position(Option::is_none).unwrap_or(connections.len());
    poller.add(&stream, free as u64)?;
    let connection = Some(Connection { stream, inbox: Inbox::default(), outbox: Vec::new(), written: 0 });
    match connections.get_mut(free) {
        Some(slot) => *slot = connection,
        None => connections.push(connection),
    }
    Ok(())
}

struct Connection {
    stream: TcpStream,
    inbox: Inbox,
    outbox: Vec<u8>,
    written: usize,
}

impl Connection {
    /// Reads once, answers what is complete, writes what there is room for.
    fn turn(&mut self, answers: &Answers, poller: &Poller, token: u64) -> io::Result<()> {
        let waited = !self.outbox.is_empty();
        match self.inbox.fill(&mut self.stream) {
            Ok(0) => return Err(ErrorKind::ConnectionAborted.into()),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        loop {
            let message = Message::parse(self.inbox.bytes()).map_err(io::Error::other)?;
            let Some(message) = message else { break };
            write_answer(&mut self.outbox, &answers.answer(message.target(), &message.body));
            let length = message.length;
            self.inbox.consume(length);
        }
        self.flush()?;
        let waits = !self.outbox.is_empty();
        match (waited, waits) {
            (false, true) => poller.change(&self.stream, token, Interest::ReadAndWrite),
            (true, false) => poller.change(&self.stream, token, Interest::Read),
            _ => Ok(()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        while let Some(rest) = self.outbox.get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.stream.write(rest) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        self.outbox.clear();
        self.written = 0;
        Ok(())
    }
}

fn write_answer(outbox: &mut Vec<u8>, answer: &Answer<'_>) {
    match answer {
        Answer::Accepted => outbox.extend_from_slice(b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n"),
        Answer::NoEndpoint => {
            outbox.extend_from_slice(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
        }
        Answer::Response { id, rest } => {
            let length = RESPONSE_START.len() + id.len() + rest.len();
            outbox
                .extend_from_slice(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ");
            outbox.extend_from_slice(length.to_string().as_bytes());
            for part in [b"\r\n\r\n", RESPONSE_START, id, rest] {
                outbox.extend_from_slice(part);
            }
        }
    }
}
