//! SQL Server's values as JSON. The wire says the type with every value; where the catalogue knows more (JSON is text on this
//! server), the column's decoder does.

use std::io::Write as _;

use sql::Type;
use tiberius::numeric::Numeric;
use tiberius::time::{Date, Time};
use tiberius::{ColumnData, ColumnType};

use crate::cell;

/// Days from 1 January of the year 1, which days are counted from, to 1900, which older types count from.
const DAYS_TO_1900: i64 = 693_595;
/// What money is counted in.
const MONEY_DIGITS: usize = 4;

/// How the values of one column are written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Decoder {
    /// As the wire says.
    AsTyped,
    /// Text that holds JSON.
    Document,
    /// MONEY, which the library gives as a double; its four digits are those of the server up to 2^53 of them.
    Money,
}

impl Decoder {
    /// The decoder of a column; `ty` is what the catalogue says it holds.
    pub(super) fn of(column: ColumnType, ty: Type) -> Self {
        match (column, ty) {
            (ColumnType::Money | ColumnType::Money4, _) => Decoder::Money,
            (_, Type::Json) => Decoder::Document,
            _ => Decoder::AsTyped,
        }
    }

    /// Appends one value.
    pub(super) fn write(self, value: &ColumnData<'_>, out: &mut Vec<u8>) {
        if self.try_write(value, out).is_none() {
            cell::null(out);
        }
    }

    fn try_write(self, value: &ColumnData<'_>, out: &mut Vec<u8>) -> Option<()> {
        match value {
            ColumnData::U8(value) => cell::integer(out, (*value)?.into()),
            ColumnData::I16(value) => cell::integer(out, (*value)?.into()),
            ColumnData::I32(value) => cell::integer(out, (*value)?.into()),
            ColumnData::I64(value) => cell::integer(out, (*value)?),
            ColumnData::F32(value) => cell::single(out, (*value)?),
            ColumnData::F64(value) if self == Decoder::Money => {
                let value = (*value)?;
                cell::plain(out, &format!("{value:.MONEY_DIGITS$}"));
            }
            ColumnData::F64(value) => cell::double(out, (*value)?),
            ColumnData::Bit(value) => cell::boolean(out, (*value)?),
            ColumnData::String(value) if self == Decoder::Document => cell::document(out, value.as_ref()?),
            ColumnData::String(value) => cell::text(out, value.as_ref()?),
            ColumnData::Guid(value) => cell::plain(out, &(*value)?.hyphenated().to_string()),
            ColumnData::Binary(value) => cell::bytes(out, value.as_ref()?),
            ColumnData::Numeric(value) => cell::plain(out, &decimal((*value)?)),
            ColumnData::Xml(value) => cell::text(out, value.as_ref()?.as_ref().as_ref()),
            ColumnData::DateTime(value) => {
                let value = (*value)?;
                // Counted in 300ths of a second, shown in thousandths.
                let millis = (u64::from(value.seconds_fragments()) * 10 + 1) / 3;
                moment(i64::from(value.days()) + DAYS_TO_1900, (millis, 3), "", out);
            }
            ColumnData::SmallDateTime(value) => {
                let value = (*value)?;
                let minutes = u64::from(value.seconds_fragments());
                moment(i64::from(value.days()) + DAYS_TO_1900, (minutes * 60, 0), "", out);
            }
            ColumnData::Time(value) => {
                let value = (*value)?;
                out.push(b'"');
                time(parts(value), out);
                out.push(b'"');
            }
            ColumnData::Date(value) => {
                let value = (*value)?;
                out.push(b'"');
                date(days(value), out);
                out.push(b'"');
            }
            ColumnData::DateTime2(value) => {
                let value = (*value)?;
                moment(days(value.date()), parts(value.time()), "", out);
            }
            // On the wire it is a moment of UTC, and the offset it was written with beside it.
            ColumnData::DateTimeOffset(value) => {
                let value = (*value)?.datetime2();
                moment(days(value.date()), parts(value.time()), "Z", out);
            }
        }
        Some(())
    }
}

fn days(date: Date) -> i64 {
    date.days().into()
}

/// A count, and how many digits of it stand after the second.
fn parts(time: Time) -> (u64, u8) {
    (time.increments(), time.scale())
}

