//! Scopes that include others, followed to their end.

use std::collections::{BTreeMap, BTreeSet};

/// Every scope with all that it includes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hierarchy(BTreeMap<String, BTreeSet<String>>);

impl Hierarchy {
    /// Of what is written; a circle makes its scopes equal.
    pub(crate) fn new(written: &BTreeMap<String, Vec<String>>) -> Hierarchy {
        let whole = |scope: &String| {
            let (mut reached, mut ahead) = (BTreeSet::new(), vec![scope]);
            while let Some(next) = ahead.pop() {
                if reached.insert(next.clone()) {
                    ahead.extend(written.get(next).into_iter().flatten());
                }
            }
            (scope.clone(), reached)
        };
        Hierarchy(written.keys().map(whole).collect())
    }

    /// These scopes, and all that they include.
    pub(crate) fn all_of<'s>(&self, scopes: impl IntoIterator<Item = &'s str>) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for scope in scopes {
            match self.0.get(scope) {
                Some(included) => all.extend(included.iter().cloned()),
                None => {
                    all.insert(scope.to_owned());
                }
            }
        }
        all
    }
}
