//! Whether a URI can be of a URI template (RFC 6570).
//!
//! Only where a template's expressions stand is looked at, not what they may expand to: this says which server a resource
//! is likely of, and the server itself says whether it has it.

/// Whether the text between the expressions of a template is that of the URI.
pub(crate) fn matches(template: &str, uri: &str) -> bool {
    let mut rest = uri;
    let (first, mut template) = literal(template);
    let Some(after) = rest.strip_prefix(first) else { return false };
    rest = after;
    while let Some(tail) = template {
        let (text, next) = literal(tail);
        rest = match next {
            // The last text has to be the end of the URI.
            None => return rest.ends_with(text),
            Some(_) => match rest.find(text).and_then(|at| rest.get(at + text.len()..)) {
                Some(after) => after,
                None => return false,
            },
        };
        template = next;
    }
    rest.is_empty()
}

/// The text before the next expression, and what comes after that expression.
fn literal(template: &str) -> (&str, Option<&str>) {
    let Some((text, rest)) = template.split_once('{') else { return (template, None) };
    // One that never ends is none.
    rest.split_once('}').map_or((template, None), |(_, rest)| (text, Some(rest)))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[track_caller]
    fn check(template: &str, uri: &str, expected: bool) {
        assert_eq!(matches(template, uri), expected, "{template} {uri}");
    }

    #[test]
    fn a_template_is_text_with_gaps() {
        check("file:///{path}", "file:///a/b", true);
        check("file:///{path}", "file:///", true);
        check("file:///{path}", "http:///a", false);
        check("x://{id}/data", "x://1/data", true);
        check("x://{id}/data", "x://1/data/2", false);
        check("x://{a}/b/{c}", "x://1/b/2", true);
        check("x://{a}/b/{c}", "x://1/c/2", false);
        check("x://one", "x://one", true);
        check("x://one", "x://one/", false);
        check("x://{", "x://{", true);
        check("{+all}", "", true);
        check("{a}b{c}b", "bb", true);
        check("{a}b{c}b", "b", false);
    }
}
