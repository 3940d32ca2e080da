//! The facts in which the engines differ: names, schemas, parameters, types.
//!
//! One place for all of them, so that a new engine is one more arm in each function here and nowhere else.

use serde::Serialize;

use crate::catalogue::Type;
use crate::ir::Unit;
use crate::value::Value;

/// A database engine whose SQL is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// MySQL and MariaDB.
    MySql,
    /// PostgreSQL.
    Postgres,
    /// SQL Server.
    SqlServer,
    /// SQLite.
    Sqlite,
}

impl Dialect {
    /// The family of a column declared with this type name.
    pub fn column_type(self, declared: &str) -> Type {
        let name = declared.trim().to_ascii_lowercase();
        match self {
            Dialect::MySql => mysql_type(&name),
            Dialect::Postgres => postgres_type(&name),
            Dialect::SqlServer => sqlserver_type(&name),
            Dialect::Sqlite => sqlite_type(&name),
        }
    }

    /// Whether the relation belongs to the engine itself; those are never in a scope, whatever was granted.
    pub(crate) fn is_system(self, schema: &str, table: &str) -> bool {
        match self {
            Dialect::MySql => ["information_schema", "mysql", "performance_schema", "sys"]
                .iter()
                .any(|system| schema.eq_ignore_ascii_case(system)),
            Dialect::Postgres => schema.starts_with("pg_") || schema == "information_schema",
            Dialect::SqlServer => {
                ["information_schema", "sys"].iter().any(|system| schema.eq_ignore_ascii_case(system))
            }
            Dialect::Sqlite => starts_with_ignoring_case(table, "sqlite_") || schema != "main",
        }
    }

    /// Whether a name written without quotes means the catalogue's `stored` name.
    pub(crate) fn folds_to(self, written: &str, stored: &str) -> bool {
        match self {
            Dialect::Postgres => written.to_ascii_lowercase() == stored,
            Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite => written.eq_ignore_ascii_case(stored),
        }
    }

    /// Whether a name written in quotes means the catalogue's `stored` name.
    pub(crate) fn quoted_is(self, written: &str, stored: &str) -> bool {
        match self {
            Dialect::Postgres => written == stored,
            Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite => written.eq_ignore_ascii_case(stored),
        }
    }

    /// Whether a column of this type is compared through its text form (the engine has no operator that
    /// takes it and a bound value otherwise).
    pub(crate) fn compares_as_text(self, ty: Type) -> bool {
        match self {
            Dialect::Postgres => ty == Type::Other,
            Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite => false,
        }
    }

    /// Whether the engine holds to the declared types of columns.
    pub(crate) fn is_strictly_typed(self) -> bool {
        match self {
            Dialect::MySql | Dialect::Postgres | Dialect::SqlServer => true,
            Dialect::Sqlite => false,
        }
    }

    /// The sign of a parameter; its number follows, where parameters have numbers.
    pub(crate) fn parameter_sign(self) -> &'static str {
        match self {
            Dialect::MySql | Dialect::Sqlite => "?",
            Dialect::Postgres => "$",
            Dialect::SqlServer => "@p",
        }
    }

    /// Whether one value can be meant twice.
    pub(crate) fn numbers_parameters(self) -> bool {
        match self {
            Dialect::MySql => false,
            Dialect::Postgres | Dialect::SqlServer | Dialect::Sqlite => true,
        }
    }

    /// How many parameters one statement may have.
    pub(crate) fn most_parameters(self) -> usize {
        match self {
            Dialect::MySql | Dialect::Postgres => 65_535,
            // Two of 2100 are those of `sp_executesql`.
            Dialect::SqlServer => 2_098,
            Dialect::Sqlite => 32_766,
        }
    }

    /// The word for a part of a date. What the dialect does not know has its usual name.
    pub(crate) fn unit(self, unit: Unit) -> &'static str {
        match (unit, self) {
            (Unit::Century, _) => "CENTURY",
            (Unit::Day, _) => "DAY",
            (Unit::DayOfWeek, _) => "DOW",
            (Unit::DayOfYear, Dialect::SqlServer) => "DAYOFYEAR",
            (Unit::DayOfYear, _) => "DOY",
            (Unit::Decade, _) => "DECADE",
            (Unit::Epoch, _) => "EPOCH",
            (Unit::Hour, _) => "HOUR",
            (Unit::IsoDayOfWeek, _) => "ISODOW",
            (Unit::IsoWeek, _) => "ISO_WEEK",
            (Unit::IsoYear, _) => "ISOYEAR",
            (Unit::Microsecond, Dialect::Postgres) => "MICROSECONDS",
            (Unit::Microsecond, _) => "MICROSECOND",
            (Unit::Millisecond, Dialect::Postgres) => "MILLISECONDS",
            (Unit::Millisecond, _) => "MILLISECOND",
            (Unit::Minute, _) => "MINUTE",
            (Unit::Month, _) => "MONTH",
            (Unit::Quarter, _) => "QUARTER",
            (Unit::Second, _) => "SECOND",
            (Unit::Week, _) => "WEEK",
            (Unit::Weekday, _) => "WEEKDAY",
            (Unit::Year, _) => "YEAR",
        }
    }

    /// The casts around a parameter, innermost first. The innermost one fixes the type the driver binds; types
    /// no driver binds without more crates travel as text and are read by the database.
    ///
    /// SQLite gets none: a bare parameter has no affinity, so the column's own decides, and its index is used.
    pub(crate) fn casts(self, value: &Value) -> &'static [&'static str] {
        match (self, value) {
            (Dialect::MySql | Dialect::SqlServer | Dialect::Sqlite, _) => &[],
            (Dialect::Postgres, Value::Boolean(_) | Value::Null | Value::Number(_) | Value::Untyped(_)) => {
                &[]
            }
            (Dialect::Postgres, Value::Bytes(_)) => &["BYTEA"],
            (Dialect::Postgres, Value::Date(_)) => &["TEXT", "DATE"],
            (Dialect::Postgres, Value::Decimal(_)) => &["TEXT", "NUMERIC"],
            (Dialect::Postgres, Value::Integer(_)) => &["BIGINT"],
            (Dialect::Postgres, Value::Real(_)) => &["DOUBLE PRECISION"],
            (Dialect::Postgres, Value::Text(_)) => &["TEXT"],
            (Dialect::Postgres, Value::Time(_)) => &["TEXT", "TIME"],
            (Dialect::Postgres, Value::Timestamp(_)) => &["TEXT", "TIMESTAMP"],
            (Dialect::Postgres, Value::TimestampTz(_)) => &["TEXT", "TIMESTAMPTZ"],
            (Dialect::Postgres, Value::Uuid(_)) => &["TEXT", "UUID"],
        }
    }
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// By the names of `format_type` and of `information_schema`. Arrays end in `[]` and fall to `Other`.
fn postgres_type(name: &str) -> Type {
    let base = name.split('(').next().unwrap_or_default().trim_end();
    let zoned = name.ends_with("with time zone");
    match base {
        _ if name.ends_with("[]") => Type::Other,
        "boolean" | "bool" => Type::Boolean,
        "smallint" | "integer" | "bigint" | "int2" | "int4" | "int8" => Type::Integer,
        "numeric" | "decimal" => Type::Decimal,
        "real" | "double precision" | "float4" | "float8" => Type::Real,
        "text" | "character varying" | "varchar" | "character" | "char" | "bpchar" | "name" | "citext" => {
            Type::Text
        }
        "date" => Type::Date,
        "timestamptz" | "timestamp with time zone" => Type::TimestampTz,
        "timestamp" if zoned => Type::TimestampTz,
        "timestamp" | "timestamp without time zone" => Type::Timestamp,
        "time" if zoned => Type::Other,
        "time" | "time without time zone" => Type::Time,
        "uuid" => Type::Uuid,
        "json" | "jsonb" => Type::Json,
        "bytea" => Type::Bytes,
        _ => Type::Other,
    }
}