fn decimal(value: Numeric) -> String {
    let scale = usize::from(value.scale());
    let digits = format!("{:0width$}", value.value().unsigned_abs(), width = scale + 1);
    let sign = if value.value() < 0 { "-" } else { "" };
    match digits.split_at_checked(digits.len() - scale) {
        Some((whole, fraction)) if scale > 0 => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{digits}"),
    }
}

fn moment(days: i64, time_of_day: (u64, u8), zone: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    date(days, out);
    out.push(b'T');
    time(time_of_day, out);
    out.extend_from_slice(zone.as_bytes());
    out.push(b'"');
}

/// A time of day, with as many digits of the second as it has.
fn time((count, scale): (u64, u8), out: &mut Vec<u8>) {
    let unit = 10_u64.saturating_pow(scale.into());
    let seconds = count / unit;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    // Writing to a vector cannot fail.
    let _ = write!(out, "{hour:02}:{minute:02}:{second:02}");
    let fraction = count % unit;
    if fraction > 0 {
        let digits = format!("{fraction:0width$}", width = usize::from(scale));
        out.push(b'.');
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
}

/// A day counted from 1 January of the year 1: the year is taken to begin in March, so that the leap day is its last.
fn date(days: i64, out: &mut Vec<u8>) {
    let shifted = days + 306;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
}

#[cfg(test)]
mod tests {
    use tiberius::time::{DateTime, DateTime2, DateTimeOffset, SmallDateTime};

    use super::*;

    #[track_caller]
    fn check(value: ColumnData<'_>, ty: Type, expected: &str) {
        check_of(ColumnType::NVarchar, value, ty, expected);
    }

    #[track_caller]
    fn check_of(column: ColumnType, value: ColumnData<'_>, ty: Type, expected: &str) {
        let mut out = Vec::new();
        Decoder::of(column, ty).write(&value, &mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn numbers_keep_their_digits() {
        check(ColumnData::I64(Some(i64::MAX)), Type::Integer, "\"9223372036854775807\"");
        check(ColumnData::U8(Some(255)), Type::Integer, "255");
        check(ColumnData::Numeric(Some(Numeric::new_with_scale(-5, 3))), Type::Decimal, "\"-0.005\"");
        check(ColumnData::Numeric(Some(Numeric::new_with_scale(1250, 2))), Type::Decimal, "\"12.50\"");
        check(ColumnData::Numeric(Some(Numeric::new_with_scale(7, 0))), Type::Decimal, "\"7\"");
        check_of(ColumnType::Money, ColumnData::F64(Some(12.5)), Type::Decimal, "\"12.5000\"");
        check(ColumnData::F64(Some(12.5)), Type::Real, "12.5");
    }

    #[test]
    fn days_count_from_the_year_one() {
        check(ColumnData::Date(Some(Date::new(0))), Type::Date, "\"0001-01-01\"");
        check(ColumnData::Date(Some(Date::new(730_178))), Type::Date, "\"2000-02-29\"");
        check(ColumnData::Date(Some(Date::new(3_652_058))), Type::Date, "\"9999-12-31\"");
    }

    #[test]
    fn moments_are_rfc_3339_and_only_those_with_a_zone_say_it() {
        let noon = DateTime2::new(Date::new(730_178), Time::new(432_000_005_000, 7));
        check(ColumnData::DateTime2(Some(noon)), Type::Timestamp, "\"2000-02-29T12:00:00.0005\"");
        let zoned = DateTimeOffset::new(noon, 120);
        check(ColumnData::DateTimeOffset(Some(zoned)), Type::TimestampTz, "\"2000-02-29T12:00:00.0005Z\"");
        let old = DateTime::new(0, 300 * 60 + 1);
        check(ColumnData::DateTime(Some(old)), Type::Timestamp, "\"1900-01-01T00:01:00.003\"");
        let small = SmallDateTime::new(1, 61);
        check(ColumnData::SmallDateTime(Some(small)), Type::Timestamp, "\"1900-01-02T01:01:00\"");
    }

    #[test]
    fn text_is_json_where_the_catalogue_says_so() {
        let text = || ColumnData::String(Some("{ \"a\": 1 }".into()));
        check(text(), Type::Json, "{\"a\":1}");
        check(text(), Type::Text, "\"{ \\\"a\\\": 1 }\"");
        check(ColumnData::String(None), Type::Text, "null");
    }
}
