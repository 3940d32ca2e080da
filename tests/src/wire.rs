//! HTTP/1.1 as bytes: heads and bodies, read from a socket and written to one.
//!
//! Our own, because the tests send what a client library would refuse to (a header twice, no UTF-8, a body cut in pieces) and
//! look at what it would tidy away (which bytes came when).

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;

use anyhow::{Context, Result, bail, ensure};

/// Header lines in their order on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headers(pub Vec<(String, String)>);

impl Headers {
    /// The first value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// All values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(given, _)| given.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The media type, without parameters.
    pub fn media_type(&self) -> &str {
        self.get("content-type").and_then(|value| value.split(';').next()).unwrap_or_default().trim()
    }
}

/// The first line and the headers of a message. None where the connection ended before one began.
pub fn read_head(from: &mut BufReader<TcpStream>) -> Result<Option<(String, Headers)>> {
    let Some(first) = read_line(from)? else { return Ok(None) };
    let mut headers = Headers::default();
    loop {
        let line = read_line(from)?.context("the connection ended within the headers")?;
        if line.is_empty() {
            return Ok(Some((first, headers)));
        }
        let (name, value) = line.split_once(':').with_context(|| format!("`{line}` is no header"))?;
        headers.0.push((name.to_owned(), value.trim().to_owned()));
    }
}

fn read_line(from: &mut BufReader<TcpStream>) -> Result<Option<String>> {
    let mut line = Vec::new();
    if from.read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    Ok(Some(String::from_utf8_lossy(&line).trim_end_matches(['\r', '\n']).to_owned()))
}

/// How the end of a body is known.
#[derive(Debug)]
enum Framing {
    Chunked,
    Close,
    Length(usize),
    Over,
}

/// A body as it arrives.
#[derive(Debug)]
pub struct Body {
    from: BufReader<TcpStream>,
    framing: Framing,
}

impl Body {
    /// The body of a response: up to the end of the connection unless the headers say otherwise.
    pub fn of_response(from: BufReader<TcpStream>, status: u16, headers: &Headers) -> Result<Self> {
        let framing = match framing(headers)? {
            _ if status == 204 || status == 304 => Framing::Over,
            None => Framing::Close,
            Some(framing) => framing,
        };
        Ok(Self { from, framing })
    }

    /// The body of a request: none unless the headers say otherwise.
    pub fn of_request(from: BufReader<TcpStream>, headers: &Headers) -> Result<Self> {
        Ok(Self { from, framing: framing(headers)?.unwrap_or(Framing::Over) })
    }

    /// The next bytes, as soon as there are any; none at the end.
    pub fn piece(&mut self) -> Result<Option<Vec<u8>>> {
        match self.framing {
            Framing::Over => Ok(None),
            Framing::Close => self.some(usize::MAX),
            Framing::Length(left) => {
                let bytes = self.some(left)?;
                let got = bytes.as_ref().map_or(0, Vec::len);
                ensure!(got > 0 || left == 0, "the connection ended {left} bytes before the body did");
                self.framing = if left == got { Framing::Over } else { Framing::Length(left - got) };
                Ok(bytes)
            }
            Framing::Chunked => self.chunk(),
        }
    }

    /// All the rest.
    pub fn rest(&mut self) -> Result<Vec<u8>> {
        let mut all = Vec::new();
        while let Some(bytes) = self.piece()? {
            all.extend(bytes);
        }
        Ok(all)
    }

    /// The connection, for the next message.
    pub fn into_connection(self) -> BufReader<TcpStream> {
        self.from
    }

    fn some(&mut self, limit: usize) -> Result<Option<Vec<u8>>> {
        if limit == 0 {
            return Ok(None);
        }
        let bytes: Vec<u8> = self.from.fill_buf()?.iter().take(limit).copied().collect();
        self.from.consume(bytes.len());
        Ok((!bytes.is_empty()).then_some(bytes))
    }

    fn chunk(&mut self) -> Result<Option<Vec<u8>>> {
        let line = read_line(&mut self.from)?.context("the connection ended before the last chunk")?;
        let size = usize::from_str_radix(line.split(';').next().unwrap_or_default().trim(), 16)
            .with_context(|| format!("`{line}` is no chunk size"))?;
        let mut bytes = vec![0; size];
        self.from.read_exact(&mut bytes).context("the connection ended within a chunk")?;
        let end = read_line(&mut self.from)?;
        ensure!(end.as_deref() == Some(""), "a chunk is not followed by an empty line but by {end:?}");
        if size == 0 {
            self.framing = Framing::Over;
            return Ok(None);
        }
        Ok(Some(bytes))
    }
}

fn framing(headers: &Headers) -> Result<Option<Framing>> {
    if let Some(coding) = headers.get("transfer-encoding") {
        if coding.eq_ignore_ascii_case("chunked") {
            return Ok(Some(Framing::Chunked));
        }
        bail!("transfer coding `{coding}` is not known here");
    }
    let length =
        headers.get("content-length").map(str::parse).transpose().context("reading content-length")?;
    Ok(length.map(Framing::Length))
}
