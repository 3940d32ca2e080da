//! Why a database did not answer, in words that quote nothing of it.

/// Why a database did not answer. The engine's own text is never in it: it can quote values the caller may not see.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// Locked, or no connection was free in time.
    #[error("the database is busy; try again in a moment")]
    Busy,
    /// It does not know a name that the catalogue had.
    #[error("the database's tables have changed; call `list_tables` or `describe_table` and try again")]
    Changed,
    /// A key, a reference or a check of the table. Which values it is about could be somebody else's.
    #[error(
        "the change breaks a constraint of the table (a key that is already there, a reference to a row that is not \
         there or still needed, a missing value or a check); nothing was changed; see `describe_table`"
    )]
    Constraint,
    /// The engine expects it to cost more than the role may spend.
    #[error(
        "the database expects this statement to cost {estimate:.0}, and the role may spend {limit:.0}; filter on indexed \
         columns, join fewer tables or ask for fewer rows"
    )]
    Cost {
        /// What the engine expects, in its own unit.
        estimate: f64,
        /// What the role may spend.
        limit: f64,
    },
    /// The engine would not say what the statement costs, and the role has a limit.
    #[error(
        "the database did not say what this statement would cost, and the role has a limit on it; nothing was run"
    )]
    CostUnknown,
    /// The login that the adapter uses may not do it.
    #[error("the adapter's own login may not do this; the database's administrator has to grant it")]
    Login,
    /// The engine commits a change of the schema by itself.
    #[error("this database keeps a change of its tables at once, so it cannot be tried out; nothing was run")]
    NoDryRun,
    /// The table's engine has no transactions.
    #[error(
        "this table's storage engine cannot take a change back, so no limit on changes would hold; nothing was changed; the \
         database's administrator can convert the table to InnoDB"
    )]
    NoRollback,
    /// A row would end up outside the rows that the caller may have.
    #[error(
        "the change would leave rows outside those that this role may have; nothing was changed; keep to values that \
         the role's row rules allow"
    )]
    OutsideRows,
    /// It failed for a reason of its own; the code is the engine's.
    #[error("the database could not run the statement (code {code})")]
    Statement {
        /// SQLSTATE, or the engine's own number.
        code: String,
    },
    /// The deadline passed.
    #[error(
        "the statement took longer than {seconds} s and was cancelled; narrow the filter or ask for fewer rows"
    )]
    Timeout {
        /// The deadline.
        seconds: u64,
    },
    /// The change met more rows than one call may change.
    #[error(
        "the change would affect more than {limit} rows, which is this role's limit; nothing was changed; narrow the \
         condition or change the rows in several calls"
    )]
    TooManyRows {
        /// `max_affected` of the role.
        limit: u64,
    },
    /// No connection.
    #[error("the database cannot be reached")]
    Unreachable,
    /// The login may do so much that the adapter would be no protection.
    #[error(
        "the adapter does not use this database: its login {what}; give it a login of its own (`trigate db grants` \
         prints one), or set `allow_unsafe_login: true` for the database"
    )]
    UnsafeLogin {
        /// The finding, as it follows `its login`.
        what: String,
    },
    /// A value in the filter or in a row does not fit its type.
    #[error("a value does not fit the type of its column; see `describe_table` for the types")]
    Value,
}

/// Why a database's URL cannot be used.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum UrlError {
    /// A scheme that no driver here has.
    #[error(
        "the URL's scheme is not supported; use `sqlite://path`, `postgres://user@host/database`, \
         `mysql://user@host/database` or `sqlserver://user@host/database`"
    )]
    Scheme,
    /// The MySQL driver refused it.
    #[error(
        "the MySQL URL cannot be read; write `mysql://user:password@host:3306/database`, with `?socket=/path` for a socket"
    )]
    MySql,
    /// The PostgreSQL driver refused it.
    #[error("the PostgreSQL URL cannot be read; write `postgres://user:password@host:5432/database`")]
    Postgres,
    /// Nothing to verify a server's certificate by.
    #[error(
        "no certificate authority can be read to verify the server by: name a file of them as \
         `sslrootcert=/path/ca.pem` beside `sslmode=require`, or install the system's"
    )]
    Authorities,
    /// A MySQL or SQL Server that demands encryption, or does not say that it does without.
    #[error(
        "encrypted connections to MySQL and SQL Server are not supported by this version; connect through a local proxy or \
         socket, and say so in the URL of SQL Server: `encrypt=false`"
    )]
    Plain,
    /// The SQL Server driver refused it.
    #[error(
        "the SQL Server URL cannot be read; write `sqlserver://user:password@host:1433/database?encrypt=false`"
    )]
    SqlServer,
}
