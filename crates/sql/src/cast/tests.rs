use super::*;
use crate::ir::CastType as Ty;

const DIALECTS: [Dialect; 4] = [Dialect::MySql, Dialect::Postgres, Dialect::SqlServer, Dialect::Sqlite];

#[test]
fn what_is_printed_is_read_as_the_same_type() {
    for dialect in DIALECTS {
        for ty in every_type() {
            if let Some(text) = printed(&ty, dialect) {
                assert_eq!(read(&text, dialect), Some(ty.clone()), "{dialect:?} {text}");
            }
            if let Some(text) = declared(&ty, dialect) {
                assert_eq!(read_declared(&text, dialect), Some(ty.clone()), "{dialect:?} {text}");
            }
        }
    }
}

#[test]
fn whatever_is_read_can_be_printed() {
    for dialect in DIALECTS {
        for spelling in words::casts(dialect).iter().chain(words::columns(dialect)) {
            for text in [
                spelling.words.to_owned(),
                format!("{}(10)", spelling.words),
                format!("{}(10,2)", spelling.words),
            ] {
                let cast = read(&text, dialect);
                assert!(cast.is_none_or(|ty| printed(&ty, dialect).is_some()), "{dialect:?} {text}");
                let column = read_declared(&text, dialect);
                assert!(column.is_none_or(|ty| declared(&ty, dialect).is_some()), "{dialect:?} {text}");
            }
        }
    }
}

#[test]
fn usual_spellings_are_read() {
    check(Dialect::Postgres, "INT4", Some(Ty::Integer));
    check(Dialect::Postgres, "character  varying (20)", Some(Ty::Varchar(Some(20))));
    check(Dialect::Postgres, "TIMESTAMP WITH TIME ZONE", Some(Ty::TimestampTz));
    check(Dialect::Postgres, "DECIMAL(10, 2)", Some(Ty::Numeric(Some(10), Some(2))));
    check(Dialect::Postgres, "text[]", Some(Ty::Array(Box::new(Ty::Text))));
    check(Dialect::MySql, "signed integer", Some(Ty::Signed));
    check(Dialect::MySql, "CHAR", Some(Ty::Text));
    check(Dialect::MySql, "CHAR(20)", Some(Ty::Char(Some(20))));
    check(Dialect::Sqlite, "VARCHAR(20)", Some(Ty::Text));
    check(Dialect::Sqlite, "decimal(10,2)", Some(Ty::Numeric(None, None)));
    check(Dialect::SqlServer, "nvarchar(MAX)", Some(Ty::Text));
    check(Dialect::SqlServer, "varchar(50)", Some(Ty::Varchar(Some(50))));
    check(Dialect::SqlServer, "datetime2", Some(Ty::Timestamp));
}

#[test]
fn types_that_look_names_up_run_code_or_cannot_be_printed_are_not_read() {
    let refused = [
        "regclass",
        "regtype",
        "regproc",
        "regrole",
        "oid",
        "name",
        "xml",
        "inet",
        "money",
        "public.email",
        "\"text\"",
        "pg_catalog.int4",
        "cstring",
        "record",
        "sql_variant",
        "hierarchyid",
        "text[][]",
        "text[3]",
        "varchar(-1)",
        "varchar(10 characters)",
        "varchar(1,2)",
        "int(4",
        "",
        "[]",
        "()",
        "(1)",
        "char(1)(2)",
        "numeric(1,2,3)",
        "bit(8)",
        "timestamp(3)",
    ];
    for dialect in DIALECTS {
        for text in refused {
            check(dialect, text, None);
        }
    }
}

#[track_caller]
fn check(dialect: Dialect, text: &str, expected: Option<Ty>) {
    assert_eq!(read(text, dialect), expected, "{dialect:?} {text}");
}

fn every_type() -> Vec<Ty> {
    let numerics = [(None, None), (Some(10), None), (Some(10), Some(2))];
    let mut all = vec![
        Ty::BigInt,
        Ty::Boolean,
        Ty::Bytes,
        Ty::Char(None),
        Ty::Char(Some(3)),
        Ty::Date,
        Ty::DateTime,
        Ty::DoublePrecision,
        Ty::Integer,
        Ty::Interval,
        Ty::Json,
        Ty::JsonBinary,
        Ty::Real,
        Ty::Signed,
        Ty::SmallInt,
        Ty::Text,
        Ty::Time,
        Ty::Timestamp,
        Ty::TimestampTz,
        Ty::Unsigned,
        Ty::Uuid,
        Ty::Varchar(None),
        Ty::Varchar(Some(20)),
    ];
    all.extend(numerics.map(|(precision, scale)| Ty::Numeric(precision, scale)));
    let arrays: Vec<Ty> = all.iter().map(|ty| Ty::Array(Box::new(ty.clone()))).collect();
    all.extend(arrays);
    all
}
