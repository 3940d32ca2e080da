//! The pattern of LIKE and of its three easier forms, in the escapes that are printed.

use crate::dialect::Dialect;
use crate::lexer::SyntaxProblem;

/// The escape character of printed patterns: unlike the backslash it means nothing in any engine's strings.
pub(crate) const ESCAPE: char = '!';

/// How a text is looked for in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Contains,
    Ends,
    Like,
    Starts,
}

impl Form {
    /// The pattern for the engine. Only LIKE has characters that are wild.
    pub(crate) fn pattern(self, text: &str, dialect: Dialect) -> Result<String, SyntaxProblem> {
        let pattern = match self {
            Form::Contains => format!("%{}%", escaped(text)),
            Form::Ends => format!("%{}", escaped(text)),
            Form::Like => with_printed_escapes(text)?,
            Form::Starts => format!("{}%", escaped(text)),
        };
        // T-SQL has classes of characters in patterns; here a bracket is a bracket.
        Ok(if dialect == Dialect::SqlServer { pattern.replace('[', "![") } else { pattern })
    }
}

fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        if matches!(c, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(c);
    }
    pattern
}

/// A LIKE pattern as written, `%` and `_` wild and the backslash escaping, in the printed escapes.
fn with_printed_escapes(text: &str) -> Result<String, SyntaxProblem> {
    let mut pattern = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                let literal = rest.next().ok_or(SyntaxProblem::LooseEscape)?;
                pattern.push_str(&escaped(literal.encode_utf8(&mut [0; 4])));
            }
            '%' | '_' => pattern.push(c),
            _ => pattern.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
        }
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(form: Form, text: &str, dialect: Dialect, expected: &str) {
        assert_eq!(form.pattern(text, dialect).unwrap(), expected);
    }

    #[test]
    fn only_like_has_wild_characters() {
        check(Form::Like, r"a%_\%\\!\x", Dialect::Postgres, r"a%_!%\!!x");
        check(Form::Contains, "50%_!", Dialect::Postgres, "%50!%!_!!%");
        check(Form::Starts, "a_", Dialect::Sqlite, "a!_%");
        check(Form::Ends, "%", Dialect::MySql, "%!%");
    }

    #[test]
    fn a_bracket_is_a_bracket() {
        check(Form::Like, "[a-z]%", Dialect::SqlServer, "![a-z]%");
        check(Form::Contains, "![", Dialect::SqlServer, "%!!![%");
        check(Form::Contains, "[", Dialect::Postgres, "%[%");
    }

    #[test]
    fn an_escape_needs_something_to_escape() {
        assert_eq!(Form::Like.pattern("a\\", Dialect::Sqlite), Err(SyntaxProblem::LooseEscape));
    }
}
