//! Whether a text is a date or a time in the ISO form, checked down to the days of the month.

/// `2026-01-31`.
pub(super) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let (Some(year), Some(month), Some(day)) = (digits(year, 4), digits(month, 2), digits(day, 2)) else {
        return false;
    };
    year >= 1 && (1..=days_in(year, month)).contains(&day)
}

/// `14:30`, `14:30:00`, `14:30:00.123456`.
pub(super) fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').map_or((text, None), |(clock, rest)| (clock, Some(rest)));
    let parts: Vec<&str> = clock.split(':').collect();
    let (hour, minute, second) = match parts.as_slice() {
        [hour, minute] if fraction.is_none() => (hour, minute, &"00"),
        [hour, minute, second] => (hour, minute, second),
        _ => return false,
    };
    let in_range = |part: &str, below: u32| digits(part, 2).is_some_and(|number| number < below);
    let fraction_fits = fraction.is_none_or(|rest| (1..=7).any(|length| digits(rest, length).is_some()));
    in_range(hour, 24) && in_range(minute, 60) && in_range(second, 60) && fraction_fits
}

/// A date, or a date and a time with `T` or a space between them.
pub(super) fn is_timestamp(text: &str) -> bool {
    match text.split_once(['T', ' ']) {
        Some((date, time)) => is_date(date) && is_time(time),
        None => is_date(text),
    }
}

/// A timestamp with `Z` or an offset such as `+02:00`.
pub(super) fn is_zoned(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', ' ']) else { return false };
    if let Some(clock) = time.strip_suffix('Z') {
        return is_date(date) && is_time(clock);
    }
    let Some((clock, zone)) = time.split_once(['+', '-']) else { return false };
    let zone_fits = match zone.split_once(':') {
        Some((hours, minutes)) => {
            digits(hours, 2).is_some_and(|hours| hours < 15)
                && digits(minutes, 2).is_some_and(|minutes| minutes < 60)
        }
        None => digits(zone, 2).is_some_and(|hours| hours < 15),
    };
    is_date(date) && is_time(clock) && zone_fits
}

/// The timestamp without a zone with all its parts: `2026-01-31T14:30:00`.
pub(super) fn complete(text: &str) -> String {
    match text.split_once(['T', ' ']) {
        None => format!("{text}T00:00:00"),
        Some((date, clock)) if clock.len() == 5 => format!("{date}T{clock}:00"),
        Some((date, clock)) => format!("{date}T{clock}"),
    }
}

/// The timestamp with a zone as one in UTC that does not say so.
pub(super) fn utc(text: &str) -> Option<String> {
    let (date, time) = text.split_once(['T', ' '])?;
    let (clock, ahead) = match time.strip_suffix('Z') {
        Some(clock) => (clock, 0),
        None => {
            let (clock, zone) = time.split_once(['+', '-'])?;
            let (hours, minutes) = zone.split_once(':').unwrap_or((zone, "00"));
            let offset = i32::try_from(digits(hours, 2)? * 60 + digits(minutes, 2)?).ok()?;
            (clock, if time.contains('+') { offset } else { -offset })
        }
    };
    let (hour, rest) = clock.split_once(':')?;
    let (minute, seconds) = rest.split_once(':').unwrap_or((rest, "00"));
    let minutes = i32::try_from(digits(hour, 2)? * 60 + digits(minute, 2)?).ok()? - ahead;
    let date = match minutes.div_euclid(DAY) {
        0 => date.to_owned(),
        days => beside(date, days)?,
    };
    let minutes = minutes.rem_euclid(DAY);
    Some(format!("{date} {:02}:{:02}:{seconds}", minutes / 60, minutes % 60))
}

const DAY: i32 = 24 * 60;

/// The day after, or else the day before.
fn beside(date: &str, days: i32) -> Option<String> {
    let mut parts = date.split('-');
    let (year, month, day) =
        (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let last = days_in(year, month);
    let (year, month, day) = match (days > 0, month, day) {
        (true, 12, 31) => (year + 1, 1, 1),
        (true, _, _) if day == last => (year, month + 1, 1),
        (true, _, _) => (year, month, day + 1),
        (false, 1, 1) => (year.checked_sub(1)?, 12, 31),
        (false, _, 1) => (year, month - 1, days_in(year, month - 1)),
        (false, _, _) => (year, month, day - 1),
    };
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// The number that exactly `length` digits stand for.
fn digits(text: &str, length: usize) -> Option<u32> {
    let fits = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

fn days_in(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(is_one: fn(&str) -> bool, good: &[&str], bad: &[&str]) {
        for text in good {
            assert!(is_one(text), "{text}");
        }
        for text in bad {
            assert!(!is_one(text), "{text}");
        }
    }

    #[test]
    fn dates_know_their_months() {
        let bad =
            ["2026-02-29", "1900-02-29", "2026-13-01", "2026-00-01", "2026-1-1", "0000-01-01", "２026-01-01"];
        check(is_date, &["2026-01-31", "2024-02-29", "2000-02-29", "0001-04-30"], &bad);
    }

    #[test]
    fn times_stop_before_midnight() {
        let bad = [
            "24:00",
            "12:60",
            "12:00:60",
            "12",
            "12:00.5",
            "12:00:00.",
            "12:00:00.12345678",
            "1:00",
            "12:00 PM",
        ];
        check(is_time, &["00:00", "23:59:59", "23:59:59.999999"], &bad);
    }

    #[test]
    fn a_zone_moves_the_clock_and_the_day() {
        let cases = [
            ("2026-01-31T14:30:00+02:00", "2026-01-31 12:30:00"),
            ("2026-01-31 14:30Z", "2026-01-31 14:30:00"),
            ("2026-03-01T01:00:00.5+02", "2026-02-28 23:00:00.5"),
            ("2024-03-01T00:15:00+00:30", "2024-02-29 23:45:00"),
            ("2025-12-31T23:30:00-01:00", "2026-01-01 00:30:00"),
            ("2026-01-01T00:00:00+14:00", "2025-12-31 10:00:00"),
            ("2026-04-30T20:00:00-05:30", "2026-05-01 01:30:00"),
        ];
        for (given, expected) in cases {
            assert_eq!(utc(given).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn a_timestamp_is_completed() {
        let cases = [("2026-01-31", "2026-01-31T00:00:00"), ("2026-01-31 14:30", "2026-01-31T14:30:00")];
        for (given, expected) in cases {
            assert_eq!(complete(given), expected);
        }
    }

    #[test]
    fn zones_are_near_enough() {
        let good = ["2026-01-31T14:30Z", "2026-01-31 14:30:00.5+02", "2026-01-31T14:30:00-03:30"];
        let bad =
            ["2026-01-31T14:30", "2026-01-31Z", "2026-01-31T14:30+25:00", "2026-01-31T14:30 UTC", "now", ""];
        check(is_zoned, &good, &bad);
    }
}
