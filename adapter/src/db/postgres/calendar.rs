//! PostgreSQL's binary dates and times as RFC 3339 text.
//!
//! They count from 2000-01-01, in days or microseconds. Years outside 0..=9999 are written with a sign, as ISO 8601 has
//! them; the two infinities are words. Everything is appended to the buffer it is for.

use super::digits::{padded, signed};

const DAY: i64 = 86_400_000_000;
/// Days from 1970-01-01 to 2000-01-01.
const EPOCH: i64 = 10_957;

/// A calendar day.
pub(super) fn date(out: &mut Vec<u8>, days: i32) {
    match days {
        i32::MAX => out.extend_from_slice(b"infinity"),
        i32::MIN => out.extend_from_slice(b"-infinity"),
        days => day(out, i64::from(days)),
    }
}

/// Day and time of day; `zone` is what follows: `Z`, or nothing for a type without a zone.
pub(super) fn timestamp(out: &mut Vec<u8>, micros: i64, zone: &str) {
    match micros {
        i64::MAX => out.extend_from_slice(b"infinity"),
        i64::MIN => out.extend_from_slice(b"-infinity"),
        micros => {
            day(out, micros.div_euclid(DAY));
            out.push(b'T');
            time(out, micros.rem_euclid(DAY));
            out.extend_from_slice(zone.as_bytes());
        }
    }
}

/// A time of day, with as many digits of the second as it has.
pub(super) fn time(out: &mut Vec<u8>, micros: i64) {
    let micros = micros.unsigned_abs();
    let seconds = micros / 1_000_000;
    padded(out, seconds / 3600, 2);
    out.push(b':');
    padded(out, seconds / 60 % 60, 2);
    out.push(b':');
    padded(out, seconds % 60, 2);
    fraction(out, micros % 1_000_000);
}

/// A time of day with its offset; PostgreSQL counts the offset in seconds west of Greenwich.
pub(super) fn time_with_offset(out: &mut Vec<u8>, micros: i64, west: i32) {
    time(out, micros);
    if west == 0 {
        return out.push(b'Z');
    }
    out.push(if west > 0 { b'-' } else { b'+' });
    let minutes = u64::from(west.unsigned_abs() / 60);
    padded(out, minutes / 60, 2);
    out.push(b':');
    padded(out, minutes % 60, 2);
}

/// An interval as ISO 8601 has durations.
pub(super) fn interval(out: &mut Vec<u8>, micros: i64, days: i32, months: i32) {
    let mut is_empty = true;
    let mut part = |out: &mut Vec<u8>, amount: i64, unit: u8| {
        if amount != 0 {
            is_empty = false;
            signed(out, amount);
            out.push(unit);
        }
    };
    out.push(b'P');
    part(out, i64::from(months / 12), b'Y');
    part(out, i64::from(months % 12), b'M');
    part(out, i64::from(days), b'D');
    if micros == 0 {
        if is_empty {
            out.extend_from_slice(b"T0S");
        }
        return;
    }
    out.push(b'T');
    let seconds = micros / 1_000_000;
    part(out, seconds / 3600, b'H');
    part(out, seconds / 60 % 60, b'M');
    let below = micros % 1_000_000;
    if below == 0 {
        return part(out, seconds % 60, b'S');
    }
    if micros < 0 {
        out.push(b'-');
    }
    padded(out, (seconds % 60).unsigned_abs(), 1);
    fraction(out, below.unsigned_abs());
    out.push(b'S');
}

/// The digits after the second, without the zeros at the end.
fn fraction(out: &mut Vec<u8>, micros: u64) {
    if micros == 0 {
        return;
    }
    out.push(b'.');
    padded(out, micros, 6);
    while out.last() == Some(&b'0') {
        out.pop();
    }
}

fn day(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil(days + EPOCH);
    if !(0..=9999).contains(&year) {
        out.push(if year < 0 { b'-' } else { b'+' });
    }
    padded(out, year.unsigned_abs(), 4);
    out.push(b'-');
    padded(out, month.unsigned_abs(), 2);
    out.push(b'-');
    padded(out, day.unsigned_abs(), 2);
}

/// Year, month and day of a day counted from 1970-01-01, in the proleptic Gregorian calendar: the year is taken to begin
/// in March, so that the leap day is its last.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(write: impl FnOnce(&mut Vec<u8>), expected: &str) {
        let mut out = Vec::new();
        write(&mut out);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn days_count_from_the_year_2000() {
        check(|out| date(out, 0), "2000-01-01");
        check(|out| date(out, -1), "1999-12-31");
        check(|out| date(out, 59), "2000-02-29");
        check(|out| date(out, 9_526), "2026-01-30");
        check(|out| date(out, i32::MAX), "infinity");
        check(|out| date(out, -730_120), "0000-12-31");
        check(|out| date(out, 2_921_940), "+10000-01-01");
    }

    #[test]
    fn moments_before_the_epoch_keep_their_day() {
        check(|out| timestamp(out, -1, "Z"), "1999-12-31T23:59:59.999999Z");
        check(|out| timestamp(out, 1_500_000, ""), "2000-01-01T00:00:01.5");
    }

    #[test]
    fn offsets_are_east_of_greenwich() {
        check(|out| time_with_offset(out, 3_600_000_000, -7_200), "01:00:00+02:00");
        check(|out| time_with_offset(out, 0, 19_800), "00:00:00-05:30");
    }

    #[test]
    fn intervals_are_iso_durations() {
        check(|out| interval(out, 0, 0, 0), "PT0S");
        check(|out| interval(out, 5_400_000_000, 3, 14), "P1Y2M3DT1H30M");
        check(|out| interval(out, -1_500_000, 0, 0), "PT-1.5S");
    }
}
