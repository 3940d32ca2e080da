//! The functions that printed statements use and SQLite does not have.

use regex::bytes::{Regex, RegexBuilder};
use rusqlite::functions::{Context, FunctionFlags};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Error, Result};
use sha2::{Digest as _, Sha256};

/// The longest pattern of `REGEXP`.
const PATTERN: usize = 1024;
/// What a pattern may take of memory, compiled.
const COMPILED: usize = 1 << 20;

/// Registers them.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection.create_scalar_function("trigate_sha256", 1, flags, |context| {
        Ok(bytes(context.get_raw(0))?.map(|bytes| {
            let digest = Sha256::digest(bytes);
            digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()
        }))
    })?;
    // `value REGEXP pattern` calls it with the pattern first.
    connection.create_scalar_function("regexp", 2, flags, |context| {
        let Some(value) = bytes(context.get_raw(1))? else { return Ok(None) };
        let Some(pattern) = pattern(context)? else { return Ok(None) };
        Ok(Some(pattern.is_match(value)))
    })
}

/// The bytes of a text; the empty value is nothing.
fn bytes(value: ValueRef<'_>) -> Result<Option<&[u8]>> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Ok(Some(bytes)),
        ValueRef::Integer(_) | ValueRef::Real(_) => Err(Error::UserFunctionError("a text is needed".into())),
    }
}

/// The pattern of a call, compiled once for all rows.
fn pattern(context: &Context<'_>) -> Result<Option<std::sync::Arc<Regex>>> {
    if context.get_raw(0) == ValueRef::Null {
        return Ok(None);
    }
    let compile =
        |value: ValueRef<'_>| -> std::result::Result<Regex, Box<dyn std::error::Error + Send + Sync>> {
            let text = value.as_str()?;
            if text.len() > PATTERN {
                return Err("the pattern is too long".into());
            }
            Ok(RegexBuilder::new(text).size_limit(COMPILED).dfa_size_limit(COMPILED).build()?)
        };
    context.get_or_create_aux(0, compile).map(Some)
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    #[track_caller]
    fn check(expression: &str, expected: Option<&str>) {
        let connection = Connection::open_in_memory().unwrap();
        super::register(&connection).unwrap();
        let sql = format!("SELECT CAST({expression} AS TEXT)");
        let value: Option<String> = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        assert_eq!(value.as_deref(), expected, "{expression}");
    }

    #[test]
    fn hashes_are_in_lower_case_hexadecimal() {
        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check("trigate_sha256('abc')", Some(digest));
        check("trigate_sha256(NULL)", None);
    }

    #[test]
    fn a_pattern_matches_anywhere() {
        check("'order-17' REGEXP '[0-9]+$'", Some("1"));
        check("'order' REGEXP '^[0-9]'", Some("0"));
        check("'order' NOT REGEXP '^o'", Some("0"));
        check("NULL REGEXP 'a'", None);
        check("'a' REGEXP NULL", None);
    }

    #[test]
    fn a_pattern_that_would_take_too_much_is_refused() {
        let connection = Connection::open_in_memory().unwrap();
        super::register(&connection).unwrap();
        let error = connection.query_row("SELECT 'a' REGEXP '((a{500}){500}){500}'", [], |_| Ok(()));
        assert!(error.is_err());
    }
}
