//! The strict parser: one pass over the document, no recursion.
//!
//! Open containers are kept on an explicit stack, so that depth costs no machine stack. The members
//! of all open objects share one list: an object's part of it is checked for duplicate keys when
//! the object closes, then dropped, or handed out if it is the document, its `params` or its `result`.

use std::borrow::Cow;

use super::error::{JsonError, Wanted, excerpt};
use super::text::{Spelling, Text};
use super::{Json, Member, Object, keys, unescape};
use crate::Limits;

/// A document that is strict JSON, save that a key may come twice.
#[derive(Debug)]
pub(crate) struct Parsed<'a> {
    /// The whole document.
    pub(crate) root: Json<'a>,
    /// The document's members, if it is an object.
    pub(crate) top: Option<Object<'a>>,
    /// The members of its `params`, if that is an object.
    pub(crate) params: Option<Object<'a>>,
    /// The members of its `result`, likewise.
    pub(crate) result: Option<Object<'a>>,
    /// The items of the arrays that are members of `result`, in the order of the document.
    pub(crate) items: Vec<Item<'a>>,
    /// The first duplicate key met. Kept apart, for the rest of such a document can be trusted
    /// far enough to answer it with its id.
    pub(crate) duplicate: Option<JsonError>,
}

/// An item of an array that is a member of `result`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item<'a> {
    /// Where the array starts in the text that was read.
    pub(crate) array: usize,
    pub(crate) json: Json<'a>,
}

/// Reads one strict document.
pub(crate) fn parse<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Parsed<'a>, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError::TooLong { bytes: bytes.len(), limit: limits.bytes });
    }
    let text = simdutf8::basic::from_utf8(bytes).map_err(|_| {
        // Only the slow check knows the place.
        let offset = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
        JsonError::NotUtf8 { offset }
    })?;
    if text.starts_with('\u{feff}') {
        return Err(JsonError::ByteOrderMark);
    }
    let mut parser = Parser {
        text: Text(text),
        limits,
        values: 0,
        open: Vec::with_capacity(16),
        members: Vec::with_capacity(32),
        top: None,
        params: None,
        result: None,
        items: Vec::new(),
        duplicate: None,
    };
    let root = parser.document()?;
    let Parser { top, params, result, items, duplicate, .. } = parser;
    Ok(Parsed { root, top, params, result, items, duplicate })
}

struct Parser<'a, 'l> {
    text: Text<'a>,
    limits: &'l Limits,
    /// Values met so far.
    values: usize,
    open: Vec<Container>,
    /// Members of all open objects, outermost first.
    members: Vec<Member<'a>>,
    top: Option<Object<'a>>,
    params: Option<Object<'a>>,
    result: Option<Object<'a>>,
    items: Vec<Item<'a>>,
    duplicate: Option<JsonError>,
}

/// An array or object whose end has not been met.
struct Container {
    start: usize,
    /// For an object, the index of its first member.
    members: Option<usize>,
    seen: keys::Seen,
    /// For an array, whether its items are handed out.
    listed: bool,
}

/// Where a step of the parser came to.
enum Step {
    /// The next value starts here.
    Value(usize),
    /// The value ends here.
    End(usize),
}

