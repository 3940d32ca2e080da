//! Members and items of a container that the parser has accepted already.
//!
//! Nothing is validated again. The code still cannot panic or loop on other text: every step
//! either advances or ends the walk.

use std::borrow::Cow;

use super::text::{Spelling, Text};
use super::{Json, Member, unescape};

/// The members of an object, given with its braces.
pub(super) fn members(text: &str) -> Vec<Member<'_>> {
    let text = Text(text);
    std::iter::successors(member_from(text, 1), |(_, end)| member_from(text, *end))
        .map(|(member, _)| member)
        .collect()
}

/// The value of one member of an object, given with its braces.
pub(super) fn member<'a>(text: &'a str, key: &str) -> Option<Json<'a>> {
    let text = Text(text);
    let mut members = std::iter::successors(member_from(text, 1), |(_, end)| member_from(text, *end));
    members.find(|(member, _)| member.key == key).map(|(member, _)| member.value)
}

/// The next member from a place on, and the place behind it.
fn member_from(text: Text<'_>, at: usize) -> Option<(Member<'_>, usize)> {
    let at = next(text, at);
    if text.peek(at) != Some(b'"') {
        return None;
    }
    let (behind, spelling) = string_end(text, at);
    let inner = text.span(at + 1, behind - 1);
    let key = match spelling {
        Spelling::Plain => Cow::Borrowed(inner),
        Spelling::Escaped => Cow::Owned(unescape::unescape(inner)),
    };
    let start = next(text, behind);
    let end = value_end(text, start);
    Some((Member { print: 0, key, at, value: Json(text.span(start, end)) }, end))
}

/// The items of an array, given with its brackets.
pub(super) fn items(text: &str) -> Vec<Json<'_>> {
    let text = Text(text);
    let mut items = Vec::new();
    let mut start = next(text, 1);
    while !matches!(text.peek(start), None | Some(b']')) {
        let end = value_end(text, start);
        items.push(Json(text.span(start, end)));
        start = next(text, end);
    }
    items
}

/// Passes blanks and separators.
#[inline]
fn next(text: Text<'_>, at: usize) -> usize {
    let mut at = text.blank(at);
    while let Some(b',' | b':') = text.peek(at) {
        at = text.blank(at + 1);
    }
    at
}

/// The end of the value at `start`.
#[inline]
fn value_end(text: Text<'_>, start: usize) -> usize {
    match text.peek(start) {
        Some(b'"') => string_end(text, start).0,
        Some(b'{' | b'[') => container_end(text, start),
        _ => {
            let mut at = start + 1;
            while text.peek(at).is_some_and(|byte| !matches!(byte, b',' | b'}' | b']' | 0..=b' ')) {
                at += 1;
            }
            at
        }
    }
}

/// The end of the string at `start`, and whether there are escapes in it.
#[inline]
fn string_end(text: Text<'_>, start: usize) -> (usize, Spelling) {
    let mut spelling = Spelling::Plain;
    let mut at = text.plain_end(start + 1);
    while text.peek(at) == Some(b'\\') {
        spelling = Spelling::Escaped;
        at = text.plain_end(at + 2);
    }
    (at + 1, spelling)
}

/// The end of the array or object at `start`, found by counting brackets outside strings.
fn container_end(text: Text<'_>, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = start;
    while let Some(byte) = text.peek(at) {
        match byte {
            b'"' => {
                at = string_end(text, at).0;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return at;
        }
    }
    at
}
