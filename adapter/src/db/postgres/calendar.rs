//! PostgreSQL's binary dates and times as RFC 3339 text.
//!
//! They count from 2000-01-01, in days or microseconds. Years outside 0..=9999 are written with a sign, as ISO 8601 has
//! them; the two infinities are strings of their own.

const DAY: i64 = 86_400_000_000;
/// Days from 1970-01-01 to 2000-01-01.
const EPOCH: i64 = 10_957;

/// A calendar day.
pub(super) fn date(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        i32::MIN => "-infinity".to_owned(),
        days => day(i64::from(days)),
    }
}

/// Day and time of day; `zone` is what follows: `Z`, or nothing for a type without a zone.
pub(super) fn timestamp(micros: i64, zone: &str) -> String {
    match micros {
        i64::MAX => "infinity".to_owned(),
        i64::MIN => "-infinity".to_owned(),
        micros => format!("{}T{}{zone}", day(micros.div_euclid(DAY)), time(micros.rem_euclid(DAY))),
    }
}

/// A time of day, with as many digits of the second as it has.
pub(super) fn time(micros: i64) -> String {
    let seconds = micros / 1_000_000;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = micros % 1_000_000;
    let text = format!("{hour:02}:{minute:02}:{second:02}");
    if fraction == 0 {
        return text;
    }
    format!("{text}.{}", format!("{fraction:06}").trim_end_matches('0'))
}

/// A time of day with its offset; PostgreSQL counts the offset in seconds west of Greenwich.
pub(super) fn time_with_offset(micros: i64, west: i32) -> String {
    if west == 0 {
        return format!("{}Z", time(micros));
    }
    let sign = if west > 0 { '-' } else { '+' };
    let minutes = west.unsigned_abs() / 60;
    format!("{}{sign}{:02}:{:02}", time(micros), minutes / 60, minutes % 60)
}

/// An interval as ISO 8601 has durations.
pub(super) fn interval(micros: i64, days: i32, months: i32) -> String {
    let mut text = String::from("P");
    let part = |text: &mut String, amount: i64, unit: char| {
        if amount != 0 {
            text.push_str(&format!("{amount}{unit}"));
        }
    };
    part(&mut text, i64::from(months / 12), 'Y');
    part(&mut text, i64::from(months % 12), 'M');
    part(&mut text, i64::from(days), 'D');
    if micros != 0 {
        text.push('T');
        let seconds = micros / 1_000_000;
        part(&mut text, seconds / 3600, 'H');
        part(&mut text, seconds / 60 % 60, 'M');
        let fraction = micros % 1_000_000;
        if fraction == 0 {
            part(&mut text, seconds % 60, 'S');
        } else {
            let sign = if micros < 0 { "-" } else { "" };
            let digits = format!("{:06}", fraction.abs());
            text.push_str(&format!("{sign}{}.{}S", (seconds % 60).abs(), digits.trim_end_matches('0')));
        }
    }
    if text == "P" { "PT0S".to_owned() } else { text }
}

fn day(days: i64) -> String {
    let (year, month, day) = civil(days + EPOCH);
    if (0..=9999).contains(&year) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:+05}-{month:02}-{day:02}")
    }
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
    fn check(text: String, expected: &str) {
        assert_eq!(text, expected);
    }

    #[test]
    fn days_count_from_the_year_2000() {
        check(date(0), "2000-01-01");
        check(date(-1), "1999-12-31");
        check(date(59), "2000-02-29");
        check(date(9_526), "2026-01-30");
        check(date(i32::MAX), "infinity");
        check(date(-730_120), "0000-12-31");
        check(date(2_921_940), "+10000-01-01");
    }

    #[test]
    fn moments_before_the_epoch_keep_their_day() {
        check(timestamp(-1, "Z"), "1999-12-31T23:59:59.999999Z");
        check(timestamp(1_500_000, ""), "2000-01-01T00:00:01.5");
    }

    #[test]
    fn offsets_are_east_of_greenwich() {
        check(time_with_offset(3_600_000_000, -7_200), "01:00:00+02:00");
        check(time_with_offset(0, 19_800), "00:00:00-05:30");
    }

    #[test]
    fn intervals_are_iso_durations() {
        check(interval(0, 0, 0), "PT0S");
        check(interval(5_400_000_000, 3, 14), "P1Y2M3DT1H30M");
        check(interval(-1_500_000, 0, 0), "PT-1.5S");
    }
}
