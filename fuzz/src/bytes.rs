//! New texts of old ones, byte by byte and part by part: for what is read as JSON, events or a document.

use std::ops::Range;

use crate::dice::Dice;

/// Longest text that is made. Long enough for what is slower than linear to show.
const LONGEST: usize = 256 * 1024;

/// Bytes and words at which readers of JSON and of event streams have differed, and what our own rules look for.
const SPICE: [&[u8]; 74] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"\"",
    b"\\",
    b"\\u",
    b"\\ud800",
    b"\\udc00",
    b"\\ud83d\\ude00",
    b"\\u0000",
    b"\\/",
    b"\\\"",
    b"\0",
    b"\x7f",
    b"\x80",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\xfe\xff",
    b"\xff",
    b"\r",
    b"\n",
    b"\r\n",
    b"\n\n",
    b"\r\r",
    b"\t",
    b" ",
    b"\x0c",
    b"//",
    b"/*",
    b"*/",
    b"#",
    b"'",
    b"NaN",
    b"Infinity",
    b"-Infinity",
    b"-",
    b"+1",
    b"01",
    b"-0",
    b"1.0",
    b"1e999",
    b"1e-999",
    b"9007199254740993",
    b"18446744073709551616",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"\"jsonrpc\":\"2.0\"",
    b"\"method\":\"ping\"",
    b"\"Method\":\"tools/call\"",
    b"\"name\":\"drop\"",
    b"\"title\":\"forbidden\"",
    b"forbidden",
    b"\"n\\u0061me\":\"drop\"",
    b"\"id\":1",
    b"\"id\":null",
    b"\"params\":{\"name\":\"drop\"}",
    b"\"result\":{}",
    b"\"error\":{}",
    b"\"__proto__\":{}",
    b"data:",
    b"data: ",
    b"data",
    b"event: message",
    b"id: 1",
    b"retry: 1",
    b":",
    b"\xe2\x80\xa8",
];

/// Changes one text, with parts of others.
pub(crate) fn mutated(dice: &mut Dice, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut text = corpus[dice.below(corpus.len())].clone();
    // Often one change only: of many, one is sure to be refused, and hides what the others would do.
    for _ in 0..[0, 1, 1, 1, 2, 3, 6][dice.below(7)] {
        change(dice, corpus, &mut text);
    }
    text.truncate(LONGEST);
    text
}

fn change(dice: &mut Dice, corpus: &[Vec<u8>], text: &mut Vec<u8>) {
    let (at, part) = (dice.below(text.len() + 1), part(dice, text));
    match dice.below(13) {
        0 => drop(text.drain(part)),
        1 => {
            let copy = text[part].to_vec();
            put(text, at..at, &copy);
        }
        2 => {
            let other = corpus[dice.below(corpus.len())].clone();
            let from = self::part(dice, &other);
            put(text, part, &other[from]);
        }
        3 => text.truncate(at),
        4 => flip(dice, text),
        5 => member(dice, corpus, text),
        6 if dice.once_in(20) => repeat(dice, text, part),
        6 | 7 => put(text, part, dice.pick(&SPICE)),
        8 => escape(text, at),
        9 => swap(dice, text),
        _ => put(text, at..at, dice.pick(&SPICE)),
    }
}

fn put(text: &mut Vec<u8>, at: Range<usize>, new: &[u8]) {
    text.splice(at, new.iter().copied());
}

/// Some of it, most often little.
fn part(dice: &mut Dice, text: &[u8]) -> Range<usize> {
    let start = dice.below(text.len());
    let longest = if dice.once_in(4) { text.len() } else { 12 };
    start..(start + dice.below(longest)).min(text.len())
}

fn flip(dice: &mut Dice, text: &mut [u8]) {
    let (at, bit) = (dice.below(text.len()), dice.below(8));
    if let Some(byte) = text.get_mut(at) {
        *byte ^= 1 << bit;
    }
}

/// A thousand times the same, perhaps each in the one before.
fn repeat(dice: &mut Dice, text: &mut Vec<u8>, part: Range<usize>) {
    let times = 1 << dice.below(16);
    let piece = if dice.once_in(2) { dice.pick(&SPICE).to_vec() } else { text[part.clone()].to_vec() };
    put(text, part, &piece.repeat(times.min(LONGEST / piece.len().max(1))));
}

/// Another member behind the comma or brace at some place: a stranger's, or once more one of its own.
fn member(dice: &mut Dice, corpus: &[Vec<u8>], text: &mut Vec<u8>) {
    let starts = |text: &[u8]| -> Vec<usize> {
        (1..text.len()).filter(|at| text[*at] == b'"' && matches!(text[*at - 1], b',' | b'{')).collect()
    };
    let own = dice.once_in(2);
    let donor = if own { text.clone() } else { corpus[dice.below(corpus.len())].clone() };
    let (from, into) = (starts(&donor), starts(text));
    if from.is_empty() || into.is_empty() {
        return;
    }
    let (start, at) = (from[dice.below(from.len())], into[dice.below(into.len())]);
    let length = donor[start..].iter().position(|byte| matches!(byte, b',' | b'}')).unwrap_or(0);
    let mut new = donor[start..start + length].to_vec();
    new.push(b',');
    put(text, at..at, &new);
}

/// The character at some place as an escape.
fn escape(text: &mut Vec<u8>, at: usize) {
    if let Some(byte) = text.get(at).copied().filter(u8::is_ascii) {
        put(text, at..at + 1, format!("\\u{byte:04x}").as_bytes());
    }
}

/// Two parts change places.
fn swap(dice: &mut Dice, text: &mut Vec<u8>) {
    let (one, other) = (part(dice, text), part(dice, text));
    let (first, second) = if one.start <= other.start { (one, other) } else { (other, one) };
    if first.end <= second.start {
        let later = text[second.clone()].to_vec();
        let earlier = text[first.clone()].to_vec();
        put(text, second, &earlier);
        put(text, first, &later);
    }
}
