//! Points in time as people write and read them.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};

/// Text that is no point in time.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no time: write \"2026-11-17 14:00\" (local time), \"2026-11-17T14:00:00Z\", or a span such as 90m, 2h, 7d"
)]
pub(crate) struct NotATime(String);

/// A moment of the past: a date and time, or a span back from now.
pub(crate) fn past(text: &str) -> Result<Timestamp, NotATime> {
    parse(text, Timestamp::now(), TimeZone::system(), -1)
}

/// A moment to come: a date and time, or a span from now.
pub(crate) fn future(text: &str) -> Result<Timestamp, NotATime> {
    parse(text, Timestamp::now(), TimeZone::system(), 1)
}

fn parse(text: &str, now: Timestamp, zone: TimeZone, direction: i32) -> Result<Timestamp, NotATime> {
    let wrong = || NotATime(text.to_owned());
    let trimmed = text.trim();
    if let Ok(timestamp) = trimmed.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    if let Ok(local) = trimmed.parse::<DateTime>() {
        return local.to_zoned(zone).map(|zoned| zoned.timestamp()).map_err(|_| wrong());
    }
    let span = span(trimmed).ok_or_else(wrong)?;
    let moved = if direction < 0 { now.checked_sub(span) } else { now.checked_add(span) };
    moved.map_err(|_| wrong())
}

/// `90m`, `2h`, `7d`: a whole number and one unit. A day is 24 hours, whatever the clocks do.
fn span(text: &str) -> Option<SignedDuration> {
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok().filter(|number| *number >= 0)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return None,
    };
    Some(SignedDuration::from_secs(number.checked_mul(seconds)?))
}

/// The form the control plane takes.
pub(crate) fn to_proto(timestamp: Timestamp) -> prost_types::Timestamp {
    prost_types::Timestamp { seconds: timestamp.as_second(), nanos: timestamp.subsec_nanosecond() }
}

/// Local time to the second, for tables; empty where there is none.
pub(crate) fn for_people(timestamp: Option<&prost_types::Timestamp>) -> String {
    timestamp.and_then(from_proto).map_or_else(String::new, |timestamp| {
        Zoned::new(timestamp, TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    })
}

/// RFC 3339 in UTC, for programs; null where there is none.
pub(crate) fn for_programs(timestamp: Option<&prost_types::Timestamp>) -> serde_json::Value {
    timestamp
        .and_then(from_proto)
        .map_or(serde_json::Value::Null, |timestamp| serde_json::Value::String(timestamp.to_string()))
}

fn from_proto(timestamp: &prost_types::Timestamp) -> Option<Timestamp> {
    Timestamp::new(timestamp.seconds, timestamp.nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-11-20T12:00:00Z";

    #[track_caller]
    fn check(text: &str, direction: i32, expected: Option<&str>) {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let parsed = parse(text, NOW.parse().unwrap(), zone, direction).ok();
        assert_eq!(parsed.map(|timestamp| timestamp.to_string()).as_deref(), expected);
    }

    #[test]
    fn a_date_and_time_is_local() {
        check("2026-11-17 14:00", -1, Some("2026-11-17T13:00:00Z"));
        check("2026-11-17", -1, Some("2026-11-16T23:00:00Z"));
    }

    #[test]
    fn an_offset_is_respected() {
        check("2026-11-17T14:00:00Z", -1, Some("2026-11-17T14:00:00Z"));
    }

    #[test]
    fn a_span_counts_back_or_forth() {
        check("2h", -1, Some("2026-11-20T10:00:00Z"));
        check("90m", -1, Some("2026-11-20T10:30:00Z"));
        check("7d", 1, Some("2026-11-27T12:00:00Z"));
    }

    #[test]
    fn other_text_is_refused() {
        for text in ["", "h", "-2h", "2w", "last tuesday", "2026-13-01", "99999999999999999999d"] {
            check(text, -1, None);
        }
    }
}
