//! The words themselves: "Data Types" (chapter 8) of the manual of PostgreSQL 15, "Cast Functions" and "Data Types" of
//! MySQL 8.4 and MariaDB 10.11, "Datatypes In SQLite", and "Data types" of the Transact-SQL reference.

use crate::dialect::Dialect;
use crate::ir::CastType::{
    BigInt, Boolean, Bytes, Date, DateTime, DoublePrecision, Integer, Interval, Json, JsonBinary, Real,
    Signed, SmallInt, Text, Time, Timestamp, TimestampTz, Unsigned, Uuid,
};

use super::Digits::{Dropped, Kept};
use super::Shape::{self, Char, Numeric, Plain, Varchar};
use super::Spelling;
use super::Width::{Default, Optional, Required};

pub(super) fn casts(dialect: Dialect) -> &'static [Spelling] {
    match dialect {
        Dialect::MySql => MYSQL_CASTS,
        Dialect::Postgres => POSTGRES,
        Dialect::SqlServer => SQLSERVER,
        Dialect::Sqlite => SQLITE_CASTS,
    }
}

pub(super) fn columns(dialect: Dialect) -> &'static [Spelling] {
    match dialect {
        Dialect::MySql => MYSQL_COLUMNS,
        Dialect::Postgres => POSTGRES,
        Dialect::SqlServer => SQLSERVER,
        Dialect::Sqlite => SQLITE_COLUMNS,
    }
}

const fn is(words: &'static str, shape: Shape) -> Spelling {
    Spelling { words, shape }
}

const POSTGRES: &[Spelling] = &[
    is("bigint", Plain(BigInt)),
    is("int8", Plain(BigInt)),
    is("boolean", Plain(Boolean)),
    is("bool", Plain(Boolean)),
    is("bytea", Plain(Bytes)),
    is("char", Char(Default(1, 10_485_760))),
    is("character", Char(Default(1, 10_485_760))),
    is("date", Plain(Date)),
    is("double precision", Plain(DoublePrecision)),
    is("float8", Plain(DoublePrecision)),
    is("float", Plain(DoublePrecision)),
    is("integer", Plain(Integer)),
    is("int", Plain(Integer)),
    is("int4", Plain(Integer)),
    is("interval", Plain(Interval)),
    is("json", Plain(Json)),
    is("jsonb", Plain(JsonBinary)),
    is("numeric", Numeric(Kept)),
    is("decimal", Numeric(Kept)),
    is("dec", Numeric(Kept)),
    is("real", Plain(Real)),
    is("float4", Plain(Real)),
    is("smallint", Plain(SmallInt)),
    is("int2", Plain(SmallInt)),
    is("text", Plain(Text)),
    is("time", Plain(Time)),
    is("time without time zone", Plain(Time)),
    is("timestamp", Plain(Timestamp)),
    is("timestamp without time zone", Plain(Timestamp)),
    is("timestamptz", Plain(TimestampTz)),
    is("timestamp with time zone", Plain(TimestampTz)),
    is("uuid", Plain(Uuid)),
    is("varchar", Varchar(Optional(10_485_760))),
    is("character varying", Varchar(Optional(10_485_760))),
    is("char varying", Varchar(Optional(10_485_760))),
];

/// `CHAR` without a length is text of any length.
const MYSQL_CASTS: &[Spelling] = &[
    is("char", Plain(Text)),
    is("varchar", Plain(Text)),
    is("char", Char(Required(65_535))),
    is("varchar", Char(Required(65_535))),
    is("binary", Plain(Bytes)),
    is("date", Plain(Date)),
    is("datetime", Plain(DateTime)),
    is("decimal", Numeric(Kept)),
    is("dec", Numeric(Kept)),
    is("numeric", Numeric(Kept)),
    is("double", Plain(DoublePrecision)),
    is("double precision", Plain(DoublePrecision)),
    is("float", Plain(Real)),
    is("json", Plain(Json)),
    is("signed", Plain(Signed)),
    is("signed integer", Plain(Signed)),
    is("signed int", Plain(Signed)),
    is("integer", Plain(Signed)),
    is("int", Plain(Signed)),
    is("time", Plain(Time)),
    is("unsigned", Plain(Unsigned)),
    is("unsigned integer", Plain(Unsigned)),
    is("unsigned int", Plain(Unsigned)),
];

