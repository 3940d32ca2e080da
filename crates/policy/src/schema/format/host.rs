//! Names of hosts, and addresses of mail.

use std::net::{Ipv4Addr, Ipv6Addr};

use unicode_normalization::char::is_combining_mark;
use unicode_security::GeneralSecurityProfile;

/// RFC 1123: labels of letters, digits and hyphens. An international label has to decode to letters that identifiers may
/// have; those that mean something only beside others are refused.
pub(super) fn is_hostname(text: &str) -> bool {
    text.len() <= 253 && text.split('.').all(is_label)
}

/// `local@host` of RFC 5321 without quotes, in ASCII.
pub(super) fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let atom = |atom: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
        !atom.is_empty() && atom.bytes().all(plain)
    };
    local.len() <= 64 && text.len() <= 254 && local.split('.').all(atom) && is_mail_host(host)
}

fn is_mail_host(host: &str) -> bool {
    match host.strip_prefix('[').map(|host| host.strip_suffix(']')) {
        Some(Some(literal)) => match literal.strip_prefix("IPv6:") {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => literal.parse::<Ipv4Addr>().is_ok(),
        },
        Some(None) => false,
        None => is_hostname(host),
    }
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let ends = !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    plain && ends && label.len() <= 63 && is_international(label)
}

/// Two hyphens in the third and fourth place say that the rest is encoded, and only `xn` says how.
fn is_international(label: &str) -> bool {
    if label.get(2..4) != Some("--") {
        return true;
    }
    let encoded = label.get(..2).is_some_and(|sign| sign.eq_ignore_ascii_case("xn"));
    let decoded = label.get(4..).filter(|_| encoded).and_then(decode);
    decoded.is_some_and(|text| !text.is_ascii() && is_unicode_label(&text))
}

fn is_unicode_label(text: &str) -> bool {
    let arabic = |digit: char| ('\u{660}'..='\u{669}').contains(&digit);
    let extended = |digit: char| ('\u{6f0}'..='\u{6f9}').contains(&digit);
    let hyphens = text.chars().skip(2).take(2).eq("--".chars());
    let ends = !text.starts_with(is_combining_mark) && !text.starts_with('-') && !text.ends_with('-');
    let digits = !(text.contains(arabic) && text.contains(extended));
    !hyphens && ends && digits && text.chars().all(is_letter)
}

fn is_letter(letter: char) -> bool {
    /// Allowed in identifiers, and in a name of a host only beside certain others.
    const JOINING: [char; 8] =
        ['\u{b7}', '\u{375}', '\u{5f3}', '\u{5f4}', '\u{200c}', '\u{200d}', '\u{30fb}', '\u{2019}'];
    let ascii = letter.is_ascii_alphanumeric() || letter == '-';
    ascii
        || (!letter.is_ascii()
            && letter.is_alphanumeric()
            && letter.identifier_allowed()
            && !JOINING.contains(&letter))
}

/// RFC 3492.
fn decode(text: &str) -> Option<String> {
    let (basic, encoded) = text.rsplit_once('-').unwrap_or(("", text));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut code, mut index, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = encoded.bytes().map(digit).peekable();
    while digits.peek().is_some() {
        let before = index;
        let (mut weight, mut place) = (1_u32, 36_u32);
        loop {
            let digit = digits.next()??;
            index = index.checked_add(digit.checked_mul(weight)?)?;
            let threshold = place.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            place += 36;
        }
        let length = u32::try_from(out.len()).ok()? + 1;
        bias = adapted(index - before, length, before == 0);
        code = code.checked_add(index / length)?;
        index %= length;
        out.insert(usize::try_from(index).ok()?, char::from_u32(code)?);
        index += 1;
    }
    Some(out.into_iter().collect())
}

fn digit(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 26),
        b'a'..=b'z' => Some(u32::from(byte - b'a')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        _ => None,
    }
}

fn adapted(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut places = 0;
    while delta > 455 {
        delta /= 35;
        places += 36;
    }
    places + 36 * delta / (delta + 38)
}
