//! Our words for what SQLite says; its own text stays here.

use rusqlite::{Error, ErrorCode};

use crate::db::DatabaseError;

/// While a statement is prepared: a plain error means that a name of our own print is gone.
pub(super) fn preparing(error: &Error) -> DatabaseError {
    match fault(error) {
        DatabaseError::Value => DatabaseError::Changed,
        other => other,
    }
}

/// While a statement runs: a plain error means that a value is not what an expression takes.
pub(super) fn fault(error: &Error) -> DatabaseError {
    let failure = match error {
        Error::SqliteFailure(failure, _) | Error::SqlInputError { error: failure, .. } => failure,
        _ => return DatabaseError::Statement { code: "driver".to_owned() },
    };
    match failure.code {
        ErrorCode::OperationInterrupted => DatabaseError::Timeout { seconds: 0 },
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => DatabaseError::Busy,
        ErrorCode::CannotOpen | ErrorCode::NotADatabase => DatabaseError::Unreachable,
        ErrorCode::SchemaChanged => DatabaseError::Changed,
        ErrorCode::ConstraintViolation => DatabaseError::Constraint,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied => DatabaseError::Login,
        ErrorCode::TypeMismatch | ErrorCode::TooBig => DatabaseError::Value,
        ErrorCode::AuthorizationForStatementDenied => {
            DatabaseError::Statement { code: "authorizer".to_owned() }
        }
        ErrorCode::Unknown if failure.extended_code == rusqlite::ffi::SQLITE_ERROR => DatabaseError::Value,
        _ => DatabaseError::Statement { code: failure.extended_code.to_string() },
    }
}
