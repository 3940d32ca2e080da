//! The cases of `tests:`: that each names a caller and a call there are.

use crate::document::Document;
use crate::pattern::Pattern;
use crate::problem::{Problems, did_you_mean, item, member};

/// Reports cases that could not be run.
pub(super) fn check(document: &Document, problems: &mut Problems) {
    for (index, case) in document.tests.iter().enumerate() {
        let place = item("tests", index);
        match (&case.role, &case.key) {
            (Some(role), None) if !document.roles.contains_key(role) => {
                let hint = did_you_mean(role, document.roles.keys().map(String::as_str));
                problems.add(member(&place, "role"), format!("no role is named `{role}`{hint}"));
            }
            (Some(_), None) => {}
            (None, Some(key)) if document.keys.iter().any(|known| known.id == *key || known.name == *key) => {
            }
            (None, Some(key)) => {
                problems.add(member(&place, "key"), format!("no key has the id or name `{key}`"));
            }
            _ => problems.add(&place, "expected exactly one of the fields `role`, `key`"),
        }
        let targets = [("tool", &case.tool), ("prompt", &case.prompt), ("resource", &case.resource)];
        let targets = targets.into_iter().filter_map(|(field, target)| Some((field, target.as_deref()?)));
        for (field, target) in targets {
            let exact = Pattern::parse(target).is_ok_and(|pattern| pattern.rank.is_exact());
            if !exact {
                problems
                    .add(member(&place, field), format!("`{target}` names nothing; expected `server.name`"));
            }
        }
    }
}
