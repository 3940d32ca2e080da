//! Values made of other values: arrays, records, ranges, search vectors, key-value pairs.

use super::{Bytes, Decoder};
use crate::cell;
use crate::db::postgres::digits;

/// Nested JSON arrays, as many levels as the array has dimensions.
pub(super) fn array(element: &Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let dimensions = bytes.count()?;
    let _has_nulls = bytes.i32()?;
    let _element_oid = bytes.i32()?;
    let mut lengths = Vec::new();
    for _ in 0..dimensions {
        lengths.push(bytes.count()?);
        let _lower_bound = bytes.i32()?;
    }
    if lengths.is_empty() {
        out.extend_from_slice(b"[]");
        return Some(());
    }
    level(element, &lengths, &mut bytes, out)
}

fn level(element: &Decoder, lengths: &[usize], bytes: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<()> {
    let Some((length, inner)) = lengths.split_first() else {
        return value(element, bytes, out);
    };
    out.push(b'[');
    for index in 0..*length {
        if index > 0 {
            out.push(b',');
        }
        level(element, inner, bytes, out)?;
    }
    out.push(b']');
    Some(())
}

/// A value with its length before it.
fn value(decoder: &Decoder, bytes: &mut Bytes<'_>, out: &mut Vec<u8>) -> Option<()> {
    match bytes.sized()? {
        Some(value) => decoder.write(value, out),
        None => {
            cell::null(out);
            Some(())
        }
    }
}

/// A composite value as a JSON object.
pub(super) fn record(fields: &[(String, Decoder)], bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    if bytes.count()? != fields.len() {
        return None;
    }
    out.push(b'{');
    for (index, (name, decoder)) in fields.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        cell::text(out, name);
        out.push(b':');
        let _oid = bytes.i32()?;
        value(decoder, &mut bytes, out)?;
    }
    out.push(b'}');
    Some(())
}

/// The pairs of an `hstore` as a JSON object.
pub(super) fn hstore(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    out.push(b'{');
    for index in 0..bytes.count()? {
        if index > 0 {
            out.push(b',');
        }
        cell::text(out, str::from_utf8(bytes.sized()??).ok()?);
        out.push(b':');
        value(&Decoder::Text, &mut bytes, out)?;
    }
    out.push(b'}');
    Some(())
}

/// The numbers of a `vector` as a JSON array.
pub(super) fn vector(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let count = bytes.u16()?;
    let _unused = bytes.u16()?;
    out.push(b'[');
    for index in 0..count {
        if index > 0 {
            out.push(b',');
        }
        Decoder::Float.write(bytes.take(4)?, out)?;
    }
    out.push(b']');
    Some(())
}

/// The flags of a range.
const EMPTY: u8 = 0x01;
const LOWER_INCLUSIVE: u8 = 0x02;
const UPPER_INCLUSIVE: u8 = 0x04;
const LOWER_INFINITE: u8 = 0x08;
const UPPER_INFINITE: u8 = 0x10;

/// A range as PostgreSQL writes it, its ends as they are written on their own: `[2026-01-01,2026-02-01)`.
pub(super) fn range(element: &Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let flags = bytes.u8()?;
    let has = |flag: u8| flags & flag != 0;
    if has(EMPTY) {
        out.extend_from_slice(b"empty");
        return Some(());
    }
    out.push(if has(LOWER_INCLUSIVE) { b'[' } else { b'(' });
    if !has(LOWER_INFINITE) {
        end(element, bytes.sized()??, out)?;
    }
    out.push(b',');
    if !has(UPPER_INFINITE) {
        end(element, bytes.sized()??, out)?;
    }
    out.push(if has(UPPER_INCLUSIVE) { b']' } else { b')' });
    Some(())
}

/// One end, without quotes of its own: it stands within a string already.
fn end(element: &Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut value = Vec::with_capacity(32);
    element.write(bytes, &mut value)?;
    match value.as_slice() {
        [b'"', inner @ .., b'"'] => out.extend_from_slice(inner),
        [b'{' | b'[', ..] => return None,
        number => out.extend_from_slice(number),
    }
    Some(())
}

/// Ranges in braces.
pub(super) fn multirange(element: &Decoder, bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    // The element of a multirange is named as the range's own type.
    let element = match element {
        Decoder::Range(inner) => inner,
        other => other,
    };
    let mut bytes = Bytes(bytes);
    out.push(b'{');
    for index in 0..bytes.count()? {
        if index > 0 {
            out.push(b',');
        }
        range(element, bytes.sized()??, out)?;
    }
    out.push(b'}');
    Some(())
}

/// The words of a search vector as PostgreSQL writes them: `'cat':3A 'sat':4`.
pub(super) fn tsvector(bytes: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let mut bytes = Bytes(bytes);
    let mut text = Vec::new();
    for index in 0..bytes.count()? {
        if index > 0 {
            text.push(b' ');
        }
        let length = bytes.0.iter().position(|byte| *byte == 0)?;
        text.push(b'\'');
        for byte in bytes.take(length)? {
            if matches!(byte, b'\'' | b'\\') {
                text.push(*byte);
            }
            text.push(*byte);
        }
        text.push(b'\'');
        let _end = bytes.u8()?;
        for place in 0..bytes.u16()? {
            text.push(if place == 0 { b':' } else { b',' });
            let position = bytes.u16()?;
            digits::padded(&mut text, u64::from(position & 0x3FFF), 1);
            match position >> 14 {
                3 => text.push(b'A'),
                2 => text.push(b'B'),
                1 => text.push(b'C'),
                _ => {}
            }
        }
    }
    // Written as a string of its own, without the quotes, which the caller has written.
    let mut quoted = Vec::with_capacity(text.len() + 2);
    cell::text(&mut quoted, str::from_utf8(&text).ok()?);
    out.extend_from_slice(quoted.get(1..quoted.len().checked_sub(1)?)?);
    Some(())
}
