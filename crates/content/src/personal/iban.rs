//! International bank account numbers: length by country, and the check digits (ISO 13616, ISO/IEC 7064 MOD 97-10).

use super::digits::byte;

/// Source: SWIFT, "IBAN Registry", release 99: country and length.
const LENGTHS: [(&[u8; 2], usize); 89] = [
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MK", 19),
    (b"MN", 20),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PK", 24),
    (b"PL", 28),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"XK", 20),
    (b"YE", 30),
];

/// Whether a word begins with two letters and two digits.
#[inline]
pub(crate) fn may_begin(word: &[u8]) -> bool {
    byte(word, 2).is_ascii_digit() && byte(word, 3).is_ascii_digit()
}

/// The end of the account number that starts at a place, written together or with single spaces or hyphens.
pub(crate) fn at(text: &[u8], start: usize) -> Option<usize> {
    let country = [byte(text, start).to_ascii_uppercase(), byte(text, start + 1).to_ascii_uppercase()];
    if !(byte(text, start + 2).is_ascii_digit() && byte(text, start + 3).is_ascii_digit()) {
        return None;
    }
    let (_, length) = LENGTHS.iter().find(|(known, _)| **known == country)?;
    let mut account = [0_u8; 34];
    let mut at = start;
    for slot in account.iter_mut().take(*length) {
        if matches!(byte(text, at), b' ' | b'-') && at > start {
            at += 1;
        }
        let character = byte(text, at);
        if !character.is_ascii_alphanumeric() {
            return None;
        }
        *slot = character.to_ascii_uppercase();
        at += 1;
    }
    let ends = !byte(text, at).is_ascii_alphanumeric();
    (ends && is_checked(account.get(..*length)?)).then_some(at)
}

/// Whether the account number leaves 1 when divided by 97, its first four characters moved to its end.
fn is_checked(account: &[u8]) -> bool {
    let Some((head, tail)) = account.split_at_checked(4) else { return false };
    let rest = tail.iter().chain(head).fold(0_u32, |rest, character| match character {
        b'0'..=b'9' => (rest * 10 + u32::from(character - b'0')) % 97,
        _ => (rest * 100 + u32::from(character - b'A') + 10) % 97,
    });
    rest == 1
}
