//! MySQL's values as JSON. The decoder of a column is chosen once per result: by the type the server announces, and by
//! what the catalogue says where MySQL itself knows no difference (TINYINT(1) is its boolean, a sum of integers a decimal).
//!
//! Text that is not UTF-8 and types not known here become base64: readable as "not understood", never as another value.

use std::io::Write as _;

use mysql_async::consts::ColumnType;
use mysql_async::{Column, Value};
use sql::Type;

use crate::cell;

/// The character set that stands for bytes.
const BINARY: u16 = 63;

/// How the values of one column are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Decoder {
    Boolean,
    Bytes,
    Date,
    Decimal,
    Document,
    Integer,
    Number,
    Text,
    Time,
    Timestamp(&'static str),
}

impl Decoder {
    /// The decoder of a column; `ty` is what the catalogue says it holds.
    pub(super) fn of(column: &Column, ty: Type) -> Self {
        use ColumnType::*;
        match column.column_type() {
            MYSQL_TYPE_TINY | MYSQL_TYPE_SHORT | MYSQL_TYPE_INT24 | MYSQL_TYPE_LONG | MYSQL_TYPE_LONGLONG
            | MYSQL_TYPE_YEAR => match ty {
                Type::Boolean => Decoder::Boolean,
                _ => Decoder::Number,
            },
            MYSQL_TYPE_FLOAT | MYSQL_TYPE_DOUBLE => Decoder::Number,
            MYSQL_TYPE_DECIMAL | MYSQL_TYPE_NEWDECIMAL => match ty {
                Type::Integer => Decoder::Integer,
                _ => Decoder::Decimal,
            },
            MYSQL_TYPE_DATE | MYSQL_TYPE_NEWDATE => Decoder::Date,
            MYSQL_TYPE_TIMESTAMP | MYSQL_TYPE_TIMESTAMP2 => Decoder::Timestamp("Z"),
            // A function of a TIMESTAMP is a DATETIME; the session's zone is UTC, so it is the same moment.
            MYSQL_TYPE_DATETIME | MYSQL_TYPE_DATETIME2 => match ty {
                Type::TimestampTz => Decoder::Timestamp("Z"),
                _ => Decoder::Timestamp(""),
            },
            MYSQL_TYPE_TIME | MYSQL_TYPE_TIME2 => Decoder::Time,
            MYSQL_TYPE_JSON => Decoder::Document,
            MYSQL_TYPE_ENUM | MYSQL_TYPE_SET => Decoder::Text,
            MYSQL_TYPE_VARCHAR
            | MYSQL_TYPE_VAR_STRING
            | MYSQL_TYPE_STRING
            | MYSQL_TYPE_TINY_BLOB
            | MYSQL_TYPE_MEDIUM_BLOB
            | MYSQL_TYPE_LONG_BLOB
            | MYSQL_TYPE_BLOB => string(ty, column.character_set()),
            _ => Decoder::Bytes,
        }
    }

    /// Appends one value.
    pub(super) fn write(self, value: &Value, out: &mut Vec<u8>) {
        match value {
            Value::NULL => cell::null(out),
            Value::Bytes(bytes) => self.string(bytes, out),
            Value::Int(0) | Value::UInt(0) if self == Decoder::Boolean => cell::boolean(out, false),
            Value::Int(_) | Value::UInt(_) if self == Decoder::Boolean => cell::boolean(out, true),
            Value::Int(number) => cell::integer(out, *number),
            Value::UInt(number) => match i64::try_from(*number) {
                Ok(number) => cell::integer(out, number),
                Err(_) => cell::plain(out, &number.to_string()),
            },
            Value::Float(number) => cell::single(out, *number),
            Value::Double(number) => cell::double(out, *number),
            Value::Date(year, month, day, hour, minute, second, micros) => {
                // Writing to a vector cannot fail.
                let _ = write!(out, "\"{year:04}-{month:02}-{day:02}");
                if let Decoder::Timestamp(zone) = self {
                    let _ = write!(out, "T{hour:02}:{minute:02}:{second:02}");
                    fraction(*micros, out);
                    out.extend_from_slice(zone.as_bytes());
                }
                out.push(b'"');
            }
            Value::Time(is_negative, days, hours, minutes, seconds, micros) => {
                let sign = if *is_negative { "-" } else { "" };
                let hours = u64::from(*days) * 24 + u64::from(*hours);
                let _ = write!(out, "\"{sign}{hours:02}:{minutes:02}:{seconds:02}");
                fraction(*micros, out);
                out.push(b'"');
            }
        }
    }

