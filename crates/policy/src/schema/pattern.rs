//! Patterns of ECMA-262, which JSON Schema means, as patterns of the `regex` crate: in time that grows with the text alone,
//! and so without look-around and backreferences.

use std::fmt::Write;
use std::iter::Peekable;
use std::str::Chars;

use regex::RegexBuilder;

use crate::schema::part::Pattern;

/// Largest sizes of a compiled pattern, in bytes, each with the steps that sixteen bytes of text cost: the engine may have
/// to look at every state of a pattern for each character.
const SIZES: [(usize, u64); 3] = [(8 * 1024, 4), (64 * 1024, 32), (256 * 1024, 128)];

/// What `\s` is.
const SPACE: &str = r"\t-\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}";

/// Reads a pattern, or says what is wrong with it.
pub(super) fn compile(text: &str) -> Result<Pattern, String> {
    let translated = translate(text)?;
    let build = |size: usize| RegexBuilder::new(&translated).size_limit(size).dfa_size_limit(size).build();
    for (size, cost) in SIZES {
        match build(size) {
            Ok(regex) => return Ok(Pattern { regex, cost, shown: text.to_owned() }),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(error) => return Err(told(&error)),
        }
    }
    Err("the pattern is too large".to_owned())
}

impl Pattern {
    /// The steps of looking for it in a text.
    pub(super) fn work(&self, text: &str) -> u64 {
        u64::try_from(text.len() / 16).unwrap_or(u64::MAX).saturating_add(1).saturating_mul(self.cost)
    }

    pub(super) fn is_in(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}

/// The last line of what the crate says: those before it draw the pattern.
fn told(error: &regex::Error) -> String {
    let text = error.to_string();
    let last = text.lines().next_back().unwrap_or_default();
    format!("no pattern: {}", last.trim_start_matches("error: "))
}

fn translate(text: &str) -> Result<String, String> {
    let mut rest = text.chars().peekable();
    let mut out = String::with_capacity(text.len() + 16);
    // `(?s)` and its like are of the crate, and say what a point is.
    let flagged =
        text.split("(?").skip(1).any(|rest| rest.starts_with(|flag: char| "imsuxRU".contains(flag)));
    while let Some(next) = rest.next() {
        match next {
            '\\' => out.push_str(&escape(&mut rest, Place::Outside)?.text),
            '[' => class(&mut rest, &mut out)?,
            '.' if !flagged => out.push_str(r"[^\n\r\x{2028}\x{2029}]"),
            other => out.push(other),
        }
    }
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Class,
    Outside,
}

/// What an escape or a character of a class stands for.
struct Atom {
    text: String,
    /// Whether it is one character, so that a range may begin or end with it.
    single: bool,
}

/// The rest of a class. Within it only `]`, `\` and a `-` between characters mean something; the crate knows more signs.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    let unclosed = || "no pattern: unclosed character class".to_owned();
    let negated = rest.next_if_eq(&'^').is_some();
    if rest.next_if_eq(&']').is_some() {
        out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
        return Ok(());
    }
    out.push_str(if negated { "[^" } else { "[" });
    loop {
        let next = rest.next().ok_or_else(unclosed)?;
        if next == ']' {
            out.push(']');
            return Ok(());
        }
        let first = atom(next, rest)?;
        out.push_str(&first.text);
        let mut ahead = rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.next(), None | Some(']')) {
            continue;
        }
        rest.next();
        let second = atom(rest.next().ok_or_else(unclosed)?, rest)?;
        out.push_str(if first.single && second.single { "-" } else { r"\-" });
        out.push_str(&second.text);
    }
}

fn atom(next: char, rest: &mut Peekable<Chars<'_>>) -> Result<Atom, String> {
    Ok(match next {
        '\\' => escape(rest, Place::Class)?,
        '[' | '&' | '~' | '-' | '^' => Atom { text: format!("\\{next}"), single: true },
        other => Atom { text: other.to_string(), single: true },
    })
}

/// The rest of an escape.
fn escape(rest: &mut Peekable<Chars<'_>>, place: Place) -> Result<Atom, String> {
    let next = rest.next().ok_or("no pattern: a `\\` at its end")?;
    let several = |text: String| Ok(Atom { text, single: false });
    let text = match (next, place) {
        ('d', _) => return several("[0-9]".to_owned()),
        ('D', _) => return several("[^0-9]".to_owned()),
        ('w', _) => return several("[A-Za-z0-9_]".to_owned()),
        ('W', _) => return several("[^A-Za-z0-9_]".to_owned()),
        ('s', _) => return several(format!("[{SPACE}]")),
        ('S', _) => return several(format!("[^{SPACE}]")),
        ('p' | 'P', _) => return several(property(next, rest)),
        ('b', Place::Class) => r"\x08".to_owned(),
        ('b' | 'B', Place::Outside) => format!(r"(?-u:\{next})"),
        ('B', Place::Class) | ('a', _) => return Err(format!("no pattern: it has no escape `\\{next}`")),
        ('c', _) => control(rest).ok_or("no pattern: `\\c` without a letter")?,
        ('0', _) if !rest.peek().is_some_and(char::is_ascii_digit) => r"\x00".to_owned(),
        ('<' | '>', _) => next.to_string(),
        (other, _) => format!("\\{other}"),
    };
    Ok(Atom { text, single: true })
}

/// `\p{..}`, whole, since a `-` behind it is no range.
fn property(sign: char, rest: &mut Peekable<Chars<'_>>) -> String {
    let mut text = format!("\\{sign}");
    if rest.peek() == Some(&'{') {
        for next in rest {
            text.push(next);
            if next == '}' {
                break;
            }
        }
    }
    text
}

/// The control character of a letter.
fn control(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let letter = rest.next_if(char::is_ascii_alphabetic)?;
    let mut text = String::new();
    write!(text, r"\x{{{:x}}}", u32::from(letter) % 32).ok()?;
    Some(text)
}
