//! One call, as a client makes it: to know that the answer is right before its speed means anything.

use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

use anyhow::ensure;

use crate::adapter::stage::Place;
use crate::frames::{INITIALIZE, INITIALIZED};
use crate::http::{Inbox, Message};

/// Greets and makes one call; the text of the answer.
pub(crate) fn ask(place: &Place, call: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(place.address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut inbox = Inbox::default();
    let (_, session) = send(place, &mut stream, &mut inbox, (INITIALIZE, None))?;
    send(place, &mut stream, &mut inbox, (INITIALIZED, session.as_deref()))?;
    Ok(send(place, &mut stream, &mut inbox, (call, session.as_deref()))?.0)
}

fn send(
    place: &Place,
    stream: &mut TcpStream,
    inbox: &mut Inbox,
    (body, session): (&str, Option<&str>),
) -> anyhow::Result<(String, Option<String>)> {
    let mut head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\nmcp-protocol-version: 2025-11-25\r\ncontent-length: {}\r\n",
        place.path,
        place.address,
        body.len()
    );
    let session = session.map(|session| format!("mcp-session-id: {session}"));
    for header in place.headers.iter().chain(&session) {
        head.push_str(header);
        head.push_str("\r\n");
    }
    stream.write_all(format!("{head}\r\n{body}").as_bytes())?;
    loop {
        ensure!(inbox.fill(stream)? > 0, "the server closed the connection before it had answered");
        let Some(message) = Message::parse(inbox.bytes())? else { continue };
        let text = String::from_utf8_lossy(&message.body).into_owned();
        let session = message.header("mcp-session-id").map(str::to_owned);
        let length = message.length;
        inbox.consume(length);
        return Ok((text, session));
    }
}
