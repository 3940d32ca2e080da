//! Our words for what SQL Server says. Its own texts quote values and names that the caller may not see; they end here.

use tiberius::error::Error;

use super::super::DatabaseError;

/// The number of "expected to cost more than it may".
pub(super) const TOO_COSTLY: u32 = 8649;

/// What a failure means for the caller.
pub(super) fn fault(error: &Error) -> DatabaseError {
    match error {
        Error::Server(error) if error.class() >= 20 => DatabaseError::Unreachable,
        Error::Server(error) => of_number(error.code()),
        _ => DatabaseError::Unreachable,
    }
}

/// Whether the connection is as usable after it as before.
pub(super) fn leaves_connection(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.class() < 20)
}

fn of_number(number: u32) -> DatabaseError {
    match number {
        // Objects, columns, statements of the database, the database itself.
        229 | 230 | 262 | 297 | 300 | 916 | 3904 => DatabaseError::Login,
        207 | 208 | 1088 | 4413 | 4502 => DatabaseError::Changed,
        // Deadlocks, locks, versions that another transaction changed, no memory or workers.
        701 | 1204 | 1205 | 1222 | 3960 | 3961 | 8645 | 8651 | 10928 | 10929 | 41301 | 41302 | 41305
        | 41325 => DatabaseError::Busy,
        // Keys, references, missing values, checks, views with CHECK OPTION.
        515 | 547 | 550 | 2601 | 2627 => DatabaseError::Constraint,
        // Conversions, overflows, truncation, division by zero, malformed JSON, XML and UUIDs.
        220 | 232 | 241 | 242 | 244 | 245 | 248 | 295 | 296 | 298 | 517 | 535 | 2628 | 3623 | 8114 | 8115
        | 8134 | 8152 | 8169 | 9420 | 13608 | 13609 => DatabaseError::Value,
        // The login is refused, the database is not there or not ready.
        233 | 4060 | 18_450..=18_489 | 40_197 | 40_501 | 40_613 => DatabaseError::Unreachable,
        _ => DatabaseError::Statement { code: number.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: u32, expected: DatabaseError) {
        assert_eq!(of_number(number), expected);
    }

    #[test]
    fn numbers_become_our_words() {
        check(229, DatabaseError::Login);
        check(208, DatabaseError::Changed);
        check(1222, DatabaseError::Busy);
        check(2627, DatabaseError::Constraint);
        check(245, DatabaseError::Value);
        check(18_456, DatabaseError::Unreachable);
        check(102, DatabaseError::Statement { code: "102".to_owned() });
    }
}
