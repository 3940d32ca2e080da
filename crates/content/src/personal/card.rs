//! Payment cards: the lengths and number ranges of the issuers, and the check digit (ISO/IEC 7812-1, annex B).

use super::digits::{Groups, begins, ends, numbers};

/// An issuer's numbers: the first six digits from, to, and the lengths.
type Range = (u32, u32, &'static [usize]);

/// Source: ISO/IEC 7812 ranges as the networks publish them (Visa, Mastercard "BIN ranges", American Express, Discover
/// "IIN ranges", JCB, `UnionPay`, Diners Club).
const RANGES: [Range; 16] = [
    (300_000, 305_999, &[14]),
    (309_500, 309_599, &[14]),
    (340_000, 349_999, &[15]),
    (352_800, 358_999, &[16, 17, 18, 19]),
    (360_000, 369_999, &[14, 16, 19]),
    (370_000, 379_999, &[15]),
    (380_000, 399_999, &[14, 16, 19]),
    (400_000, 499_999, &[13, 16, 19]),
    (510_000, 559_999, &[16]),
    (601_100, 601_199, &[16, 19]),
    (620_000, 629_999, &[16, 17, 18, 19]),
    (644_000, 659_999, &[16, 19]),
    (222_100, 272_099, &[16]),
    (501_800, 501_899, &[16]),
    (503_800, 503_899, &[16]),
    (675_900, 676_399, &[16, 18, 19]),
];

/// The end of the card number that starts at a place with these groups.
pub(crate) fn at(text: &[u8], start: usize, groups: &Groups) -> Option<usize> {
    if !begins(text, start) {
        return None;
    }
    (1..=groups.count()).rev().find_map(|count| {
        let end = groups.end(count);
        let grouped =
            is_grouping(groups.sizes().get(..count)?) && matches!(groups.separator(count)?, 0 | b' ' | b'-');
        (grouped && ends(text, end) && is_card(text, start, end)).then_some(end)
    })
}

/// Whether people group card numbers like this: not at all, by four, or as American Express and Diners Club do.
fn is_grouping(sizes: &[u8]) -> bool {
    match sizes {
        [size] => (13..=19).contains(size),
        [4, 6, 4 | 5] => true,
        [first @ .., last] => {
            (3..=4).contains(&first.len()) && first.iter().all(|size| *size == 4) && (1..=4).contains(last)
        }
        [] => false,
    }
}

/// Whether the digits are a number of an issuer, with the right check digit.
pub(crate) fn is_card(text: &[u8], start: usize, end: usize) -> bool {
    let length = numbers(text, start, end).count();
    let issuer = numbers(text, start, end).take(6).fold(0, |issuer, digit| issuer * 10 + digit);
    let issued = |(from, to, lengths): &Range| (*from..=*to).contains(&issuer) && lengths.contains(&length);
    RANGES.iter().any(issued) && luhn(text, start, end) && !is_round(text, start, end)
}

/// The check digit: every second digit from the right doubled, the sum a multiple of ten.
fn luhn(text: &[u8], start: usize, end: usize) -> bool {
    let sum = numbers(text, start, end).rev().enumerate().fold(0, |sum, (place, digit)| {
        let doubled = if place % 2 == 1 { digit * 2 } else { digit };
        sum + if doubled > 9 { doubled - 9 } else { doubled }
    });
    sum % 10 == 0
}

/// Round numbers such as 4000000000000000006 pass the check by chance: zeros between issuer and check digit.
fn is_round(text: &[u8], start: usize, end: usize) -> bool {
    numbers(text, start, end).rev().skip(1).take(7).all(|digit| digit == 0)
}
