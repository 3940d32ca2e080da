//! Social security numbers of the United States (SSA, "The SSN Numbering Scheme"; randomised since 2011).

use std::ops::Range;

use super::digits::{Groups, begins, ends, numbers, run};

/// Numbers that were printed in advertisements and belong to nobody (SSA, "Social Security cards issued by Woolworth").
const PRINTED: [[u32; 9]; 2] = [[0, 7, 8, 0, 5, 1, 1, 2, 0], [2, 1, 9, 0, 9, 9, 9, 9, 9]];

/// The end of the number that starts at a place: `123-45-6789` or `123 45 6789`.
pub(crate) fn at(text: &[u8], start: usize, groups: &Groups) -> Option<usize> {
    let end = groups.end(3);
    let grouped = groups.sizes().starts_with(&[3, 2, 4]) && matches!(groups.separator(3)?, b'-' | b' ');
    let alone =
        begins(text, start) && ends(text, end) && !(groups.separator(3)? == b' ' && groups.count() > 3);
    (grouped && alone && is_ssn(text, start, end)).then_some(end)
}

/// The number in a value that is announced as one: nine digits, grouped or not.
pub(crate) fn announced(value: &str) -> Option<Range<usize>> {
    let text = value.as_bytes();
    let plain = run(text, 0) == 9 && text.len() == 9;
    let grouped = || at(text, 0, &Groups::at(text, 0)) == Some(text.len());
    ((plain && is_ssn(text, 0, text.len())) || grouped()).then_some(0..text.len())
}

/// Whether the number can have been given to somebody: no area 000, 666 or 9xx, no group 00, no serial 0000.
fn is_ssn(text: &[u8], start: usize, end: usize) -> bool {
    let mut digits = [0; 9];
    for (slot, digit) in digits.iter_mut().zip(numbers(text, start, end)) {
        *slot = digit;
    }
    let [a, b, c, d, e, serial @ ..] = &digits;
    let given =
        !matches!((a, b, c), (0, 0, 0) | (6, 6, 6) | (9, ..)) && (*d, *e) != (0, 0) && *serial != [0; 4];
    given && !PRINTED.contains(&digits)
}
