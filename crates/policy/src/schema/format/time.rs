//! Dates, times and durations of RFC 3339.

use crate::timestamp::days_in;

/// `2027-02-28`
pub(super) fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let day_exists = || {
        let (year, month, day) = (digits(year?, 4)?, digits(month?, 2)?, digits(day?, 2)?);
        Some((1..=12).contains(&month) && day >= 1 && day <= days_in(year, month))
    };
    parts.next().is_none() && day_exists() == Some(true)
}

/// `23:59:59.5+02:00`
pub(super) fn is_time(text: &str) -> bool {
    time(text) == Some(true)
}

/// A date and a time with a `T` between.
pub(super) fn is_date_time(text: &str) -> bool {
    text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && is_time(time))
}

/// `P1Y2M3DT4H5M6S`, units without a gap, or `P7W`
pub(super) fn is_duration(text: &str) -> bool {
    let Some(text) = text.strip_prefix('P') else { return false };
    match text.split_once('T') {
        Some((date, time)) => (date.is_empty() || is_run(date, "YMD")) && is_run(time, "HMS"),
        None => is_run(text, "YMD") || is_run(text, "W"),
    }
}

fn digits(text: &str, count: usize) -> Option<u64> {
    let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

/// Whether a text that is shaped like a time is one.
fn time(text: &str) -> Option<bool> {
    let (clock, rest) = text.split_at_checked(8)?;
    let mut parts = clock.split(':');
    let hour = digits(parts.next()?, 2)?;
    let minute = digits(parts.next()?, 2)?;
    let second = digits(parts.next()?, 2)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let rest = fraction.trim_start_matches(|sign: char| sign.is_ascii_digit());
            if rest.len() == fraction.len() {
                return None;
            }
            rest
        }
        None => rest,
    };
    let east = offset(rest)?;
    // A leap second is the last one of a day of UTC.
    let utc = (i64::try_from(hour * 60 + minute).ok()? - east).rem_euclid(24 * 60);
    let exists = second < 60 || (second == 60 && utc == 24 * 60 - 1);
    Some(hour < 24 && minute < 60 && exists)
}

/// Minutes east of UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes) = text.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 23 || minutes > 59 {
        return None;
    }
    i64::try_from(hours * 60 + minutes).ok().map(|minutes| sign * minutes)
}

/// Whether a text is numbers with units, one behind the other.
fn is_run(text: &str, units: &str) -> bool {
    let mut left = units;
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        let behind = rest.trim_start_matches(|sign: char| sign.is_ascii_digit());
        let Some(unit) = behind.chars().next().filter(|_| behind.len() < rest.len()) else { return false };
        let Some((skipped, after)) = left.split_once(unit) else { return false };
        if !first && !skipped.is_empty() {
            return false;
        }
        (left, first) = (after, false);
        rest = behind.strip_prefix(unit).unwrap_or_default();
    }
    !first
}