    fn string(self, bytes: &[u8], out: &mut Vec<u8>) {
        let Ok(text) = str::from_utf8(bytes) else { return cell::bytes(out, bytes) };
        match self {
            Decoder::Bytes => cell::bytes(out, bytes),
            Decoder::Document => cell::document(out, text),
            Decoder::Integer => match text.parse() {
                Ok(number) => cell::integer(out, number),
                Err(_) => cell::text(out, text),
            },
            Decoder::Boolean
            | Decoder::Date
            | Decoder::Decimal
            | Decoder::Number
            | Decoder::Text
            | Decoder::Time
            | Decoder::Timestamp(_) => cell::text(out, text),
        }
    }
}

/// The decoder of a column of characters or bytes, which differ in their character set alone.
fn string(ty: Type, character_set: u16) -> Decoder {
    match ty {
        Type::Json => Decoder::Document,
        // Some functions of text say that they give bytes.
        Type::Bytes | Type::Other if character_set == BINARY => Decoder::Bytes,
        Type::Bytes
        | Type::Boolean
        | Type::Date
        | Type::Decimal
        | Type::Integer
        | Type::Other
        | Type::Real
        | Type::Text
        | Type::Time
        | Type::Timestamp
        | Type::TimestampTz
        | Type::Uuid => Decoder::Text,
    }
}

/// As many digits of the second as there are.
fn fraction(micros: u32, out: &mut Vec<u8>) {
    if micros > 0 {
        let digits = format!("{micros:06}");
        out.push(b'.');
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(column: Column, ty: Type, value: Value, expected: &str) {
        let mut out = Vec::new();
        Decoder::of(&column, ty).write(&value, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    fn column(ty: ColumnType) -> Column {
        Column::new(ty)
    }

    fn text(value: &str) -> Value {
        Value::Bytes(value.as_bytes().to_vec())
    }

    #[test]
    fn a_small_integer_is_a_boolean_where_the_catalogue_says_so() {
        check(column(ColumnType::MYSQL_TYPE_TINY), Type::Boolean, Value::Int(1), "true");
        check(column(ColumnType::MYSQL_TYPE_LONGLONG), Type::Boolean, Value::Int(0), "false");
        check(column(ColumnType::MYSQL_TYPE_TINY), Type::Integer, Value::Int(1), "1");
    }

    #[test]
    fn integers_that_a_double_cannot_hold_are_strings() {
        check(
            column(ColumnType::MYSQL_TYPE_LONGLONG),
            Type::Integer,
            Value::UInt(u64::MAX),
            "\"18446744073709551615\"",
        );
    }

    #[test]
    fn decimals_keep_their_digits_and_sums_of_integers_are_integers() {
        check(column(ColumnType::MYSQL_TYPE_NEWDECIMAL), Type::Decimal, text("12.50"), "\"12.50\"");
        check(column(ColumnType::MYSQL_TYPE_NEWDECIMAL), Type::Integer, text("12"), "12");
    }

    #[test]
    fn moments_are_rfc_3339_and_only_those_with_a_zone_say_it() {
        let moment = Value::Date(2026, 1, 31, 14, 30, 0, 250_000);
        check(
            column(ColumnType::MYSQL_TYPE_DATETIME),
            Type::Timestamp,
            moment.clone(),
            "\"2026-01-31T14:30:00.25\"",
        );
        check(
            column(ColumnType::MYSQL_TYPE_TIMESTAMP),
            Type::TimestampTz,
            moment.clone(),
            "\"2026-01-31T14:30:00.25Z\"",
        );
        check(column(ColumnType::MYSQL_TYPE_DATE), Type::Date, moment, "\"2026-01-31\"");
    }

    #[test]
    fn a_time_may_be_longer_than_a_day_and_negative() {
        let time = Value::Time(true, 2, 3, 4, 5, 0);
        check(column(ColumnType::MYSQL_TYPE_TIME), Type::Time, time, "\"-51:04:05\"");
    }

    #[test]
    fn bytes_are_base64_and_text_that_is_not_text_too() {
        let bytes = Value::Bytes(vec![0xFF, 0x00]);
        let blob = column(ColumnType::MYSQL_TYPE_BLOB).with_character_set(BINARY);
        check(blob, Type::Bytes, bytes.clone(), "\"/wA=\"");
        check(column(ColumnType::MYSQL_TYPE_VAR_STRING), Type::Text, bytes, "\"/wA=\"");
    }

    #[test]
    fn json_is_json_whatever_the_server_calls_it() {
        check(column(ColumnType::MYSQL_TYPE_JSON), Type::Json, text("{\"a\": 1}"), "{\"a\":1}");
        check(column(ColumnType::MYSQL_TYPE_BLOB), Type::Json, text("[1, 2]"), "[1,2]");
    }
}