const MYSQL_COLUMNS: &[Spelling] = &[
    is("bigint", Plain(BigInt)),
    is("boolean", Plain(Boolean)),
    is("bool", Plain(Boolean)),
    is("blob", Plain(Bytes)),
    is("char", Char(Default(1, 255))),
    is("character", Char(Default(1, 255))),
    is("date", Plain(Date)),
    is("datetime", Plain(DateTime)),
    is("double", Plain(DoublePrecision)),
    is("double precision", Plain(DoublePrecision)),
    is("real", Plain(DoublePrecision)),
    is("int", Plain(Integer)),
    is("integer", Plain(Integer)),
    is("json", Plain(Json)),
    is("decimal", Numeric(Kept)),
    is("numeric", Numeric(Kept)),
    is("dec", Numeric(Kept)),
    is("float", Plain(Real)),
    is("smallint", Plain(SmallInt)),
    is("text", Plain(Text)),
    is("time", Plain(Time)),
    is("timestamp", Plain(TimestampTz)),
    is("varchar", Varchar(Required(16_383))),
    is("character varying", Varchar(Required(16_383))),
];

/// The five storage classes. A cast to DATE would make the number 2026 of a day, and one to BOOLEAN 0 of a `true`.
const SQLITE_CASTS: &[Spelling] = &[
    is("integer", Plain(Integer)),
    is("int", Plain(Integer)),
    is("bigint", Plain(Integer)),
    is("smallint", Plain(Integer)),
    is("int8", Plain(Integer)),
    is("int4", Plain(Integer)),
    is("int2", Plain(Integer)),
    is("real", Plain(Real)),
    is("double", Plain(Real)),
    is("double precision", Plain(Real)),
    is("float", Plain(Real)),
    is("text", Plain(Text)),
    is("char", Shape::Text),
    is("varchar", Shape::Text),
    is("nvarchar", Shape::Text),
    is("clob", Plain(Text)),
    is("numeric", Numeric(Dropped)),
    is("decimal", Numeric(Dropped)),
    is("blob", Plain(Bytes)),
];

/// SQLite takes any word; these are the ones from which the catalogue tells the families of types.
const SQLITE_COLUMNS: &[Spelling] = &[
    is("integer", Plain(Integer)),
    is("int", Plain(Integer)),
    is("bigint", Plain(BigInt)),
    is("smallint", Plain(SmallInt)),
    is("boolean", Plain(Boolean)),
    is("bool", Plain(Boolean)),
    is("blob", Plain(Bytes)),
    is("char", Char(Default(1, 1_000_000))),
    is("date", Plain(Date)),
    is("datetime", Plain(DateTime)),
    is("double precision", Plain(DoublePrecision)),
    is("double", Plain(DoublePrecision)),
    is("json", Plain(Json)),
    is("numeric", Numeric(Kept)),
    is("decimal", Numeric(Kept)),
    is("real", Plain(Real)),
    is("float", Plain(Real)),
    is("text", Plain(Text)),
    is("clob", Plain(Text)),
    is("time", Plain(Time)),
    is("timestamp", Plain(Timestamp)),
    is("uuid", Plain(Uuid)),
    is("varchar", Varchar(Optional(1_000_000))),
    is("character varying", Varchar(Optional(1_000_000))),
];

/// Text is always of the national kind, which holds every character. A cast without a length means 30, a column 1; so
/// lengths are asked for.
const SQLSERVER: &[Spelling] = &[
    is("bigint", Plain(BigInt)),
    is("bit", Plain(Boolean)),
    is("varbinary(max)", Plain(Bytes)),
    is("nchar", Char(Required(4_000))),
    is("char", Char(Required(4_000))),
    is("character", Char(Required(4_000))),
    is("date", Plain(Date)),
    is("datetime", Plain(DateTime)),
    is("float", Plain(DoublePrecision)),
    is("float(53)", Plain(DoublePrecision)),
    is("double precision", Plain(DoublePrecision)),
    is("int", Plain(Integer)),
    is("integer", Plain(Integer)),
    is("decimal", Numeric(Kept)),
    is("numeric", Numeric(Kept)),
    is("dec", Numeric(Kept)),
    is("real", Plain(Real)),
    is("smallint", Plain(SmallInt)),
    is("nvarchar(max)", Plain(Text)),
    is("varchar(max)", Plain(Text)),
    is("time", Plain(Time)),
    is("datetime2", Plain(Timestamp)),
    is("datetimeoffset", Plain(TimestampTz)),
    is("uniqueidentifier", Plain(Uuid)),
    is("nvarchar", Varchar(Required(4_000))),
    is("varchar", Varchar(Required(4_000))),
];
