//! What a print may consist of.

use std::collections::BTreeSet;

use sql::Dialect;

/// The text outside of quoted names must be made of the printer's own words, and no more.
pub(crate) fn assert_only_own_words_outside_quotes(sql: &str, dialect: Dialect) {
    let own = "SELECT AS FROM WHERE AND OR NOT IN IS NULL BETWEEN LIKE ILIKE ESCAPE ORDER BY ASC DESC NULLS FIRST LAST \
               LIMIT OFFSET CAST TEXT BIGINT BOOLEAN NUMERIC DOUBLE PRECISION TRUE FALSE GROUP HAVING DISTINCT \
               CHAR BINARY DECIMAL SIGNED REAL FLOAT BIT NVARCHAR VARBINARY MAX COLLATE LOWER CONVERT USING p utf mb \
               utf8mb4_bin bin BIN Latin General CASE WHEN THEN ELSE END TOP ROWS FETCH NEXT ONLY \
               pg catalog count sum avg min max COUNT BIG SUM AVG MIN";
    let own: BTreeSet<&str> = own.split_whitespace().collect();
    let outside = outside_of_quotes(sql, dialect);
    for word in outside.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()) {
        assert!(own.contains(word), "`{word}` stands outside of quotes in {sql}");
    }
    let signs = " .,()=<>$?@*_0123456789'!";
    let rest: String = outside.chars().filter(|c| !c.is_alphabetic() && !signs.contains(*c)).collect();
    assert!(rest.is_empty(), "`{rest}` stands outside of quotes in {sql}");
}

/// The text without its quoted names. A doubled closing quote ends one name and begins none, so what it holds would show.
fn outside_of_quotes(sql: &str, dialect: Dialect) -> String {
    let (open, close) = match dialect {
        Dialect::MySql => ('`', '`'),
        Dialect::SqlServer => ('[', ']'),
        Dialect::Postgres | Dialect::Sqlite => ('"', '"'),
    };
    let mut outside = String::new();
    let mut rest = sql.chars().peekable();
    while let Some(c) = rest.next() {
        if c != open {
            outside.push(c);
            continue;
        }
        while let Some(inside) = rest.next() {
            if inside == close && rest.next_if_eq(&close).is_none() {
                break;
            }
        }
    }
    outside
}
