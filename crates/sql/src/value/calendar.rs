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
    let fraction_fits = fraction.is_none_or(|rest| (1..=6).any(|length| digits(rest, length).is_some()));
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
            "12:00:00.1234567",
            "1:00",
            "12:00 PM",
        ];
        check(is_time, &["00:00", "23:59:59", "23:59:59.999999"], &bad);
    }

    #[test]
    fn zones_are_near_enough() {
        let good = ["2026-01-31T14:30Z", "2026-01-31 14:30:00.5+02", "2026-01-31T14:30:00-03:30"];
        let bad =
            ["2026-01-31T14:30", "2026-01-31Z", "2026-01-31T14:30+25:00", "2026-01-31T14:30 UTC", "now", ""];
        check(is_zoned, &good, &bad);
    }
}
