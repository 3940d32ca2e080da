//! What was read back before: a text that is printed again says what it said, with other values.
//!
//! The form of a text is kept with the numbers of the parameters in the places of their values. A statement that prints to
//! the same text is compared with that form, the statement's own values put in. Two texts are the same if their dialect, the
//! kinds of their values and, where parameters have no numbers, which of the values are equal, are the same as well.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::mem::{Discriminant, discriminant, take};
use std::sync::{Arc, Mutex, PoisonError};

use crate::dialect::Dialect;
use crate::ir::Body;
use crate::print::Printed;
use crate::value::Value;

use super::parameters::{Parameters, Slot};

/// The longest text that is remembered.
const LONGEST: usize = 16 * 1024;
/// The most values of a text that is remembered.
const MOST_VALUES: usize = 256;
/// How many copies of a form are kept, for statements that are checked at the same time.
const COPIES: usize = 4;

/// The forms of texts that were read back.
#[derive(Debug)]
pub(super) struct Cache {
    hasher: RandomState,
    /// How many forms a generation has.
    most: usize,
    generations: Mutex<Generations>,
}

/// Those used of late, and those used before: a full generation becomes the old one, and what is not used from then on is
/// forgotten with it.
#[derive(Debug, Default)]
struct Generations {
    young: HashMap<u64, Arc<Entry>>,
    old: HashMap<u64, Arc<Entry>>,
}

#[derive(Debug)]
struct Entry {
    dialect: Dialect,
    sql: Box<str>,
    marks: Box<[Mark]>,
    /// For each place of a parameter in the form, the parameter.
    numbers: Box<[usize]>,
    forms: Mutex<Vec<Body>>,
}

/// What of a parameter belongs to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Mark {
    kind: Discriminant<Value>,
    /// The first parameter of the same value.
    first: usize,
}

/// A text and what belongs to it, to look for or to remember.
pub(super) struct Key<'a> {
    dialect: Dialect,
    printed: &'a Printed,
    marks: Vec<Mark>,
    digest: u64,
}

impl Cache {
    pub(super) fn new(entries: usize) -> Cache {
        Cache { hasher: RandomState::new(), most: entries.div_ceil(2), generations: Mutex::default() }
    }

    /// Nothing for what is too long to be remembered.
    pub(super) fn key<'a>(&self, printed: &'a Printed, dialect: Dialect) -> Option<Key<'a>> {
        if self.most == 0 || printed.sql.len() > LONGEST || printed.values.len() > MOST_VALUES {
            return None;
        }
        let marks = marks(&printed.values, dialect);
        let digest = self.hasher.hash_one((discriminant(&dialect), &printed.sql, &marks));
        Some(Key { dialect, printed, marks, digest })
    }

    /// Whether the text is known to say the statement.
    pub(super) fn says(&self, key: &Key<'_>, body: &Body) -> bool {
        self.find(key).is_some_and(|entry| entry.says(body, &key.printed.values))
    }

    /// Remembers what the text says.
    pub(super) fn remember(&self, key: Key<'_>, body: &Body) {
        let digest = key.digest;
        if let Some(entry) = Entry::new(key, body) {
            self.generations.lock().unwrap_or_else(PoisonError::into_inner).put(digest, entry, self.most);
        }
    }

    fn find(&self, key: &Key<'_>) -> Option<Arc<Entry>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = generations.young.get(&key.digest) {
            return entry.is(key).then(|| Arc::clone(entry));
        }
        let entry = Arc::clone(generations.old.get(&key.digest).filter(|entry| entry.is(key))?);
        generations.put(key.digest, Arc::clone(&entry), self.most);
        Some(entry)
    }
}

impl Generations {
    fn put(&mut self, digest: u64, entry: Arc<Entry>, most: usize) {
        if self.young.len() >= most {
            self.old = take(&mut self.young);
        }
        self.young.insert(digest, entry);
    }
}

impl Entry {
    /// Nothing if a value of the statement is none of the parameters: then it is no text for other values.
    fn new(key: Key<'_>, body: &Body) -> Option<Arc<Entry>> {
        let mut form = body.clone();
        let mut numbers = Vec::new();
        let values = &key.printed.values;
        let position = |wanted: &dyn Fn(&Value) -> bool| values.iter().position(wanted);
        form.parameters(&mut |slot| {
            numbers.push(match slot {
                Slot::Rows(rows) => position(
                    &|value| matches!(value, Value::Integer(held) if i128::from(*held) == i128::from(*rows)),
                ),
                Slot::Value(value) => position(&|held| *held == *value),
            });
        });
        Some(Arc::new(Entry {
            dialect: key.dialect,
            sql: key.printed.sql.as_str().into(),
            marks: key.marks.into(),
            numbers: numbers.into_iter().collect::<Option<_>>()?,
            forms: Mutex::new(vec![form]),
        }))
    }

    fn is(&self, key: &Key<'_>) -> bool {
        self.dialect == key.dialect && *self.sql == *key.printed.sql && *self.marks == *key.marks
    }

    /// Whether the form is the statement, once these values are in it.
    fn says(&self, body: &Body, values: &[Value]) -> bool {
        let Some(mut form) = self.take() else { return false };
        let mut numbers = self.numbers.iter();
        let mut is_filled = true;
        form.parameters(&mut |slot| {
            let value = numbers.next().and_then(|number| values.get(*number));
            is_filled &= match (slot, value) {
                (Slot::Rows(rows), Some(Value::Integer(value))) => u64::try_from(*value).is_ok_and(|value| {
                    *rows = value;
                    true
                }),
                (Slot::Value(held), Some(value)) => {
                    held.clone_from(value);
                    true
                }
                (Slot::Rows(_), _) | (Slot::Value(_), None) => false,
            };
        });
        let says = is_filled && form == *body;
        self.put_back(form);
        says
    }

    /// A copy of the form to fill in; the last one stays, to be copied.
    fn take(&self) -> Option<Body> {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.len() > 1 { forms.pop() } else { forms.first().cloned() }
    }

    fn put_back(&self, form: Body) {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.len() < COPIES {
            forms.push(form);
        }
    }
}

fn marks(values: &[Value], dialect: Dialect) -> Vec<Mark> {
    let first = |index: usize, value: &Value| {
        if dialect.numbers_parameters() {
            return index;
        }
        values.iter().position(|held| held == value).unwrap_or(index)
    };
    values
        .iter()
        .enumerate()
        .map(|(index, value)| Mark { kind: discriminant(value), first: first(index, value) })
        .collect()
}
