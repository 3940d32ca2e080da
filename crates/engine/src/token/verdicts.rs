//! What was found of tokens, so that a signature is checked once and not with every call.
//!
//! Kept by the digest of the token, never by the token, and only where it was accepted: strangers cannot push out what
//! callers need. Bounded by two generations: the older is dropped when the younger is full, and what was asked for
//! meanwhile has moved over.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use blake3::Hash;
use policy::Accepted;

/// Most tokens in one generation.
const GENERATION: usize = 512;

/// Accepted tokens by their digests.
#[derive(Debug, Default)]
pub(super) struct Verdicts(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<Hash, Arc<Accepted>>,
    old: HashMap<Hash, Arc<Accepted>>,
}

impl Verdicts {
    pub(super) fn find(&self, digest: &Hash) -> Option<Arc<Accepted>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(accepted) = kept.young.get(digest) {
            return Some(Arc::clone(accepted));
        }
        let accepted = kept.old.remove(digest)?;
        kept.keep(digest, &accepted);
        Some(accepted)
    }

    pub(super) fn keep(&self, digest: &Hash, accepted: &Arc<Accepted>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).keep(digest, accepted);
    }
}

impl Generations {
    fn keep(&mut self, digest: &Hash, accepted: &Arc<Accepted>) {
        if self.young.len() >= GENERATION {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(*digest, Arc::clone(accepted));
    }
}

#[cfg(test)]
mod tests {
    use policy::{Reach, Subject};

    use super::*;

    fn accepted(ends: u64) -> Arc<Accepted> {
        Arc::new(Accepted { subject: Subject::default(), reach: Reach::Everywhere, ends })
    }

    #[test]
    fn verdicts_are_bounded_and_keep_what_is_in_use() {
        let verdicts = Verdicts::default();
        let busy = blake3::hash(b"busy");
        verdicts.keep(&busy, &accepted(1));
        for number in 0..10_000_u64 {
            verdicts.keep(&blake3::hash(&number.to_le_bytes()), &accepted(number));
            assert_eq!(verdicts.find(&busy).unwrap().ends, 1);
        }
        let kept = verdicts.0.lock().unwrap();
        assert!(kept.young.len() + kept.old.len() <= 2 * GENERATION);
    }
}
