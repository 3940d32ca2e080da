//! E-mail addresses: `local@domain.tld` (RFC 5322, 3.4.1; RFC 5321, 4.5.3.1; letters of RFC 6531).

use std::ops::Range;

use super::digits::byte;

/// Longest local part and domain, in bytes (RFC 5321, 4.5.3.1).
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// Ends of file names that are no top-level domain (IANA, "Root Zone Database"): `logo@2x.png`.
const FILES: [&str; 20] = [
    "bmp", "css", "csv", "gif", "htm", "html", "ico", "jpeg", "jpg", "js", "json", "jsx", "pdf", "png",
    "svg", "ts", "tsx", "txt", "webp", "xml",
];

/// The address around the `@` at a place.
pub(crate) fn around(text: &str, at: usize) -> Option<Range<usize>> {
    let domain = domain(text.get(at + 1..)?)?;
    let local = local(text.get(..at)?)?;
    let start = at - local.len();
    // `git@github.com:owner/name` names a repository.
    if local == "git" && byte(text.as_bytes(), at + 1 + domain) == b':' {
        return None;
    }
    if is_account(text.get(..start)?.as_bytes()) {
        return None;
    }
    Some(start..at + 1 + domain)
}

/// Whether what follows is an account of a host: `postgres://app@db.example.com`, `https://user:password@example.com`.
fn is_account(before: &[u8]) -> bool {
    let user = before.strip_suffix(b":").map(|user| {
        let letters = user.iter().rev().take(LOCAL).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        user.get(..user.len() - letters).unwrap_or_default()
    });
    user.unwrap_or(before).ends_with(b"//")
}

/// The local part at the end of a text.
fn local(before: &str) -> Option<&str> {
    let mut start = before.len();
    for (place, character) in before.char_indices().rev() {
        let plain = character.is_ascii_alphanumeric() || is_sign(character);
        let letter = !character.is_ascii() && character < '\u{2e80}' && character.is_alphanumeric();
        if !(plain || letter) || before.len() - place > LOCAL {
            break;
        }
        start = place;
    }
    // Signs may stand within an address, but one before it belongs to the text: `'a@b.de'`, `mail=a@b.de`.
    let whole = before.get(start..)?;
    let sign = whole.rfind(|c: char| is_sign(c) && !matches!(c, '.' | '_' | '+' | '-'));
    let sign = sign.map_or(0, |place| place + 1);
    let local = whole.get(sign..)?.trim_start_matches(['.', '-']);
    (!local.is_empty() && !local.ends_with('.')).then_some(local)
}

/// Signs that a local part may hold.
const fn is_sign(character: char) -> bool {
    matches!(
        character,
        '.' | '_'
            | '%'
            | '+'
            | '-'
            | '\''
            | '&'
            | '*'
            | '/'
            | '='
            | '?'
            | '^'
            | '{'
            | '}'
            | '~'
            | '#'
            | '$'
            | '!'
    )
}

/// How long the domain at the start of a text is.
fn domain(after: &str) -> Option<usize> {
    let mut end = 0;
    for (place, character) in after.char_indices() {
        let part = character.is_alphanumeric() || matches!(character, '.' | '-');
        if !part || place > DOMAIN || (!character.is_ascii() && character >= '\u{2e80}') {
            break;
        }
        end = place + character.len_utf8();
    }
    let whole = after.get(..end)?.trim_end_matches(['.', '-']);
    // `a@b.de.` ends a sentence, and in `a@b.de..` nothing else follows either.
    let whole = whole.split("..").next()?;
    let (name, top) = registered(whole)?;
    let file = FILES.iter().any(|file| top.eq_ignore_ascii_case(file));
    let labels = name.split('.').all(|label| !label.is_empty() && !label.starts_with('-'));
    // `package@1.2.3-rc.beta` is a version.
    let version =
        name.split('.').filter(|label| label.bytes().all(|byte| byte.is_ascii_digit())).count() >= 2;
    (!file && labels && !version).then_some(name.len() + 1 + top.len())
}

/// The longest start of a text that ends like a registered name, in two: what comes before its top-level domain, and that.
/// `a@b.de.5` and `a@b.de-5` are an address and something else.
fn registered(mut domain: &str) -> Option<(&str, &str)> {
    loop {
        let (name, last) = domain.rsplit_once('.')?;
        // No top-level domain holds a hyphen, but for encoded ones (RFC 3696, 2).
        let encoded = last.starts_with("xn--");
        let top = if encoded { last } else { last.split('-').next()? };
        if encoded || (top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)) {
            return Some((name, top));
        }
        domain = name;
    }
}
