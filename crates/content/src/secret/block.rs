//! Secrets with a structure of their own: JSON Web Tokens (RFC 7519) and private keys in PEM (RFC 7468).

use memchr::memmem;

use crate::personal::digits::byte;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// `{"` in base64url.
const OBJECT: &[u8] = b"eyJ";
/// Shortest segment of a token.
const SEGMENT: usize = 12;

/// Longest label of a PEM block.
const LABEL: usize = 64;

/// The end of the token that starts at a place: header and payload are JSON objects in base64url, so both begin with
/// `eyJ`; the signature may be empty.
///
/// # Errors
/// There is none, nor does one start anywhere before the place that is given.
pub(crate) fn jwt(text: &[u8], start: usize) -> Result<usize, usize> {
    if !text.get(start..).unwrap_or_default().starts_with(OBJECT) {
        return Err(start);
    }
    let header = start + run(text, start);
    if byte(text, header) != b'.' || !text.get(header + 1..).unwrap_or_default().starts_with(OBJECT) {
        return Err(header);
    }
    let payload = header + 1 + run(text, header + 1);
    if byte(text, payload) != b'.' {
        return Err(payload);
    }
    let long = header - start >= SEGMENT && payload - header > SEGMENT;
    if long { Ok(payload + 1 + run(text, payload + 1)) } else { Err(start) }
}

fn run(text: &[u8], start: usize) -> usize {
    let part = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    text.get(start..).unwrap_or_default().iter().take_while(part).count()
}

/// The end of the private key that begins at a place: behind its last line or, where it was cut off, behind its text.
pub(crate) fn private_key(text: &[u8], start: usize) -> Option<usize> {
    let rest = text.get(start..)?.strip_prefix(BEGIN)?;
    let label = rest.get(..memmem::find(rest.get(..LABEL.min(rest.len()))?, DASHES)?)?;
    memmem::find(label, b"PRIVATE KEY")?;
    let body = rest.get(label.len() + DASHES.len()..)?;
    let length = body.iter().take_while(|byte| is_body(**byte)).count();
    // The dashes of the last line are text of the body too.
    let inside = body.get(..length)?;
    let end = memmem::find(inside, END).and_then(|last| {
        let line = inside.get(last + END.len()..)?;
        Some(last + END.len() + memmem::find(line.get(..LABEL.min(line.len()))?, DASHES)? + DASHES.len())
    });
    let length = end.unwrap_or_else(|| inside.trim_ascii_end().len());
    Some(start + BEGIN.len() + label.len() + DASHES.len() + length)
}

/// Base64, its header lines (`Proc-Type: 4,ENCRYPTED`), line breaks, and line breaks that were escaped.
fn is_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=-:,\\ \t\r\n".contains(&byte)
}
