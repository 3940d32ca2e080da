//! The conditions of a document, parsed beforehand.
//!
//! A snapshot carries them beside the document, so that a gateway has no use for the parser of expressions, which would
//! make a good part of its module.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::condition::{Condition, Malformed, Name};
use crate::document::Document;
use crate::ruleset::section_names;

/// Conditions by what their rules are about and by their text.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Conditions(BTreeMap<Name, BTreeMap<String, Condition>>);

impl Conditions {
    /// Parses the conditions of a document; one that is malformed is left out, and the document will not compile.
    #[must_use]
    pub fn parse(document: &Document) -> Conditions {
        let mut conditions = Conditions::default();
        for role in document.roles.values() {
            for (name, (_, rules)) in section_names().into_iter().zip(role.sections()) {
                let known = conditions.0.entry(name).or_default();
                for text in rules.iter().filter_map(|rule| rule.when.as_ref()) {
                    if !known.contains_key(text)
                        && let Ok(condition) = Condition::compile(text, name)
                    {
                        known.insert(text.clone(), condition);
                    }
                }
            }
        }
        conditions.0.retain(|_, known| !known.is_empty());
        conditions
    }

    /// Reads the form a snapshot carries; no bytes are no conditions.
    ///
    /// # Errors
    /// The bytes are no such form, or one of a version with other expressions.
    pub fn from_json(bytes: &[u8]) -> Result<Conditions, serde_json::Error> {
        if bytes.is_empty() { Ok(Conditions::default()) } else { serde_json::from_slice(bytes) }
    }

    /// The form a snapshot carries: the same bytes for the same conditions.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        if self.0.is_empty() {
            return Vec::new();
        }
        serde_json::to_vec(self).unwrap_or_default()
    }

    pub(crate) fn get(&self, text: &str, name: Name) -> Result<Condition, Malformed> {
        let known = self.0.get(&name).and_then(|known| known.get(text));
        known.cloned().ok_or_else(|| Malformed {
            offset: 0,
            message: "the condition did not come with the document".to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleSet;

    const POLICY: &str = r#"
version: 1
servers: { s: { url: http://127.0.0.1:1/mcp } }
roles:
  agent:
    tools: [ { allow: s.a, when: "args.n < 0.1 && tool.matches('^a')" } ]
    resources: [ { allow: s.b, when: 'uri == "b" && claims.n == 0.1' } ]
  other:
    tools: [ { allow: s.a, when: "args.n < 0.1 && tool.matches('^a')" } ]
"#;

    #[test]
    fn parsed_conditions_come_through_a_snapshot_whole() {
        let document = crate::parse(POLICY).unwrap().document;
        let sent = Conditions::parse(&document).to_json();
        let taken = Conditions::from_json(&sent).unwrap();
        assert_eq!(format!("{taken:?}"), format!("{:?}", Conditions::parse(&document)));
        assert!(RuleSet::compile_parsed(&document, 7, &taken).is_ok());
    }

    /// Readers of JSON go down only so far; whatever can be parsed has to stay above that.
    #[test]
    fn the_deepest_conditions_can_be_read() {
        let (mut parsed, mut refused) = (0, 0);
        for (open, close) in [
            ("!", ""),
            ("{'a': ", "}"),
            ("[", "]"),
            ("(true ? ", " : 1)"),
            ("1 + ", ""),
            ("[1].map(x, ", ")"),
        ] {
            for depth in 1..100 {
                let text = format!(
                    "{}args.a{} == 1 || {}",
                    open.repeat(depth),
                    close.repeat(depth),
                    "true || ".repeat(60) + "true"
                );
                match Condition::compile(&text, Name::Tool) {
                    Err(_) => refused += 1,
                    Ok(condition) => {
                        parsed += 1;
                        let conditions = Conditions(BTreeMap::from([(
                            Name::Tool,
                            BTreeMap::from([(text.clone(), condition)]),
                        )]));
                        let read = Conditions::from_json(&conditions.to_json());
                        assert!(read.is_ok(), "{text}: {read:?}");
                    }
                }
            }
        }
        assert!(parsed > 50 && refused > 50, "{parsed} parsed, {refused} refused");
    }

    #[test]
    fn a_condition_that_was_not_sent_is_a_problem() {
        let document = crate::parse(POLICY).unwrap().document;
        let problems = RuleSet::compile_parsed(&document, 7, &Conditions::default()).unwrap_err().to_string();
        assert!(problems.contains("roles.agent.tools[0].when: the condition did not come"), "{problems}");
    }

    #[test]
    fn no_conditions_are_no_bytes() {
        assert!(Conditions::parse(&Document::default()).to_json().is_empty());
        assert!(Conditions::from_json(b"").unwrap().0.is_empty());
        assert!(Conditions::from_json(b"{").is_err());
    }
}
