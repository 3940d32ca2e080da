//! Members and items of a container that the parser has accepted already.
//!
//! Nothing is validated again. The code still cannot panic or loop on other text: every step
//! either advances or ends the walk.

use std::borrow::Cow;

use super::cursor::{Cursor, plain_run};
use super::{Json, Member, keys, unescape};

/// The members of an object, given with its braces.
pub(super) fn members(text: &str) -> Vec<Member<'_>> {
    let mut cursor = Cursor { text, at: 1 };
    let mut members = Vec::new();
    while next(&mut cursor) == Some(b'"') {
        let at = cursor.at;
        let escapes = pass_string(&mut cursor);
        let inner = text.get(at + 1..cursor.at.saturating_sub(1)).unwrap_or_default();
        let key = if escapes == 0 { Cow::Borrowed(inner) } else { Cow::Owned(unescape::unescape(inner)) };
        if next(&mut cursor).is_none() {
            break;
        }
        let value = value(&mut cursor);
        members.push(Member { print: keys::fingerprint(&key), key, at, value });
    }
    members
}

/// The items of an array, given with its brackets.
pub(super) fn items(text: &str) -> Vec<Json<'_>> {
    let mut cursor = Cursor { text, at: 1 };
    let mut items = Vec::new();
    while !matches!(next(&mut cursor), None | Some(b']')) {
        items.push(value(&mut cursor));
    }
    items
}

/// Passes blanks and separators; gives the byte that follows.
fn next(cursor: &mut Cursor<'_>) -> Option<u8> {
    cursor.blank();
    while let Some(b',' | b':') = cursor.peek() {
        cursor.at += 1;
        cursor.blank();
    }
    cursor.peek()
}

/// Passes the value at the cursor.
fn value<'a>(cursor: &mut Cursor<'a>) -> Json<'a> {
    let start = cursor.at;
    match cursor.peek() {
        Some(b'"') => {
            pass_string(cursor);
        }
        Some(b'{' | b'[') => pass_container(cursor),
        _ => {
            cursor.at += 1;
            while cursor.peek().is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | 0..=b' ')) {
                cursor.at += 1;
            }
        }
    }
    Json(cursor.since(start))
}

/// Passes a string; gives the number of escapes in it.
fn pass_string(cursor: &mut Cursor<'_>) -> usize {
    let mut escapes = 0;
    cursor.at += 1;
    loop {
        cursor.at += plain_run(cursor.text.as_bytes().get(cursor.at..).unwrap_or_default());
        if cursor.peek() != Some(b'\\') {
            break;
        }
        escapes += 1;
        cursor.at += 2;
    }
    cursor.at = (cursor.at + 1).min(cursor.text.len());
    escapes
}

/// Passes an array or object by counting brackets outside strings.
fn pass_container(cursor: &mut Cursor<'_>) {
    let mut depth = 0_usize;
    while let Some(byte) = cursor.peek() {
        match byte {
            b'"' => {
                pass_string(cursor);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        cursor.at += 1;
        if depth == 0 {
            return;
        }
    }
}
