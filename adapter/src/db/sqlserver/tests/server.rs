//! A server that speaks TDS 7.4 without encryption and answers from a script. It knows no SQL: what it answers is what the
//! test says for a piece of the text, and what it was asked is kept.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::tokens::{Answer, LOGIN, PRELOGIN, done};

/// Kinds of messages (MS-TDS 2.2.3.1.1).
const BATCH: u8 = 0x01;
const CALL: u8 = 0x03;
const REPLY: u8 = 0x04;
const ATTENTION: u8 = 0x06;
const LOGIN7: u8 = 0x10;
const PRELOGIN_KIND: u8 = 0x12;

/// The last packet of a message.
const END: u8 = 0x01;
/// DONE: the request was interrupted.
const INTERRUPTED: u16 = 0x20;

/// A running server.
pub(super) struct Server {
    port: u16,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Answers each text that holds the first of a pair with the second; every other text with "done".
    pub(super) async fn start(script: Vec<(&'static str, Answer)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (script, kept) = (Arc::new(script), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&script), Arc::clone(&kept)));
            }
        });
        Self { port, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("sqlserver://app:secret@127.0.0.1:{}/shop?encrypt=false", self.port)
    }

    /// What it was asked that holds a piece of text. An interruption is the text `ATTENTION`.
    pub(super) fn seen(&self, piece: &str) -> Vec<String> {
        self.seen.lock().unwrap().iter().filter(|text| text.contains(piece)).cloned().collect()
    }
}

async fn converse(
    mut stream: TcpStream,
    script: Arc<Vec<(&'static str, Answer)>>,
    seen: Arc<Mutex<Vec<String>>>,
) -> Option<()> {
    loop {
        let (kind, body) = message(&mut stream).await?;
        let answer = match kind {
            PRELOGIN_KIND => PRELOGIN.to_vec(),
            LOGIN7 => [LOGIN.to_vec(), done(0, 0)].concat(),
            ATTENTION => {
                seen.lock().unwrap().push("ATTENTION".to_owned());
                done(INTERRUPTED, 0)
            }
            BATCH | CALL => {
                let text = text(&body);
                let scripted =
                    script.iter().find(|(piece, _)| text.contains(piece)).map(|(_, answer)| answer);
                seen.lock().unwrap().push(text);
                match scripted {
                    Some(Answer::Never) => continue,
                    Some(Answer::Tokens(tokens)) => tokens.clone(),
                    None => done(0, 0),
                }
            }
            _ => return None,
        };
        let length = u16::try_from(answer.len() + 8).unwrap().to_be_bytes();
        let head = [REPLY, END, length[0], length[1], 0, 0, 1, 0];
        stream.write_all(&[head.to_vec(), answer].concat()).await.ok()?;
    }
}

/// The kind and the body of the next message.
async fn message(stream: &mut TcpStream) -> Option<(u8, Vec<u8>)> {
    let mut body = Vec::new();
    loop {
        let mut head = [0; 8];
        stream.read_exact(&mut head).await.ok()?;
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        let mut part = vec![0; length.checked_sub(8)?];
        stream.read_exact(&mut part).await.ok()?;
        body.extend(part);
        if head[1] & END == END {
            return Some((head[0], body));
        }
    }
}

/// The characters of a message: UTF-16 amid lengths and types, which become signs that no text of ours has. A call's values
/// begin on odd bytes as well as on even ones.
fn text(body: &[u8]) -> String {
    let read = |bytes: &[u8]| -> String {
        let units = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair));
        let shown = units.map(|unit| u8::try_from(unit).ok().filter(|byte| *byte >= b' ' && *byte < 0x7F));
        shown.map(|byte| byte.map_or('\u{1}', char::from)).collect()
    };
    format!("{}\u{1}{}", read(body), read(&body[1..]))
}
