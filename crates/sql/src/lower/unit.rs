//! Parts of dates, and units of intervals.

use sqlparser::ast;

use crate::dialect::Dialect;
use crate::ir::{At, Unit};

use super::{Foreign, Lowering, refuse};

impl Lowering<'_> {
    pub(super) fn unit(&self, field: &ast::DateTimeField, here: At) -> Result<Unit, Foreign> {
        use ast::DateTimeField as Field;
        Ok(match field {
            Field::Century => Unit::Century,
            Field::Day | Field::Days => Unit::Day,
            Field::DayOfWeek | Field::Dow => Unit::DayOfWeek,
            Field::DayOfYear | Field::Doy => Unit::DayOfYear,
            Field::Decade => Unit::Decade,
            Field::Epoch => Unit::Epoch,
            Field::Hour | Field::Hours => Unit::Hour,
            Field::Isodow => Unit::IsoDayOfWeek,
            Field::Isoyear => Unit::IsoYear,
            Field::IsoWeek => Unit::IsoWeek,
            Field::Microsecond | Field::Microseconds => Unit::Microsecond,
            Field::Millisecond | Field::Milliseconds => Unit::Millisecond,
            Field::Minute | Field::Minutes => Unit::Minute,
            Field::Month | Field::Months => Unit::Month,
            Field::Quarter => Unit::Quarter,
            Field::Second | Field::Seconds => Unit::Second,
            Field::Week(None) | Field::Weeks => Unit::Week,
            Field::Year | Field::Years => Unit::Year,
            Field::Custom(word) => return self.unit_word(&word.value, here),
            Field::Week(Some(_))
            | Field::Date
            | Field::Datetime
            | Field::Julian
            | Field::Millenium
            | Field::Millennium
            | Field::Nanosecond
            | Field::Nanoseconds
            | Field::Time
            | Field::Timezone
            | Field::TimezoneAbbr
            | Field::TimezoneHour
            | Field::TimezoneMinute
            | Field::TimezoneRegion
            | Field::NoDateTime => return refuse(format!("the unit `{field}`"), here),
        })
    }

    /// A unit where a function wants one. T-SQL has short words as well.
    pub(super) fn unit_word(&self, word: &str, here: At) -> Result<Unit, Foreign> {
        let lower = word.to_ascii_lowercase();
        let unit = match lower.as_str() {
            "day" => Some(Unit::Day),
            "hour" => Some(Unit::Hour),
            "microsecond" => Some(Unit::Microsecond),
            "minute" => Some(Unit::Minute),
            "month" => Some(Unit::Month),
            "quarter" => Some(Unit::Quarter),
            "second" => Some(Unit::Second),
            "week" => Some(Unit::Week),
            "year" => Some(Unit::Year),
            other if self.is(Dialect::SqlServer) => short(other),
            _ => None,
        };
        match unit {
            Some(unit) => Ok(unit),
            None => refuse(format!("the unit `{word}`"), here),
        }
    }
}

/// The words of T-SQL's DATEPART.
fn short(word: &str) -> Option<Unit> {
    Some(match word {
        "yy" | "yyyy" => Unit::Year,
        "qq" | "q" => Unit::Quarter,
        "mm" | "m" => Unit::Month,
        "dayofyear" | "dy" | "y" => Unit::DayOfYear,
        "dd" | "d" => Unit::Day,
        "wk" | "ww" => Unit::Week,
        "weekday" | "dw" | "w" => Unit::Weekday,
        "iso_week" | "isowk" | "isoww" => Unit::IsoWeek,
        "hh" => Unit::Hour,
        "mi" | "n" => Unit::Minute,
        "ss" | "s" => Unit::Second,
        "millisecond" | "ms" => Unit::Millisecond,
        "mcs" => Unit::Microsecond,
        _ => return None,
    })
}
