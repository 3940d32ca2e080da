//! The strict parser: one pass over the document, no recursion.
//!
//! Open containers are kept on an explicit stack, so that depth costs no machine stack. The members
//! of all open objects share one list: an object's part of it is checked for duplicate keys when
//! the object closes, then dropped, or handed out if it is the document or its `params`.

use std::borrow::Cow;

use super::cursor::{Cursor, Spelling};
use super::error::{JsonError, Wanted, excerpt};
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
    /// The first duplicate key met. Kept apart, for the rest of such a document can be trusted
    /// far enough to answer it with its id.
    pub(crate) duplicate: Option<JsonError>,
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
        cursor: Cursor { text, at: 0 },
        limits,
        values: 0,
        open: Vec::with_capacity(16),
        members: Vec::with_capacity(32),
        top: None,
        params: None,
        duplicate: None,
    };
    let root = parser.document()?;
    let Parser { top, params, duplicate, .. } = parser;
    Ok(Parsed { root, top, params, duplicate })
}

struct Parser<'a, 'l> {
    cursor: Cursor<'a>,
    limits: &'l Limits,
    /// Values met so far.
    values: usize,
    open: Vec<Container>,
    /// Members of all open objects, outermost first.
    members: Vec<Member<'a>>,
    top: Option<Object<'a>>,
    params: Option<Object<'a>>,
    duplicate: Option<JsonError>,
}

/// An array or object whose end has not been met.
struct Container {
    start: usize,
    /// For an object, the index of its first member.
    members: Option<usize>,
}

/// What follows after a step of the parser.
enum Step<'a> {
    /// The next value starts at the cursor.
    Value,
    /// The document's value is complete.
    Done(Json<'a>),
}

impl<'a> Parser<'a, '_> {
    fn document(&mut self) -> Result<Json<'a>, JsonError> {
        self.cursor.blank();
        loop {
            if let Step::Done(root) = self.value()? {
                self.cursor.blank();
                return match self.cursor.peek() {
                    None => Ok(root),
                    Some(_) => Err(JsonError::Trailing { offset: self.cursor.at }),
                };
            }
        }
    }

    /// Reads a scalar or an empty container, and what follows it; or enters a container.
    fn value(&mut self) -> Result<Step<'a>, JsonError> {
        let start = self.cursor.at;
        self.values += 1;
        if self.values > self.limits.members {
            return Err(JsonError::TooMany { offset: start, limit: self.limits.members });
        }
        match self.cursor.peek() {
            Some(b'"') => {
                self.cursor.string()?;
            }
            Some(b'{') => return self.enter_object(),
            Some(b'[') => return self.enter_array(),
            Some(b'-' | b'0'..=b'9') => self.cursor.number()?,
            Some(b't') => self.cursor.word("true")?,
            Some(b'f') => self.cursor.word("false")?,
            Some(b'n') => self.cursor.word("null")?,
            _ => return Err(self.cursor.unexpected(Wanted::Value)),
        }
        self.after(start)
    }

    fn enter_object(&mut self) -> Result<Step<'a>, JsonError> {
        let start = self.enter(Some(self.members.len()))?;
        if self.cursor.peek() == Some(b'}') {
            self.leave();
            return self.after(start);
        }
        self.key(Wanted::KeyOrBrace)?;
        Ok(Step::Value)
    }

    fn enter_array(&mut self) -> Result<Step<'a>, JsonError> {
        let start = self.enter(None)?;
        if self.cursor.peek() == Some(b']') {
            self.leave();
            return self.after(start);
        }
        Ok(Step::Value)
    }

    /// Passes an opening bracket and the blanks after it; gives its place.
    fn enter(&mut self, members: Option<usize>) -> Result<usize, JsonError> {
        let start = self.cursor.at;
        if self.open.len() >= self.limits.depth {
            return Err(JsonError::TooDeep { offset: start, limit: self.limits.depth });
        }
        self.open.push(Container { start, members });
        self.cursor.at += 1;
        self.cursor.blank();
        Ok(start)
    }

    /// Reads a key, its colon and the blanks up to its value.
    fn key(&mut self, wanted: Wanted) -> Result<(), JsonError> {
        let at = self.cursor.at;
        if self.cursor.peek() != Some(b'"') {
            return Err(self.cursor.unexpected(wanted));
        }
        let spelling = self.cursor.string()?;
        let inner = self.cursor.text.get(at + 1..self.cursor.at - 1).unwrap_or_default();
        let key = match spelling {
            Spelling::Plain => Cow::Borrowed(inner),
            Spelling::Escaped => Cow::Owned(unescape::unescape(inner)),
        };
        let print = keys::fingerprint(&key);
        self.cursor.blank();
        if self.cursor.peek() != Some(b':') {
            return Err(self.cursor.unexpected(Wanted::Colon));
        }
        self.cursor.at += 1;
        self.cursor.blank();
        self.members.push(Member { key, at, print, value: Json("null") });
        Ok(())
    }

    /// The value that began at `start` ends here: records it, and reads on to the next value.
    fn after(&mut self, mut start: usize) -> Result<Step<'a>, JsonError> {
        loop {
            let value = Json(self.cursor.since(start));
            let Some(container) = self.open.last() else { return Ok(Step::Done(value)) };
            let object = container.members.is_some();
            let outer = container.start;
            if object && let Some(member) = self.members.last_mut() {
                member.value = value;
            }
            self.cursor.blank();
            match self.cursor.peek() {
                Some(b',') => {
                    self.cursor.at += 1;
                    self.cursor.blank();
                    if object {
                        self.key(Wanted::Key)?;
                    }
                    return Ok(Step::Value);
                }
                Some(b'}') if object => self.leave(),
                Some(b']') if !object => self.leave(),
                _ if object => return Err(self.cursor.unexpected(Wanted::CommaOrBrace)),
                _ => return Err(self.cursor.unexpected(Wanted::CommaOrBracket)),
            }
            start = outer;
        }
    }

    /// Passes a closing bracket and settles the members of the object it closes.
    fn leave(&mut self) {
        self.cursor.at += 1;
        let Some(Container { start, members: Some(first) }) = self.open.pop() else { return };
        let members = self.members.get(first..).unwrap_or_default();
        if let Some(member) = keys::duplicate(members)
            && self.duplicate.is_none()
        {
            let key = excerpt(&member.key);
            self.duplicate = Some(JsonError::DuplicateKey { offset: member.at, key });
        }
        let json = Json(self.cursor.since(start));
        match self.open.as_slice() {
            [] => self.top = Some(Object { members: self.members.split_off(first), json }),
            [top] if top.members.is_some() && self.is_params(first) => {
                self.params = Some(Object { members: self.members.split_off(first), json });
            }
            _ => self.members.truncate(first),
        }
    }

    /// Whether the object whose members start at `first` is the value of a key `params`.
    fn is_params(&self, first: usize) -> bool {
        let holder = first.checked_sub(1).and_then(|index| self.members.get(index));
        holder.is_some_and(|member| member.key == "params")
    }
}
