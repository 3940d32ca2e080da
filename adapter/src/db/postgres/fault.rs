//! Our words for what the server says; its own text stays here.

use std::error::Error;

use tokio_postgres::error::{DbError, SqlState};

use crate::config::Bounds;
use crate::db::DatabaseError;

/// Why a statement gave nothing, while its transaction is still to be ended.
#[derive(Debug)]
pub(super) enum Broken {
    /// What the caller is told.
    Known(DatabaseError),
    /// The columns with these numbers are of types that only the server can put in words.
    NeedsText(Vec<usize>),
    /// The driver's error.
    Server(tokio_postgres::Error),
}

impl From<tokio_postgres::Error> for Broken {
    fn from(error: tokio_postgres::Error) -> Self {
        Broken::Server(error)
    }
}

impl Broken {
    /// For the caller.
    pub(super) fn told(&self, bounds: &Bounds) -> DatabaseError {
        match self {
            Broken::Known(error) => error.clone(),
            Broken::NeedsText(_) => unreadable(),
            Broken::Server(error) => fault(error, bounds),
        }
    }
}

/// Bytes that are not of the type that the server said they were.
pub(super) fn unreadable() -> DatabaseError {
    DatabaseError::Statement { code: "unreadable".to_owned() }
}

/// What an error of the driver means.
pub(super) fn fault(error: &tokio_postgres::Error, bounds: &Bounds) -> DatabaseError {
    let Some(code) = error.source().and_then(|source| source.downcast_ref::<DbError>()).map(DbError::code)
    else {
        return DatabaseError::Unreachable;
    };
    match *code {
        SqlState::QUERY_CANCELED => DatabaseError::Timeout { seconds: bounds.statement.as_secs() },
        SqlState::LOCK_NOT_AVAILABLE => DatabaseError::Busy,
        SqlState::INSUFFICIENT_PRIVILEGE => DatabaseError::Login,
        SqlState::UNDEFINED_TABLE | SqlState::UNDEFINED_COLUMN | SqlState::INVALID_SCHEMA_NAME => {
            DatabaseError::Changed
        }
        _ => match code.code().get(..2) {
            Some("08" | "28" | "3D" | "57") => DatabaseError::Unreachable,
            Some("22") => DatabaseError::Value,
            Some("23" | "44") => DatabaseError::Constraint,
            Some("40" | "53") => DatabaseError::Busy,
            _ => DatabaseError::Statement { code: code.code().to_owned() },
        },
    }
}
