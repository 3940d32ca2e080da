//! A text as a reader sees it: without invisible characters, escapes and wide forms, so that none of them hides anything.
//!
//! Each form keeps the way back to the text as written ([`Spans`]). Base64 and the like are not decoded: who encodes can
//! encode again, and a decoder would only move the line.

use std::borrow::Cow;

use crate::spans::Spans;

/// The text of a JSON string, given as written without its quotes.
pub(crate) fn decode(raw: &str) -> (Cow<'_, str>, Spans) {
    let backslash = |rest: &[u8]| memchr::memchr(b'\\', rest);
    rewrite(raw, backslash, |rest| {
        let escape = rest.strip_prefix('\\')?;
        let plain = |character| Some(Odd { length: 2, means: Some(character) });
        match escape.as_bytes().first()? {
            b'b' => plain('\u{8}'),
            b'f' => plain('\u{c}'),
            b'n' => plain('\n'),
            b'r' => plain('\r'),
            b't' => plain('\t'),
            b'u' => Some(unicode(rest)),
            other => plain(char::from(*other)),
        }
    })
}

/// The text without what is invisible, with one space, one hyphen and one width of letters and digits, and with the
/// escapes of sources and addresses read.
pub(crate) fn fold(text: &str) -> (Cow<'_, str>, Spans) {
    let odd = |rest: &[u8]| rest.iter().position(|byte| ODD.get(usize::from(*byte)) == Some(&true));
    rewrite(text, odd, |rest| {
        let bytes = rest.as_bytes();
        match bytes.first()? {
            b'\\' if bytes.get(1) == Some(&b'u') => hex(rest).map(|code| Odd {
                length: 6,
                means: Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            }),
            b'%' if rest.starts_with("%40") => Some(Odd { length: 3, means: Some('@') }),
            b'&' if rest.starts_with("&#64;") => Some(Odd { length: 5, means: Some('@') }),
            0xc2 | 0xcd | 0xd8 | 0xe1..=0xe3 | 0xef => seen(rest.chars().next()?),
            _ => None,
        }
    })
}

/// A spelling, and the character it stands for, if it is one that is seen.
struct Odd {
    length: usize,
    means: Option<char>,
}

/// Replaces every spelling that `odd` knows at the start of a rest of the text; `next` finds bytes that can begin one.
fn rewrite(
    text: &str,
    next: impl Fn(&[u8]) -> Option<usize>,
    odd: impl Fn(&str) -> Option<Odd>,
) -> (Cow<'_, str>, Spans) {
    let mut spans = Spans::default();
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(place) = text.as_bytes().get(at..).and_then(&next).map(|place| at + place) {
        let Some(Odd { length, means }) = text.get(place..).and_then(&odd) else {
            at = place + 1;
            continue;
        };
        if copied == 0 {
            spans.copy(0, 0);
        }
        out.push_str(text.get(copied..place).unwrap_or_default());
        if let Some(character) = means {
            spans.spelt(out.len(), place, length);
            out.push(character);
        }
        at = place + length;
        copied = at;
        spans.copy(out.len(), at);
    }
    if copied == 0 {
        return (Cow::Borrowed(text), spans);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    (Cow::Owned(out), spans)
}

/// Bytes with which a spelling in a text can begin.
static ODD: [bool; 256] = odd_bytes();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated while compiling: an index out of range does not build"
)]
const fn odd_bytes() -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = matches!(byte as u8, b'\\' | b'%' | b'&' | 0xc2 | 0xcd | 0xd8 | 0xe1..=0xe3 | 0xef);
        byte += 1;
    }
    table
}

/// What a reader sees of a character, where that is not the character.
fn seen(character: char) -> Option<Odd> {
    let means = match character {
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => None,
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' => Some('-'),
        '\u{fe6b}' => Some('@'),
        '\u{ff01}'..='\u{ff5e}' => Some(char::from_u32(u32::from(character) - 0xfee0)?),
        _ => return None,
    };
    Some(Odd { length: character.len_utf8(), means })
}

/// The character of `\uXXXX` or `\uXXXX\uXXXX` at the start of the text.
fn unicode(text: &str) -> Odd {
    let wrong = Odd { length: 2, means: Some(char::REPLACEMENT_CHARACTER) };
    match hex(text) {
        Some(high @ 0xd800..=0xdbff) => match text.get(6..).and_then(hex) {
            Some(low @ 0xdc00..=0xdfff) => {
                let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                Odd { length: 12, means: char::from_u32(code) }
            }
            _ => wrong,
        },
        Some(code) => Odd { length: 6, means: char::from_u32(code).or(Some(char::REPLACEMENT_CHARACTER)) },
        None => wrong,
    }
}

/// The number of `\uXXXX` at the start of the text.
fn hex(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if plain { u32::from_str_radix(digits, 16).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{decode, fold};

    #[track_caller]
    fn check(text: &str, expected: &str, part: &str, written: &str) {
        let (folded, spans) = fold(text);
        assert_eq!(folded, expected);
        let start = folded.find(part).unwrap();
        assert_eq!(text.get(spans.back(start..start + part.len())), Some(written));
    }

    #[test]
    fn what_is_not_seen_falls_away_and_the_way_back_covers_it() {
        check("a\u{200b}b\u{feff} c", "ab c", "ab", "a\u{200b}b");
        check("\u{200b}ab\u{200b}", "ab", "ab", "ab");
        check("4111\u{a0}1111", "4111 1111", "1111", "1111");
        check("４１ x", "41 x", "41", "４１");
        check("a\\u0040b", "a@b", "a@b", "a\\u0040b");
        check("a%40b&#64;c", "a@b@c", "@b@", "%40b&#64;");
        check("x\u{2011}y", "x-y", "-", "\u{2011}");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["", "50% of é & ü", "“quoted” — \\n \\unknown", "日本語 العربية"] {
            let (folded, _) = fold(text);
            assert_eq!(folded.replace('-', "—"), text);
        }
    }

    #[test]
    fn escapes_of_json_are_read() {
        let (text, spans) = decode(r#"a\u0040b\n\"\ud83d\ude00c"#);
        assert_eq!(text, "a@b\n\"😀c");
        assert_eq!(spans.back(0..3), 0..8);
        assert_eq!(spans.back(5..9), 12..24);
        assert_eq!(spans.back(9..10), 24..25);
    }
}
