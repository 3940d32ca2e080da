//! Our words for what MySQL and MariaDB say. Their own texts quote values and names that the caller may not see; they end here.

use mysql_async::{DriverError, Error};

use super::super::DatabaseError;
use crate::config::Bounds;

/// What a failure means for the caller.
pub(super) fn fault(error: &Error, bounds: &Bounds) -> DatabaseError {
    match error {
        Error::Server(error) => of_code(error.code, bounds),
        // A text that the library would rewrite, or whose parameters do not count up: it has not been run.
        Error::Driver(
            DriverError::MixedParams
            | DriverError::Params(_)
            | DriverError::StmtParamsMismatch { .. }
            | DriverError::StmtParamsNumberExceedsLimit { .. },
        ) => DatabaseError::Statement { code: "parameters".to_owned() },
        Error::Driver(_) | Error::Io(_) | Error::Other(_) | Error::Url(_) => DatabaseError::Unreachable,
    }
}

fn of_code(code: u16, bounds: &Bounds) -> DatabaseError {
    match code {
        // Tables and columns, whole databases, routines, privileges of the server.
        1142 | 1143 | 1044 | 1227 | 1370 => DatabaseError::Login,
        // Tables and columns that are not there, views whose tables have gone.
        1051 | 1054 | 1109 | 1146 | 1356 => DatabaseError::Changed,
        // Interrupted: by its own deadline, or by ours.
        1317 | 1969 | 3024 => DatabaseError::Timeout { seconds: bounds.statement.as_secs() },
        // Locks, deadlocks, too many connections, a table changed under a prepared statement.
        1040 | 1099 | 1203 | 1205 | 1213 | 1226 | 1412 | 1615 | 3572 => DatabaseError::Busy,
        // Keys, references, missing values, checks, views with CHECK OPTION.
        1022 | 1048 | 1062 | 1169 | 1216 | 1217 | 1364 | 1369 | 1451 | 1452 | 1557 | 1586 | 1761 | 1762
        | 3819 | 4025 => DatabaseError::Constraint,
        // Out of range, too long, malformed, divided by zero, not JSON.
        1264
        | 1265
        | 1292
        | 1300
        | 1365
        | 1366
        | 1367
        | 1406
        | 1411
        | 1416
        | 1441
        | 1690
        | 3140..=3158
        | 3903
        | 4038
        | 4078 => DatabaseError::Value,
        // The login itself is refused, the database is not there, the server is going down.
        1045 | 1049 | 1053 | 1130 | 1698 | 3118 | 3159 => DatabaseError::Unreachable,
        _ => DatabaseError::Statement { code: code.to_string() },
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use mysql_async::ServerError;

    use super::*;

    #[track_caller]
    fn check(code: u16, expected: DatabaseError) {
        let bounds = Bounds { statement: Duration::from_secs(7), ..Bounds::default() };
        let error = Error::Server(ServerError {
            code,
            message: "Duplicate entry 'canary' for key".to_owned(),
            state: "23000".to_owned(),
        });
        let fault = fault(&error, &bounds);
        assert!(!fault.to_string().contains("canary"), "{fault}");
        assert_eq!(fault, expected);
    }

    #[test]
    fn codes_become_our_words() {
        check(1142, DatabaseError::Login);
        check(1146, DatabaseError::Changed);
        check(3024, DatabaseError::Timeout { seconds: 7 });
        check(1969, DatabaseError::Timeout { seconds: 7 });
        check(1213, DatabaseError::Busy);
        check(1062, DatabaseError::Constraint);
        check(4025, DatabaseError::Constraint);
        check(1366, DatabaseError::Value);
        check(1045, DatabaseError::Unreachable);
        check(1064, DatabaseError::Statement { code: "1064".to_owned() });
    }
}
