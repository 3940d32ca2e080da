//! What is known of a caller beyond its role: rules on rows compare with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Claims by name.
pub type Claims = BTreeMap<String, Claim>;

/// The value of a claim: of an API key as written in the document, of an assertion as signed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Claim {
    /// True or false.
    Boolean(bool),
    /// Several values.
    List(Vec<Claim>),
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
}

/// Claims of `name=value` pairs, as a command line gives them: `true` and whole numbers are what they look like, and a name
/// that comes again makes a list.
pub fn of_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Claims {
    let mut claims = Claims::new();
    for (name, value) in pairs {
        let claim = scalar(value);
        match claims.get_mut(name) {
            None => {
                claims.insert(name.to_owned(), claim);
            }
            Some(Claim::List(list)) => list.push(claim),
            Some(one) => *one = Claim::List(vec![one.clone(), claim]),
        }
    }
    claims
}

fn scalar(text: &str) -> Claim {
    let boolean = text.parse().map(Claim::Boolean);
    boolean.or_else(|_| text.parse().map(Claim::Number)).unwrap_or_else(|_| Claim::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_again_makes_a_list() {
        let claims = of_pairs([("team", "a"), ("level", "3"), ("team", "b"), ("team", "true")]);
        let text = |value: &str| Claim::Text(value.to_owned());
        assert_eq!(claims["level"], Claim::Number(3));
        assert_eq!(claims["team"], Claim::List(vec![text("a"), text("b"), Claim::Boolean(true)]));
    }
}
