//! A moment as the document writes it: RFC 3339, in seconds.
//!
//! The pure tier reads no clock; this only converts between text and Unix seconds.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// Seconds since 1970-01-01T00:00:00Z, between the years 1970 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

/// The text is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected a time such as 2027-01-01T00:00:00Z")]
pub struct MalformedTime;

const DAY: u64 = 86_400;
/// 9999-12-31T23:59:59Z, the last second with a four-digit year.
const LAST: u64 = 253_402_300_799;

impl Timestamp {
    /// The moment this many seconds after the Unix epoch; years above 9999 become the last second that can be written.
    #[must_use]
    pub fn from_unix(seconds: u64) -> Timestamp {
        Timestamp(seconds.min(LAST))
    }

    /// Seconds since the Unix epoch.
    #[must_use]
    pub fn unix(self) -> u64 {
        self.0
    }
}

impl FromStr for Timestamp {
    type Err = MalformedTime;

    /// RFC 3339 with any offset; a fraction of a second is cut off. A bare date means its first second in UTC.
    fn from_str(text: &str) -> Result<Timestamp, MalformedTime> {
        let mut rest = text;
        let year = digits(&mut rest, 4)?;
        let month = prefixed(&mut rest, '-')?;
        let day = prefixed(&mut rest, '-')?;
        if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return Err(MalformedTime);
        }
        let days = days_from_civil(year, month, day).ok_or(MalformedTime)?;
        if rest.is_empty() {
            return Ok(Timestamp(days * DAY));
        }
        let hour = [b'T', b't', b' ']
            .iter()
            .find_map(|mark| rest.strip_prefix(char::from(*mark)))
            .ok_or(MalformedTime)
            .and_then(|tail| {
                rest = tail;
                digits(&mut rest, 2)
            })?;
        let minute = prefixed(&mut rest, ':')?;
        let second = prefixed(&mut rest, ':')?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(MalformedTime);
        }
        if let Some(fraction) = rest.strip_prefix('.') {
            let tail = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if tail.len() == fraction.len() {
                return Err(MalformedTime);
            }
            rest = tail;
        }
        let seconds =
            i64::try_from(days * DAY + hour * 3600 + minute * 60 + second).map_err(|_| MalformedTime)?;
        let moment = seconds.checked_sub(offset(rest)?).ok_or(MalformedTime)?;
        u64::try_from(moment).ok().filter(|moment| *moment <= LAST).map(Timestamp).ok_or(MalformedTime)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.0 / DAY);
        let (hour, minute, second) = (self.0 % DAY / 3600, self.0 % 3600 / 60, self.0 % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

fn digits(rest: &mut &str, count: usize) -> Result<u64, MalformedTime> {
    let (head, tail) = rest.split_at_checked(count).ok_or(MalformedTime)?;
    if !head.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(MalformedTime);
    }
    *rest = tail;
    head.parse().map_err(|_| MalformedTime)
}

fn prefixed(rest: &mut &str, mark: char) -> Result<u64, MalformedTime> {
    *rest = rest.strip_prefix(mark).ok_or(MalformedTime)?;
    digits(rest, 2)
}

/// Seconds east of UTC.
fn offset(text: &str) -> Result<i64, MalformedTime> {
    if matches!(text, "Z" | "z") {
        return Ok(0);
    }
    let (sign, mut rest) = match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        (None, None) => return Err(MalformedTime),
    };
    let hours = digits(&mut rest, 2)?;
    let minutes = prefixed(&mut rest, ':')?;
    if hours > 23 || minutes > 59 || !rest.is_empty() {
        return Err(MalformedTime);
    }
    i64::try_from(hours * 3600 + minutes * 60).map(|seconds| sign * seconds).map_err(|_| MalformedTime)
}

fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

/// Days of a month.
pub(crate) fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 => 28 + u64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before the first of January of `year`, counted from the year 1.
fn days_before_year(year: u64) -> u64 {
    let past = year.saturating_sub(1);
    past * 365 + past / 4 - past / 100 + past / 400
}

fn days_from_civil(year: u64, month: u64, day: u64) -> Option<u64> {
    let months: u64 = (1..month).map(|month| days_in(year, month)).sum();
    (days_before_year(year) + months + day - 1).checked_sub(days_before_year(1970))
}

fn civil_from_days(days: u64) -> (u64, u64, u64) {
    // A first guess that is never too late, then at most a few steps forward.
    let mut year = 1970 + days / 366;
    while days_before_year(year + 1) - days_before_year(1970) <= days {
        year += 1;
    }
    let mut left = days - (days_before_year(year) - days_before_year(1970));
    let mut month = 1;
    while left >= days_in(year, month) {
        left -= days_in(year, month);
        month += 1;
    }
    (year, month, left + 1)
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[track_caller]
    fn check(text: &str, expected: Option<u64>) {
        assert_eq!(text.parse::<Timestamp>().ok().map(Timestamp::unix), expected, "{text}");
    }

    #[test]
    fn moments_are_read() {
        check("1970-01-01T00:00:00Z", Some(0));
        check("2027-01-01T00:00:00Z", Some(1_798_761_600));
        check("2024-02-29T12:30:15.25+02:00", Some(1_709_202_615));
        check("2024-02-28T23:59:59-01:00", Some(1_709_168_399));
        check("2027-01-01", Some(1_798_761_600));
        check("9999-12-31T23:59:59Z", Some(253_402_300_799));
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "soon",
            "2027-13-01",
            "2027-02-29",
            "2027-01-01T24:00:00Z",
            "2027-01-01T00:00:00",
            "1969-12-31",
        ] {
            check(text, None);
        }
        check("2027-01-01T00:00:00.Z", None);
        check("2027-01-01T00:00:00Zz", None);
        check("20é7-01-01", None);
    }

    #[test]
    fn text_and_moment_round_trip() {
        for seconds in (0..253_402_300_799).step_by(86_399 * 131) {
            let written = Timestamp::from_unix(seconds).to_string();
            assert_eq!(written.parse::<Timestamp>().map(Timestamp::unix), Ok(seconds), "{written}");
        }
    }
}
