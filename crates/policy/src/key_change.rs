//! What differs between two documents of which only the keys differ.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::document::{InvalidDocument, Key};

/// Keys that went and keys that came. One that became another is among both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyChange {
    /// Ids of keys that are no more accepted.
    #[serde(default)]
    pub removed: Vec<String>,
    /// Keys that are accepted from now on.
    #[serde(default)]
    pub added: Vec<Key>,
}

impl KeyChange {
    /// What makes `after` of `before`.
    #[must_use]
    pub fn between(before: &[Key], after: &[Key]) -> KeyChange {
        let (then, now) = (by_id(before), by_id(after));
        let gone = before.iter().filter(|key| now.get(key.id.as_str()) != Some(key));
        let new = after.iter().filter(|key| then.get(key.id.as_str()) != Some(key));
        KeyChange { removed: gone.map(|key| key.id.clone()).collect(), added: new.cloned().collect() }
    }

    /// The form a snapshot carries.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // Strings and maps with string keys: there is nothing in it that JSON cannot hold.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Reads that form.
    ///
    /// # Errors
    /// The bytes are not JSON, or say something else.
    pub fn from_json(bytes: &[u8]) -> Result<KeyChange, InvalidDocument> {
        Ok(serde_json::from_slice(bytes)?)
    }
}

fn by_id(keys: &[Key]) -> HashMap<&str, &Key> {
    keys.iter().map(|key| (key.id.as_str(), key)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::slice::from_ref;

    use super::*;
    use crate::{ApiKeyText, Document, RuleSet};

    const ROLES: &str = r#"{"version": 1, "roles": {"one": {}, "two": {}}"#;

    fn text(letter: char) -> ApiKeyText {
        let part = |length| letter.to_string().repeat(length);
        ApiKeyText::parse(&format!("tg_{}_{}", part(12), part(52))).unwrap()
    }

    fn key(letter: char, role: &str) -> Key {
        let text = text(letter);
        Key {
            id: text.id().to_owned(),
            name: letter.to_string(),
            role: role.to_owned(),
            sha256: text.digest_hex(),
            expires: None,
            claims: BTreeMap::new(),
            scopes: None,
        }
    }

    fn rules(keys: &[Key]) -> RuleSet {
        let document = format!("{ROLES}, \"keys\": {}}}", serde_json::to_string(keys).unwrap());
        RuleSet::compile(&Document::from_json(document.as_bytes()).unwrap(), 1).unwrap()
    }

    /// Who the keys `a`, `b` and `c` belong to.
    fn holders(rules: &RuleSet) -> Vec<Option<String>> {
        ['a', 'b', 'c'].map(|letter| Some(rules.authenticate(&text(letter), 0).ok()?.role)).into()
    }

    #[track_caller]
    fn check(before: &[Key], after: &[Key], removed: usize, added: usize) {
        let change = KeyChange::between(before, after);
        assert_eq!((change.removed.len(), change.added.len()), (removed, added), "{change:?}");
        let change = KeyChange::from_json(&change.to_json()).unwrap();
        let changed = rules(before).with_keys_changed(2, &change).unwrap();
        assert_eq!((changed.revision(), holders(&changed)), (2, holders(&rules(after))));
    }

    #[test]
    fn rules_with_changed_keys_are_those_of_the_whole_document() {
        let (a, b, c) = (key('a', "one"), key('b', "one"), key('c', "two"));
        check(&[a.clone(), b.clone()], &[a.clone(), b.clone()], 0, 0);
        check(&[a.clone(), b.clone()], from_ref(&b), 1, 0);
        check(from_ref(&a), &[b.clone(), a.clone(), c.clone()], 0, 2);
        check(&[a.clone(), b], &[c], 2, 1);
        check(from_ref(&a), &[key('a', "two")], 1, 1);
    }

    #[test]
    fn changes_follow_one_another_and_leave_the_rules_before_them_alone() {
        let (a, b) = (key('a', "one"), key('b', "two"));
        let first = rules(from_ref(&a));
        let second = first.with_keys_changed(2, &KeyChange::between(from_ref(&a), &[])).unwrap();
        let third = second.with_keys_changed(3, &KeyChange::between(&[], &[a, b])).unwrap();
        let who = |role: &str| Some(role.to_owned());
        assert_eq!(holders(&first), [who("one"), None, None]);
        assert_eq!(holders(&second), [None, None, None]);
        assert_eq!(holders(&third), [who("one"), who("two"), None]);
    }

    #[test]
    fn a_key_of_a_role_that_is_not_there_is_refused() {
        let change = KeyChange { added: vec![key('a', "three")], ..KeyChange::default() };
        let problems = rules(&[]).with_keys_changed(2, &change).unwrap_err().to_string();
        assert!(problems.contains("no role is named `three`"), "{problems}");
    }
}
