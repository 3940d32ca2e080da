//! The keys that are accepted: those that the rules were made with, and what has changed since.
//!
//! A key is created or revoked far more often than anything else changes, so rules with other keys share all the rest with
//! the rules they come from, and even the keys: a revocation costs the same under a hundred thousand of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use subtle::ConstantTimeEq;

use crate::document::Key;
use crate::identity::Hierarchy;
use crate::key::{self, ApiKeyText};
use crate::key_change::KeyChange;
use crate::problem::{Problems, did_you_mean, item, member};
use crate::ruleset::RuleSet;
use crate::subject::{KeyRefused, Scopes, Subject};

/// Keys by id.
#[derive(Debug, Clone, Default)]
pub(super) struct Keys {
    first: Arc<HashMap<String, Accepted>>,
    /// What came after; none for one that was taken away.
    later: HashMap<String, Option<Accepted>>,
}

#[derive(Debug, Clone)]
struct Accepted {
    digest: [u8; 32],
    expires: Option<u64>,
    subject: Subject,
}

impl Keys {
    /// Reads the keys of a document, whose roles are `roles`.
    pub(super) fn compile(
        written: &[Key],
        roles: &HashSet<&str>,
        hierarchy: &Hierarchy,
        problems: &mut Problems,
    ) -> Keys {
        let first = Arc::new(accepted(written, roles, hierarchy, problems));
        Keys { first, later: HashMap::new() }
    }

    fn get(&self, id: &str) -> Option<&Accepted> {
        match self.later.get(id) {
            Some(later) => later.as_ref(),
            None => self.first.get(id),
        }
    }
}

impl RuleSet {
    /// The same rules under another revision that differs from this one in keys alone.
    ///
    /// # Errors
    /// Everything that is wrong with the keys that came.
    pub fn with_keys_changed(&self, revision: u64, change: &KeyChange) -> Result<RuleSet, Problems> {
        let mut problems = Problems::default();
        let roles = self.roles().collect();
        let added = accepted(&change.added, &roles, &self.trust.hierarchy, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut changed = RuleSet { revision, ..self.clone() };
        let removed = change.removed.iter().map(|id| (id.clone(), None));
        changed.keys.later.extend(removed.chain(added.into_iter().map(|(id, key)| (id, Some(key)))));
        Ok(changed)
    }

    /// The holder of a key, for questions about it; nobody has shown the key.
    pub(crate) fn subject_of(&self, key_id: &str) -> Option<Subject> {
        self.keys.get(key_id).map(|key| key.subject.clone())
    }

    /// Who presents a key.
    ///
    /// # Errors
    /// The key is unknown, revoked or expired.
    pub fn authenticate(&self, presented: &ApiKeyText, now_unix: u64) -> Result<Subject, KeyRefused> {
        let key = self.keys.get(presented.id()).ok_or(KeyRefused::Unknown)?;
        // Only who knows the secret may learn that the key has expired.
        if !bool::from(key.digest.ct_eq(&presented.digest())) {
            return Err(KeyRefused::Unknown);
        }
        if key.expires.is_some_and(|end| now_unix >= end) {
            return Err(KeyRefused::Expired);
        }
        Ok(key.subject.clone())
    }
}

fn accepted(
    written: &[Key],
    roles: &HashSet<&str>,
    hierarchy: &Hierarchy,
    problems: &mut Problems,
) -> HashMap<String, Accepted> {
    let mut keys = HashMap::new();
    for (index, written) in written.iter().enumerate() {
        let place = item("keys", index);
        if !key::is_id(&written.id) {
            let message =
                format!("`{}` is no id of a key; expected 12 characters of a-z and 2-7", written.id);
            problems.add(member(&place, "id"), message);
        }
        if written.name.trim().is_empty() {
            problems.add(member(&place, "name"), "expected a name, so that the audit can say who it was");
        }
        if !roles.contains(written.role.as_str()) {
            let hint = did_you_mean(&written.role, roles.iter().copied());
            problems.add(member(&place, "role"), format!("no role is named `{}`{hint}", written.role));
        }
        let Some(digest) = key::digest_from_hex(&written.sha256) else {
            let message = "expected the SHA-256 of the key: 64 lower-case hex digits";
            problems.add(member(&place, "sha256"), message);
            continue;
        };
        let subject = Subject {
            name: written.name.clone(),
            key_id: written.id.clone(),
            role: written.role.clone(),
            claims: written.claims.clone(),
            issuer: String::new(),
            scopes: match &written.scopes {
                None => Scopes::All,
                Some(scopes) => Scopes::Only(hierarchy.all_of(scopes.iter().map(String::as_str)).into()),
            },
        };
        let expires = written.expires.map(crate::Timestamp::unix);
        if keys.insert(written.id.clone(), Accepted { digest, expires, subject }).is_some() {
            let message = format!("another key has the id `{}` already", written.id);
            problems.add(member(&place, "id"), message);
        }
    }
    keys
}