impl<'a> Parser<'a, '_> {
    fn document(&mut self) -> Result<Json<'a>, JsonError> {
        let mut start = self.text.blank(0);
        loop {
            start = match self.value(start)? {
                Step::Value(next) => next,
                Step::End(end) => match self.after(start, end)? {
                    Step::Value(next) => next,
                    Step::End(end) => return self.finish(end),
                },
            };
        }
    }

    /// The document's value ends at `end`: nothing but blanks may follow.
    fn finish(&self, end: usize) -> Result<Json<'a>, JsonError> {
        let offset = self.text.blank(end);
        if self.text.peek(offset).is_some() {
            return Err(JsonError::Trailing { offset });
        }
        Ok(Json(self.text.span(self.text.blank(0), end)))
    }

    /// Passes a scalar or an empty container, or enters a container.
    #[inline]
    fn value(&mut self, start: usize) -> Result<Step, JsonError> {
        self.values += 1;
        if self.values > self.limits.members {
            return Err(JsonError::TooMany { offset: start, limit: self.limits.members });
        }
        let end = match self.text.peek(start) {
            Some(b'"') => self.text.string(start)?.0,
            Some(b'{') => return self.enter_object(start),
            Some(b'[') => return self.enter_array(start),
            Some(b'-' | b'0'..=b'9') => self.text.number(start)?,
            Some(b't') => self.text.word(start, "true")?,
            Some(b'f') => self.text.word(start, "false")?,
            Some(b'n') => self.text.word(start, "null")?,
            _ => return Err(self.text.unexpected(start, Wanted::Value)),
        };
        Ok(Step::End(end))
    }

    fn enter_object(&mut self, start: usize) -> Result<Step, JsonError> {
        let at = self.enter(start, Some(self.members.len()))?;
        if self.text.peek(at) == Some(b'}') {
            self.leave(at + 1);
            return Ok(Step::End(at + 1));
        }
        self.key(at, Wanted::KeyOrBrace).map(Step::Value)
    }

    fn enter_array(&mut self, start: usize) -> Result<Step, JsonError> {
        let at = self.enter(start, None)?;
        if self.text.peek(at) == Some(b']') {
            self.leave(at + 1);
            return Ok(Step::End(at + 1));
        }
        Ok(Step::Value(at))
    }

    /// Passes an opening bracket and the blanks after it.
    fn enter(&mut self, start: usize, members: Option<usize>) -> Result<usize, JsonError> {
        if self.open.len() >= self.limits.depth {
            return Err(JsonError::TooDeep { offset: start, limit: self.limits.depth });
        }
        let listed = members.is_none() && self.is_within_result();
        self.open.push(Container { start, members, seen: keys::Seen::default(), listed });
        Ok(self.text.blank(start + 1))
    }

    /// Reads a key; gives the place of its value.
    #[inline]
    fn key(&mut self, at: usize, wanted: Wanted) -> Result<usize, JsonError> {
        if self.text.peek(at) != Some(b'"') {
            return Err(self.text.unexpected(at, wanted));
        }
        let (end, spelling) = self.text.string(at)?;
        let inner = self.text.span(at + 1, end - 1);
        let key = match spelling {
            Spelling::Plain => Cow::Borrowed(inner),
            Spelling::Escaped => Cow::Owned(unescape::unescape(inner)),
        };
        let print = keys::fingerprint(&key);
        if let Some(container) = self.open.last_mut() {
            container.seen.note(print);
        }
        self.members.push(Member { key, at, print, value: Json("null") });
        let colon = self.text.blank(end);
        if self.text.peek(colon) != Some(b':') {
            return Err(self.text.unexpected(colon, Wanted::Colon));
        }
        Ok(self.text.blank(colon + 1))
    }

    /// Reads on behind the value from `start` to `end`, and behind all containers that end with it.
    #[inline]
    fn after(&mut self, mut start: usize, mut end: usize) -> Result<Step, JsonError> {
        loop {
            let Some(container) = self.open.last() else { return Ok(Step::End(end)) };
            let outer = container.start;
            let at = self.text.blank(end);
            let found = self.text.peek(at);
            if container.members.is_some() {
                if let Some(member) = self.members.last_mut() {
                    member.value = Json(self.text.span(start, end));
                }
                match found {
                    Some(b',') => return self.key(self.text.blank(at + 1), Wanted::Key).map(Step::Value),
                    Some(b'}') => {}
                    _ => return Err(self.text.unexpected(at, Wanted::CommaOrBrace)),
                }
            } else {
                if container.listed {
                    self.items.push(Item { array: outer, json: Json(self.text.span(start, end)) });
                }
                match found {
                    Some(b',') => return Ok(Step::Value(self.text.blank(at + 1))),
                    Some(b']') => {}
                    _ => return Err(self.text.unexpected(at, Wanted::CommaOrBracket)),
                }
            }
            start = outer;
            end = at + 1;
            self.leave(end);
        }
    }

    /// Settles the members of the container that ends at `end`, if it is an object.
    fn leave(&mut self, end: usize) {
        let Some(Container { start, members: Some(first), seen, .. }) = self.open.pop() else { return };
        if seen.perhaps_twice() {
            self.look_for_duplicate(first);
        }
        let json = Json(self.text.span(start, end));
        let slot = match (self.open.as_slice(), self.holder(first)) {
            ([], _) => &mut self.top,
            ([_], Some("params")) => &mut self.params,
            ([_], Some("result")) => &mut self.result,
            _ => return self.members.truncate(first),
        };
        *slot = Some(Object { members: self.members.split_off(first), json });
    }

    /// Compares the keys of the object whose members start at `first`.
    #[cold]
    fn look_for_duplicate(&mut self, first: usize) {
        let members = self.members.get(first..).unwrap_or_default();
        if let Some(member) = keys::duplicate(members)
            && self.duplicate.is_none()
        {
            let key = excerpt(&member.key);
            self.duplicate = Some(JsonError::DuplicateKey { offset: member.at, key });
        }
    }

    /// Whether the next value is a member of the document's `result`.
    fn is_within_result(&self) -> bool {
        let [document, Container { members: Some(first), .. }] = self.open.as_slice() else { return false };
        let held = first.checked_sub(1).and_then(|index| self.members.get(index));
        document.members.is_some() && held.is_some_and(|member| member.key == "result")
    }

    /// The key that holds the object whose members start at `first`, unless an array does.
    fn holder(&self, first: usize) -> Option<&str> {
        self.open.last()?.members?;
        self.members.get(first.checked_sub(1)?).map(|member| member.key.as_ref())
    }
}
