//! A courier between a client that cannot send headers of ours and the gateway: it adds the agent's key and nothing else.
//!
//! The conformance suite takes a URL and no headers. What passes here passes piece by piece, as it arrives.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use anyhow::{Context, Result};

use crate::http::Url;
use crate::wire::{Body, read_head};

/// A courier with its own address, which does not carry yet.
#[derive(Debug)]
pub struct Courier {
    listener: TcpListener,
    address: SocketAddr,
}

impl Courier {
    /// Takes an address: a gateway may have to know it before it starts.
    pub fn new() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("a courier's port")?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// `http://localhost:PORT`, what a browser would call its origin.
    pub fn origin(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// Carries to that URL with that key from now on. Returns the URL to use.
    pub fn carry(self, to: &str, key: &str) -> Result<String> {
        let target = Url::parse(to)?;
        let public = format!("{}{}", self.origin(), target.path);
        let line = format!("Authorization: Bearer {key}\r\nConnection: close\r\n\r\n");
        thread::spawn(move || {
            for client in self.listener.incoming().flatten() {
                let (authority, line) = (target.authority.clone(), line.clone());
                // An error here is one side going away.
                thread::spawn(move || drop(carry(client, &authority, &line)));
            }
        });
        Ok(public)
    }
}

fn carry(client: TcpStream, authority: &str, line: &str) -> Result<()> {
    let mut back = client.try_clone()?;
    let mut reader = BufReader::new(client);
    let Some((first, headers)) = read_head(&mut reader)? else { return Ok(()) };
    let mut head = format!("{first}\r\n");
    for (name, value) in &headers.0 {
        let ours = ["connection", "transfer-encoding", "content-length"]
            .iter()
            .any(|own| name.eq_ignore_ascii_case(own));
        if !ours {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
    }
    let mut body = Body::of_request(reader, &headers)?;
    let bytes = body.rest()?;
    if !bytes.is_empty() || first.starts_with("POST") {
        head.push_str(&format!("Content-Length: {}\r\n", bytes.len()));
    }
    head.push_str(line);

    let mut gateway = TcpStream::connect(authority)?;
    gateway.write_all(head.as_bytes())?;
    gateway.write_all(&bytes)?;
    tell_when_gone(body, gateway.try_clone()?);
    let mut piece = [0; 16 * 1024];
    loop {
        let length = gateway.read(&mut piece)?;
        let Some(bytes) = piece.get(..length).filter(|bytes| !bytes.is_empty()) else { return Ok(()) };
        back.write_all(bytes)?;
    }
}

/// A client that hangs up must hang up on the gateway too.
fn tell_when_gone(body: Body, gateway: TcpStream) {
    thread::spawn(move || {
        let mut client = body.into_connection();
        let mut rest = [0; 1];
        while client.read(&mut rest).is_ok_and(|length| length > 0) {}
        drop(gateway.shutdown(std::net::Shutdown::Both));
    });
}
