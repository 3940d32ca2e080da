//! What a database holds, as one immutable snapshot: tables, views, columns, keys.
//!
//! The adapter fills it from the live database; nothing here decides who may see what (that is
//! [`crate::Scope`]). Names are kept in the database's own spelling, which is the spelling that is printed.

use serde::Serialize;

use crate::Dialect;

/// The relations of one database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Catalogue {
    /// The engine the names come from; it rules how names are resolved and literals are typed.
    pub dialect: Dialect,
    /// The schema of tables whose schema is not named: `public`, `main`, `dbo`, in MySQL the database.
    pub home: String,
    /// Every table and view, system relations left out.
    pub tables: Vec<Table>,
}

/// One table or view.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Table {
    /// The schema, or nothing for [`Catalogue::home`].
    pub schema: Option<String>,
    /// The name as the database spells it.
    pub name: String,
    /// Table or view.
    pub kind: Kind,
    /// The columns in the database's order.
    pub columns: Vec<Column>,
    /// The relations to other tables.
    pub foreign_keys: Vec<ForeignKey>,
    /// What the database says the table is for.
    pub comment: Option<String>,
}

/// What a relation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Rows of its own.
    Table,
    /// A stored query.
    View,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The name as the database spells it.
    pub name: String,
    /// The declared type in the database's own words.
    pub type_name: String,
    /// The family the type belongs to: how literals compared with it are read and bound.
    pub ty: Type,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// Whether it is part of the primary key.
    pub primary_key: bool,
    /// What the database says the column is for.
    pub comment: Option<String>,
}

/// Columns of one table that refer to columns of another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ForeignKey {
    /// The referring columns.
    pub columns: Vec<String>,
    /// The schema of the table referred to, or nothing for [`Catalogue::home`].
    pub schema: Option<String>,
    /// The table referred to.
    pub table: String,
    /// The columns referred to, in the order of `columns`.
    pub references: Vec<String>,
}

/// The families of types that filters tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Type {
    /// True or false.
    Boolean,
    /// Uninterpreted bytes.
    Bytes,
    /// A calendar day.
    Date,
    /// Exact numbers with a fraction.
    Decimal,
    /// Whole numbers up to 64 bits.
    Integer,
    /// A JSON document.
    Json,
    /// Anything else: enumerations, arrays, addresses, columns without a type.
    Other,
    /// Floating point numbers.
    Real,
    /// Character strings.
    Text,
    /// A time of day.
    Time,
    /// Day and time without a zone.
    Timestamp,
    /// Day and time with a zone.
    TimestampTz,
    /// A UUID.
    Uuid,
}

impl Type {
    /// Whether values of this type can be sorted.
    pub(crate) fn has_order(self) -> bool {
        !matches!(self, Type::Bytes | Type::Json)
    }

    /// How a refusal speaks of values of this type.
    pub(crate) fn described(self) -> &'static str {
        match self {
            Type::Boolean => "a boolean: `true` or `false`",
            Type::Bytes => "bytes: only `IS NULL` and `IS NOT NULL` apply",
            Type::Date => "a date: `'2026-01-31'`",
            Type::Decimal => "a number: `12.50`",
            Type::Integer => "a whole number of at most 64 bits: `42`",
            Type::Json => "JSON: only `IS NULL` and `IS NOT NULL` apply",
            Type::Other | Type::Text => "text: `'word'`",
            Type::Real => "a number: `1.5`",
            Type::Time => "a time of day: `'14:30:00'`",
            Type::Timestamp => "a date and time: `'2026-01-31 14:30:00'`",
            Type::TimestampTz => "a date and time with a zone: `'2026-01-31T14:30:00Z'`",
            Type::Uuid => "a UUID: `'6f1c1f0e-8d5b-4f6e-9a51-0b8f6c1f2a3d'`",
        }
    }
}
