//! The parameters of a URL. One that is unknown, comes twice or has no sense for the path is refused, never ignored: a
//! misspelt `filter` must not become a change of all rows.

use std::collections::BTreeMap;

/// The parameters that came.
#[derive(Debug)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads a query string of which only these names may come.
    ///
    /// # Errors
    /// What is wrong, and what may come.
    pub(super) fn read(query: &str, allowed: &[&str]) -> Result<Self, String> {
        let mut parameters = BTreeMap::new();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let unreadable = || "the query string is not percent-encoded UTF-8".to_owned();
            let name = decoded(name).ok_or_else(unreadable)?;
            let value = decoded(value).ok_or_else(unreadable)?;
            if !allowed.contains(&name.as_str()) {
                let name: String = name.chars().take(64).collect();
                let known = if allowed.is_empty() {
                    "none".to_owned()
                } else {
                    format!("`{}`", allowed.join("`, `"))
                };
                return Err(format!("unknown parameter `{name}`; expected {known}"));
            }
            if parameters.insert(name.clone(), value).is_some() {
                return Err(format!("parameter `{name}` comes twice"));
            }
        }
        Ok(Self(parameters))
    }

    /// Takes a text.
    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes names or expressions with commas between them.
    pub(super) fn list(&mut self, name: &str) -> Vec<String> {
        self.text(name).map(|text| split(&text)).unwrap_or_default()
    }

    /// Takes a number.
    ///
    /// # Errors
    /// It is none.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<u64>, String> {
        let Some(text) = self.text(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("parameter `{name}`: expected a whole number"))
    }

    /// Takes a yes or no; no where it does not come.
    ///
    /// # Errors
    /// It is neither.
    pub(super) fn flag(&mut self, name: &str) -> Result<bool, String> {
        match self.text(name).as_deref() {
            None | Some("false" | "0") => Ok(false),
            Some("true" | "1") => Ok(true),
            Some(_) => Err(format!("parameter `{name}`: expected `true` or `false`")),
        }
    }
}

/// A name or value as it was before it was put into the URL. What does not decode is not replaced by anything: a condition
/// would become another one.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Splits at commas that stand neither in quotes nor in parentheses.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quote, mut depth) = (None, 0_u32);
    for character in text.chars() {
        match (quote, character) {
            (None, '\'' | '"' | '`') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    let parts = parts.iter().map(|part| part.trim().to_owned());
    parts.filter(|part| !part.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_quotes_and_calls_split_nothing() {
        assert_eq!(split("id, \"a,b\" ,coalesce(x, ','),"), ["id", "\"a,b\"", "coalesce(x, ',')"]);
        assert_eq!(split("SUM(x) AS y"), ["SUM(x) AS y"]);
        assert!(split(" , ").is_empty());
    }

    #[track_caller]
    fn refused(query: &str, expected: &str) {
        let problem = Parameters::read(query, &["filter", "limit"]).unwrap_err();
        assert!(problem.contains(expected), "{problem}");
    }

    #[test]
    fn nothing_is_ignored() {
        refused("filtre=a", "unknown parameter `filtre`; expected `filter`, `limit`");
        refused("filter=a&filter=b", "comes twice");
        for query in ["filter=%ff", "filter=%zz", "filter=%4"] {
            refused(query, "UTF-8");
        }
    }

    #[test]
    fn values_are_decoded() {
        let mut parameters = Parameters::read("filter=a+%3D+'%26'&limit=3", &["filter", "limit"]).unwrap();
        assert_eq!(parameters.text("filter").unwrap(), "a = '&'");
        assert_eq!(parameters.number("limit"), Ok(Some(3)));
        assert_eq!(parameters.number("limit"), Ok(None));
    }
}
