//! Remembers the decision ids of assertions that were accepted, so that none is accepted twice.
//!
//! An id has to be remembered only as long as its assertion lives; after that its expiry refuses it.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The ids seen, oldest first.
#[derive(Default)]
pub(crate) struct Seen(Mutex<Ids>);

#[derive(Default)]
struct Ids {
    known: HashSet<String>,
    by_expiry: VecDeque<(u64, String)>,
}

impl Seen {
    /// Whether this is the first use of the id. `expires` and `now` are Unix milliseconds.
    pub(crate) fn first_use(&self, id: &str, expires: u64, now: u64) -> bool {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.forget_before(now);
        if !ids.known.insert(id.to_owned()) {
            return false;
        }
        ids.by_expiry.push_back((expires, id.to_owned()));
        true
    }
}

impl Ids {
    /// Lifetimes are equal, so arrival is nearly the order of expiry: an id behind a later one is forgotten a little late.
    fn forget_before(&mut self, now: u64) {
        while let Some((expires, id)) = self.by_expiry.front() {
            if *expires > now {
                return;
            }
            self.known.remove(id);
            self.by_expiry.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_counts_once_within_its_life() {
        let seen = Seen::default();
        assert!(seen.first_use("a", 100, 0));
        assert!(!seen.first_use("a", 100, 99));
        assert!(seen.first_use("b", 100, 99));
    }

    #[test]
    fn an_id_is_forgotten_after_its_expiry() {
        let seen = Seen::default();
        assert!(seen.first_use("a", 100, 0));
        assert!(seen.first_use("b", 300, 100));
        assert_eq!(seen.0.lock().unwrap().known.len(), 1);
    }
}
