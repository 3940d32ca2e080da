//! Why a call of a known caller gave no rows, in words that a model can act on. The only such texts of this crate.
//!
//! MCP carries them as tool results with `isError`, REST as an error envelope; [`Failure::status`] is REST's half.

use policy::Denial;

use crate::db::{DatabaseError, UrlError};

/// Why there is no result.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The arguments are not those of the tool.
    #[error("{tool}: {problem}; see the tool's input schema")]
    Arguments {
        /// The tool.
        tool: String,
        /// What is wrong.
        problem: String,
    },
    /// The client went away or took the request back.
    #[error("the request was cancelled")]
    Cancelled,
    /// The database did not answer.
    #[error("{0}")]
    Database(DatabaseError),
    /// A rule on tools refused.
    #[error("{}", .0.public())]
    Denied(Denial),
    /// The body is not one well-formed message.
    #[error("{problem}")]
    Frame {
        /// What is wrong.
        problem: String,
    },
    /// The role has rights in no database here.
    #[error(
        "role `{role}` has no rights in this database; missing: a `databases` section with `tables` in the role"
    )]
    NoDatabase {
        /// The role.
        role: String,
    },
    /// The query was not planned.
    #[error("{0}")]
    Query(sql::Refusal),
    /// No such database for this caller.
    #[error(
        "no database `{database}` that this role has rights in; `list_databases` shows those there are for it"
    )]
    UnknownDatabase {
        /// As the caller wrote it.
        database: String,
    },
    /// No such tool.
    #[error("no tool `{tool}`; see `tools/list`")]
    UnknownTool {
        /// As the caller wrote it.
        tool: String,
    },
    /// The operator's mistake.
    #[error("the database is not available: {0}")]
    Url(UrlError),
    /// Several databases, and none was named.
    #[error("several databases are at hand; name one in the argument `database`: `{choices}`")]
    WhichDatabase {
        /// Their names.
        choices: String,
    },
}

impl Failure {
    /// Whether the adapter refused, rather than the database failed.
    pub(crate) fn is_refusal(&self) -> bool {
        match self {
            Failure::Cancelled | Failure::Url(_) => false,
            // The role's own bounds, which only the database can count.
            Failure::Database(error) => matches!(
                error,
                DatabaseError::Cost { .. }
                    | DatabaseError::CostUnknown
                    | DatabaseError::OutsideRows
                    | DatabaseError::TooManyRows { .. }
                    | DatabaseError::UnsafeLogin { .. }
            ),
            _ => true,
        }
    }

    /// The permission that is missing, if one would help.
    pub(crate) fn missing(&self) -> Option<String> {
        match self {
            Failure::Denied(denial) => denial.missing().map(str::to_owned),
            Failure::NoDatabase { .. } => Some("rights in a database".to_owned()),
            Failure::Query(refusal) => refusal.missing(),
            _ => None,
        }
    }

    /// The smallest change of the policy that would allow it.
    pub(crate) fn grant(&self) -> Option<String> {
        match self {
            Failure::Query(refusal) => refusal.grant(),
            _ => None,
        }
    }

    /// Where in the request it is.
    pub(crate) fn place(&self) -> Option<String> {
        match self {
            Failure::Query(refusal) => refusal.place().map(|place| place.to_string()),
            _ => None,
        }
    }

    /// All of it in one text, for a model: what is wrong, what is missing, what would help.
    pub(crate) fn in_full(&self) -> String {
        let mut text = self.to_string();
        if let Failure::Query(_) = self {
            for (what, said) in [("missing permission", self.missing()), ("smallest grant", self.grant())] {
                if let Some(said) = said {
                    text.push_str(&format!("; {what}: {said}"));
                }
            }
        }
        text
    }

    /// The same for programs: a fixed word, the decision, and what is known of the rest.
    pub(crate) fn context(&self, decision_id: &str) -> serde_json::Map<String, serde_json::Value> {
        let members = [
            ("reason", Some(self.word().to_owned())),
            ("decision", Some(decision_id.to_owned())),
            ("missing", self.missing()),
            ("grant", self.grant()),
            ("place", self.place()),
        ];
        let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
        members.collect()
    }

    /// Whether a look at the catalogue of this moment could change it.
    pub(crate) fn may_be_stale(&self) -> bool {
        match self {
            Failure::Database(error) => *error == DatabaseError::Changed,
            Failure::Query(refusal) => matches!(refusal.code(), "unknown_column" | "unknown_table"),
            _ => false,
        }
    }

    /// A short fixed word for programs.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Failure::Arguments { .. } => "arguments",
            Failure::Cancelled => "cancelled",
            Failure::Database(error) => database_word(error),
            Failure::Url(_) => "database",
            Failure::Denied(denial) => denial.code().name(),
            Failure::Frame { .. } => "frame",
            Failure::NoDatabase { .. } | Failure::UnknownDatabase { .. } => "unknown_database",
            Failure::Query(refusal) => refusal.code(),
            Failure::UnknownTool { .. } => "unknown_tool",
            Failure::WhichDatabase { .. } => "which_database",
        }
    }

    /// What refused, as the audit shows it; nothing where the rule that let the call through stands.
    pub(crate) fn rule(&self) -> Option<&str> {
        match self {
            Failure::Denied(denial) => Some(denial.rule()),
            failure if failure.is_refusal() => Some(failure.word()),
            _ => None,
        }
    }

    /// The number of the refusal in the documented table; 0 for what is no refusal by policy.
    pub(crate) fn code(&self) -> i32 {
        match self {
            Failure::Denied(denial) => denial.code().number(),
            Failure::NoDatabase { .. } | Failure::UnknownDatabase { .. } => {
                policy::Code::NoAccessToServer.number()
            }
            Failure::Query(refusal) if refusal.missing().is_some() => policy::Code::DeniedByRule.number(),
            _ => 0,
        }
    }

    /// The HTTP status of a REST reply.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Failure::Arguments { .. } | Failure::Frame { .. } | Failure::WhichDatabase { .. } => 400,
            Failure::Database(DatabaseError::Timeout { .. }) => 504,
            Failure::Database(DatabaseError::Value) | Failure::UnknownTool { .. } => 400,
            Failure::Database(DatabaseError::Constraint) => 409,
            Failure::Database(
                DatabaseError::Cost { .. } | DatabaseError::OutsideRows | DatabaseError::TooManyRows { .. },
            ) => 422,
            // Nobody is there to read it.
            Failure::Cancelled => 500,
            Failure::Database(
                DatabaseError::Busy | DatabaseError::UnsafeLogin { .. } | DatabaseError::Unreachable,
            )
            | Failure::Url(_) => 503,
            Failure::Database(_) => 500,
            Failure::Denied(denial) if denial.code() == policy::Code::AuditFull => 503,
            Failure::Denied(_) | Failure::NoDatabase { .. } | Failure::UnknownDatabase { .. } => 403,
            Failure::Query(refusal) if refusal.missing().is_some() => 403,
            Failure::Query(sql::Refusal::Unverified) => 500,
            Failure::Query(_) => 400,
        }
    }
}

const fn database_word(error: &DatabaseError) -> &'static str {
    match error {
        DatabaseError::Busy => "busy",
        DatabaseError::Constraint => "constraint",
        DatabaseError::Cost { .. } | DatabaseError::CostUnknown => "cost",
        DatabaseError::OutsideRows => "outside_rows",
        DatabaseError::Timeout { .. } => "timeout",
        DatabaseError::TooManyRows { .. } => "max_affected",
        DatabaseError::UnsafeLogin { .. } => "unsafe_login",
        DatabaseError::Value => "value",
        _ => "database",
    }
}
