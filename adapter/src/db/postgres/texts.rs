//! Statements whose result has columns that only the server can put in words, and the form in which they ask it to.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::transaction::{Transaction, with_text};

/// How many statements are remembered.
const KEPT: usize = 256;

/// What has been found out so far.
#[derive(Default)]
pub(super) struct Texts(Mutex<HashMap<String, Arc<str>>>);

impl Texts {
    /// The form of a statement that is known to need one.
    pub(super) fn of(&self, sql: &str) -> Option<Arc<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(sql).cloned()
    }

    /// The form of a statement in which these of its columns are text; it is remembered.
    pub(super) fn make(&self, transaction: &Transaction<'_>, columns: usize, as_text: &[usize]) -> Arc<str> {
        let sql: Arc<str> = with_text(transaction.sql, transaction.effect, columns, as_text).into();
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= KEPT {
            // Such statements are rare; finding them out again costs one more run of each.
            known.clear();
        }
        known.insert(transaction.sql.to_owned(), Arc::clone(&sql));
        sql
    }
}
