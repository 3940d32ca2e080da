//! Telephone numbers: international (ITU-T E.164), and the national forms that nothing else looks like.

use std::ops::Range;

use super::digits::{Groups, begins, byte, ends, numbers, run};

/// Country codes of two digits (ITU-T E.164, "List of assigned country codes"). What begins with two other digits has a
/// code of three, but for 1 and 7.
const TWO: [u32; 43] = [
    20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58,
    60, 61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95,
];
const THREE: [u32; 20] = [21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 85, 88, 96, 97];

/// The end of the international number whose `+` stands at a place.
pub(crate) fn international(text: &[u8], plus: usize) -> Option<usize> {
    let free = plus.checked_sub(1).is_none_or(|before| !byte(text, before).is_ascii_alphanumeric());
    let first = plus + 1;
    if !free || run(text, first) == 0 || is_date(text, first) {
        return None;
    }
    let mut best = None;
    let mut at = first;
    let mut digits = 0;
    loop {
        let size = run(text, at);
        digits += size;
        at += size;
        if digits > 15 {
            return best;
        }
        if is_international(text, first, at) && !byte(text, at).is_ascii_alphabetic() {
            best = Some(at);
        }
        match next_group(text, at) {
            Some(next) if size > 0 => at = next,
            _ => return best,
        }
    }
}

/// Whether a year, a month and a day stand here: `+10000-12-31` (ISO 8601, expanded).
fn is_date(text: &[u8], start: usize) -> bool {
    let groups = Groups::at(text, start);
    let month = groups.end(1) + 1;
    matches!(groups.sizes(), [_, 2, 2, ..])
        && groups.separator(3) == Some(b'-')
        && matches!(byte(text, month), b'0' | b'1')
}

/// The next group of digits behind a separator: a space, a sign, or brackets around it.
fn next_group(text: &[u8], at: usize) -> Option<usize> {
    let mut next = at;
    while next < at + 3 && matches!(byte(text, next), b' ' | b'-' | b'.' | b'/' | b'(' | b')') {
        next += 1;
    }
    (next > at && byte(text, next).is_ascii_digit()).then_some(next)
}

/// Whether the digits begin with a country's code, which their first group holds whole, and are as many as it wants.
fn is_international(text: &[u8], start: usize, end: usize) -> bool {
    let count = numbers(text, start, end).count();
    let group = run(text, start);
    let mut digits = numbers(text, start, end);
    let (Some(a), Some(b)) = (digits.next(), digits.next()) else { return false };
    match (a, a * 10 + b) {
        (1, _) => count == 11 && is_american(&mut numbers(text, start, end).skip(1)),
        (7, _) => count == 11,
        (_, code) if TWO.contains(&code) => group >= 2 && (9..=15).contains(&count),
        (_, code) if THREE.contains(&code) || code == 98 || code == 99 => {
            group >= 2 && (9..=15).contains(&count)
        }
        _ => false,
    }
}

/// Whether ten digits are a number of the North American plan: neither area nor exchange begins with 0 or 1, and the
/// exchange is no service code such as 911 (NANPA).
fn is_american(digits: &mut dyn Iterator<Item = u32>) -> bool {
    let mut area = || -> Option<[u32; 3]> { Some([digits.next()?, digits.next()?, digits.next()?]) };
    let (Some(area), Some(exchange)) = (area(), area()) else { return false };
    let [first, middle, _] = area;
    let [start, one, two] = exchange;
    first >= 2 && middle != 9 && start >= 2 && (one, two) != (1, 1)
}

/// The end of the national number that starts at a place with these groups.
pub(crate) fn national(text: &[u8], start: usize, groups: &Groups) -> Option<usize> {
    let count = groups.count();
    let end = groups.end(count);
    let before = start.checked_sub(2).map(|at| (byte(text, at), byte(text, at + 1)));
    // A number among numbers is a table.
    let table = before.is_some_and(|(digit, blank)| digit.is_ascii_digit() && blank == b' ');
    if table || !begins(text, start) || !ends(text, end) || byte(text, end) == b'%' {
        return None;
    }
    let uniform = groups.separator(count);
    let plain = matches!(uniform, Some(b' ' | b'-' | b'.'));
    let found = match groups.sizes() {
        [3, 3, 4] if plain => is_american(&mut numbers(text, start, end)),
        [1, 3, 3, 4] if plain && byte(text, start) == b'1' => {
            is_american(&mut numbers(text, start, end).skip(1))
        }
        // France and its neighbours: pairs, the first with a 0.
        [2, 2, 2, 2, 2] if plain => has_trunk(text, start),
        // An area with its 0, then the number in up to three groups.
        [3..=5, rest @ ..]
            if (1..=3).contains(&rest.len()) && rest.iter().all(|size| (3..=8).contains(size)) =>
        {
            matches!(uniform, Some(b' ' | b'-' | b'/'))
                && has_trunk(text, start)
                && (10..=12).contains(&groups.digits(count))
        }
        _ => false,
    };
    found.then_some(end)
}

fn has_trunk(text: &[u8], start: usize) -> bool {
    byte(text, start) == b'0' && !matches!(byte(text, start + 1), b'0')
}

/// The end of the number whose area stands in brackets: `(415) 555-2671`, `(030) 1234567`.
pub(crate) fn bracketed(text: &[u8], bracket: usize) -> Option<usize> {
    let area = run(text, bracket + 1);
    let close = bracket + 1 + area;
    if byte(text, close) != b')' || !(2..=5).contains(&area) {
        return None;
    }
    let start = if byte(text, close + 1) == b' ' { close + 2 } else { close + 1 };
    let groups = Groups::at(text, start);
    let end = groups.end(groups.count());
    let digits = area + groups.digits(groups.count());
    let american =
        matches!(groups.sizes(), [3, 4]) && area == 3 && is_american(&mut numbers(text, bracket, end));
    let trunk = has_trunk(text, bracket + 1) && groups.count() <= 3 && (9..=12).contains(&digits);
    ((american || trunk) && ends(text, end)).then_some(end)
}

/// The number in a value that is announced as one: any way to write 7 to 15 digits.
pub(crate) fn announced(value: &str) -> Option<Range<usize>> {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let written = value.bytes().all(|byte| byte.is_ascii_digit() || b" +-./()x#".contains(&byte));
    let end = value.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = value.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('))?;
    (written && (7..=15).contains(&digits)).then_some(start..end)
}
