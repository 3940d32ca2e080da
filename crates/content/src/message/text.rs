//! What has to change in one text, and what was found there.

use std::borrow::Cow;

use mcp::{Json, Limits};

use super::{
    edit::{self, Edit},
    json_edits,
};
use crate::{
    fold,
    hint::{Hint, Setting},
    kind::Kind,
    personal::card,
    rules::{Mode, Rules},
    scan::{Finding, scan},
    tally::Tally,
    walk::Token,
};

/// How deep JSON within the texts of JSON is taken apart; deeper down it is text, and escapes are read all the same.
const LEVELS: usize = 3;

/// How often a text is looked at again after a redaction: with one thing gone, another can stand free.
const ROUNDS: usize = 4;

pub(crate) use crate::scan::Known;

/// A look at one message: the rules, and what has been found so far.
pub(crate) struct Look<'r> {
    rules: &'r Rules,
    wanted: u32,
    known: Known,
    level: usize,
    pub(crate) found: Tally,
    /// What only its name gave away, to be looked for where there is no name.
    pub(crate) announced: Vec<(String, Kind)>,
    /// Two members of one object would get one name.
    pub(crate) collides: bool,
}

impl<'r> Look<'r> {
    pub(crate) fn new(rules: &'r Rules, known: Known) -> Self {
        let wanted = rules.wanted();
        Self {
            rules,
            wanted,
            known,
            level: 0,
            found: Tally::default(),
            announced: Vec::new(),
            collides: false,
        }
    }

    /// The JSON that a text is.
    pub(crate) fn parse<'t>(&self, text: &'t str) -> Option<Json<'t>> {
        let limits = Limits { bytes: text.len(), depth: 128, members: 500_000 };
        Json::parse(text.as_bytes(), &limits).ok()
    }

    /// The edits of a JSON string.
    pub(crate) fn string(&mut self, token: &Token<'_, '_>, hint: Hint) -> Vec<Edit> {
        let (text, spans) = fold::decode(token.raw);
        let edits = self.text(&text, hint);
        edits.into_iter().map(|edit| edit.back(&spans).quoted().shifted(token.span.start)).collect()
    }

    /// The edit of a number: a card's, or one that its name announces.
    pub(crate) fn number(&mut self, token: &Token<'_, '_>, hint: Hint) -> Option<Edit> {
        let digits = token.raw.as_bytes();
        let plain = digits.iter().all(u8::is_ascii_digit);
        let kind = if !plain || digits.len() < 4 {
            return None;
        } else if self.wants(Kind::Card) && card::is_card(digits, 0, digits.len()) {
            Kind::Card
        } else {
            hint.value(token.raw, Setting::Quoted).map(|(kind, _)| kind).filter(|kind| self.wants(*kind))?
        };
        self.found.add(kind);
        let redacted = self.rules.mode(kind) == Mode::Redact;
        redacted.then(|| Edit { span: token.span.clone(), text: kind.number_replacement() })
    }

    fn wants(&self, kind: Kind) -> bool {
        self.wanted & kind.bit() != 0
    }

    /// The edits of a text.
    fn text(&mut self, text: &str, hint: Hint) -> Vec<Edit> {
        let start = text.trim_ascii_start();
        if self.level < LEVELS
            && start.starts_with(['{', '['])
            && let Some(json) = self.parse(text)
        {
            let offset = text.len() - start.len();
            self.level += 1;
            let edits = json_edits(json.text(), self, &|_| true);
            self.level -= 1;
            return edits.into_iter().map(|edit| edit.shifted(offset)).collect();
        }
        self.plain(text, hint)
    }

    /// The edits of a text that is no JSON.
    fn plain(&mut self, text: &str, hint: Hint) -> Vec<Edit> {
        let mut edits = self.round(text, hint, Round::First);
        for _ in 1..ROUNDS {
            if edits.is_empty() {
                break;
            }
            let (rest, spans) = edit::spliced(text, &edits);
            let more = self.round(&rest, hint, Round::Later);
            if more.is_empty() {
                break;
            }
            edits.extend(more.into_iter().map(|edit| edit.back(&spans)));
            edits = edit::merge(edits);
        }
        edits
    }

    fn round(&mut self, text: &str, hint: Hint, round: Round) -> Vec<Edit> {
        let (folded, spans) = fold::fold(text);
        let mut edits = Vec::new();
        for Finding { kind, span, announced } in scan(&folded, hint, self.wanted, &self.known) {
            let mode = self.rules.mode(kind);
            // What stays in the text was counted in the first round, unless it was not free then.
            if round == Round::First || mode == Mode::Redact || self.found.count(kind) == 0 {
                self.found.add(kind);
            }
            let value: Cow<'_, str> = folded.get(span.clone()).unwrap_or_default().into();
            if announced && mode == Mode::Redact && Known::is_telling(&value) {
                self.announced.push((value.into_owned(), kind));
            }
            if mode == Mode::Redact {
                edits.push(Edit { span: spans.back(span), text: kind.replacement() });
            }
        }
        edits
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    First,
    Later,
}
