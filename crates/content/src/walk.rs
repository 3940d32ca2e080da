//! Every name, text and number of a JSON value, in the order of its bytes, each with the names it stands under.
//!
//! One pass over text that the strict parser has accepted; nothing is validated again, and on other text the walk ends
//! early rather than wrong.

use std::ops::Range;

/// What was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The name of a member.
    Name,
    /// A number.
    Number,
    /// A string that is no name.
    Text,
}

/// One name, text or number.
#[derive(Debug)]
pub(crate) struct Token<'a, 's> {
    pub(crate) part: Part,
    /// Where it stands; of a string, what is between its quotes.
    pub(crate) span: Range<usize>,
    /// As written, without quotes.
    pub(crate) raw: &'a str,
    /// The names of the members it stands in, outermost first, as written. Arrays add none.
    pub(crate) path: &'s [&'a str],
}

/// Visits them all.
pub(crate) fn walk<'a>(json: &'a str, visit: &mut dyn FnMut(&Token<'a, '_>)) {
    let mut walk = Walk { json, at: 0, names: Vec::new(), open: Vec::new() };
    while walk.step(visit).is_some() {}
}

struct Walk<'a> {
    json: &'a str,
    at: usize,
    /// The name of the current member of each open object.
    names: Vec<&'a str>,
    open: Vec<Container>,
}

/// What is open, and for an object whether a name comes next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Container {
    Array,
    BeforeName,
    BeforeValue,
}

impl<'a> Walk<'a> {
    fn step(&mut self, visit: &mut dyn FnMut(&Token<'a, '_>)) -> Option<()> {
        match self.json.as_bytes().get(self.at)? {
            b'"' => self.string(visit)?,
            b'{' => {
                self.names.push("");
                self.open.push(Container::BeforeName);
                self.at += 1;
            }
            b'[' => {
                self.open.push(Container::Array);
                self.at += 1;
            }
            b'}' | b']' => {
                if self.open.pop()? != Container::Array {
                    self.names.pop();
                }
                self.at += 1;
            }
            b',' => {
                if let Some(container @ Container::BeforeValue) = self.open.last_mut() {
                    *container = Container::BeforeName;
                }
                self.at += 1;
            }
            b'-' | b'0'..=b'9' => self.number(visit)?,
            _ => self.at += 1,
        }
        Some(())
    }

    fn string(&mut self, visit: &mut dyn FnMut(&Token<'a, '_>)) -> Option<()> {
        let start = self.at + 1;
        let end = string_end(self.json.as_bytes(), start)?;
        let raw = self.json.get(start..end)?;
        let part = match self.open.last_mut() {
            Some(container @ Container::BeforeName) => {
                *container = Container::BeforeValue;
                *self.names.last_mut()? = raw;
                Part::Name
            }
            _ => Part::Text,
        };
        visit(&Token { part, span: start..end, raw, path: &self.names });
        self.at = end + 1;
        Some(())
    }

    fn number(&mut self, visit: &mut dyn FnMut(&Token<'a, '_>)) -> Option<()> {
        let rest = self.json.get(self.at..)?;
        let part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
        let length = rest.bytes().take_while(|byte| part(*byte)).count();
        let span = self.at..self.at + length;
        visit(&Token { part: Part::Number, span, raw: rest.get(..length)?, path: &self.names });
        self.at += length;
        Some(())
    }
}

/// The place of the quote that ends the string whose text starts at `at`.
fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', text.get(at..)?)?;
        if text.get(at) == Some(&b'"') {
            return Some(at);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, walk};

    #[test]
    fn names_texts_and_numbers_come_with_their_paths() {
        let mut seen = Vec::new();
        walk(r#"{"a":[1,{"b\"":"x"},"y"],"c":-2.5e3,"d":{},"e":true,"f":"\\"}"#, &mut |token| {
            if token.part != Part::Name {
                seen.push(format!("{}={}", token.path.join("/"), token.raw));
            }
        });
        assert_eq!(seen, ["a=1", r#"a/b\"=x"#, "a=y", "c=-2.5e3", r"f=\\"]);
    }

    #[test]
    fn other_text_ends_the_walk() {
        for text in ["", "\"", "{\"a", "}}", "[\"\\", "]", "{\"a\":1}}}"] {
            walk(text, &mut |_| {});
        }
    }
}