/// By the names of `information_schema.columns.data_type`, or `column_type` where that says more.
fn mysql_type(name: &str) -> Type {
    let base = name.split(['(', ' ']).next().unwrap_or_default();
    match base {
        _ if name.starts_with("tinyint(1)") => Type::Boolean,
        "bool" | "boolean" => Type::Boolean,
        "tinyint" | "smallint" | "mediumint" | "int" | "integer" | "bigint" | "year" => Type::Integer,
        "decimal" | "numeric" => Type::Decimal,
        "float" | "double" | "real" => Type::Real,
        "char" | "varchar" | "tinytext" | "text" | "mediumtext" | "longtext" | "enum" | "set" => Type::Text,
        "date" => Type::Date,
        "datetime" => Type::Timestamp,
        "timestamp" => Type::TimestampTz,
        "time" => Type::Time,
        "uuid" => Type::Uuid,
        "json" => Type::Json,
        "binary" | "varbinary" | "tinyblob" | "blob" | "mediumblob" | "longblob" | "bit" => Type::Bytes,
        _ => Type::Other,
    }
}

/// By the names of `information_schema.columns.data_type`.
fn sqlserver_type(name: &str) -> Type {
    let base = name.split(['(', ' ']).next().unwrap_or_default();
    match base {
        "bit" => Type::Boolean,
        "tinyint" | "smallint" | "int" | "bigint" => Type::Integer,
        "decimal" | "numeric" | "money" | "smallmoney" => Type::Decimal,
        "real" | "float" => Type::Real,
        "char" | "varchar" | "text" | "nchar" | "nvarchar" | "ntext" | "sysname" => Type::Text,
        "date" => Type::Date,
        "datetime" | "datetime2" | "smalldatetime" => Type::Timestamp,
        "datetimeoffset" => Type::TimestampTz,
        "time" => Type::Time,
        "uniqueidentifier" => Type::Uuid,
        "binary" | "varbinary" | "image" | "rowversion" | "timestamp" => Type::Bytes,
        _ => Type::Other,
    }
}

/// By SQLite's own affinity rules, with the names other engines use told apart first.
fn sqlite_type(name: &str) -> Type {
    let holds = |word: &str| name.contains(word);
    match name {
        _ if holds("bool") => Type::Boolean,
        _ if holds("datetime") || holds("timestamp") => Type::Timestamp,
        _ if holds("int") => Type::Integer,
        _ if holds("uuid") => Type::Uuid,
        _ if holds("json") => Type::Json,
        _ if holds("char") || holds("clob") || holds("text") => Type::Text,
        _ if holds("blob") || name.is_empty() => Type::Other,
        _ if holds("real") || holds("floa") || holds("doub") => Type::Real,
        _ if holds("date") => Type::Date,
        _ if holds("time") => Type::Time,
        _ if holds("num") || holds("dec") || holds("money") => Type::Decimal,
        _ => Type::Other,
    }
}
