//! Numbers as decimals: sign, digits and a power of ten, in whole numbers, so that nothing is rounded.

use std::cmp::Ordering;

use crate::condition::Number as Exact;

/// A number. Each value has one form: no zeros at the end of the digits, zero without sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    digits: u64,
    exponent: i32,
}

/// Doubles hold every decimal of so many digits, and no shorter text names the same double.
const SURELY_EXACT: u64 = 1_000_000_000_000_000;
/// Powers of ten between which that is so.
const SURELY_NORMAL: u32 = 270;

impl Decimal {
    /// The number a JSON text writes; none where conditions would not have it either.
    pub(super) fn of_json(text: &str) -> Option<Decimal> {
        let decimal = Decimal::read(text)?;
        let exact = if text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')) {
            let short = decimal.digits < SURELY_EXACT && decimal.exponent.unsigned_abs() < SURELY_NORMAL;
            short || Exact::of_json(text).is_some()
        } else {
            text.parse::<i64>().is_ok() || text.parse::<u64>().is_ok()
        };
        exact.then_some(decimal)
    }

    /// A number of a schema, which has been read without loss.
    pub(super) fn of_schema(number: &serde_json::Number) -> Option<Decimal> {
        Decimal::read(&number.to_string())
    }

    fn read(text: &str) -> Option<Decimal> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, written) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = 0_u64;
        // Zeros wait: at the end they are no digits.
        let (mut zeros, mut passed) = (0_u32, 0_i64);
        for digit in whole.bytes().chain(fraction.bytes()).map(|byte| byte.wrapping_sub(b'0')) {
            passed += 1;
            match digit {
                0 if digits == 0 => {}
                0 => zeros += 1,
                digit => {
                    let shifted = digits.checked_mul(10_u64.checked_pow(zeros + 1)?)?;
                    digits = shifted.checked_add(u64::from(digit))?;
                    zeros = 0;
                }
            }
        }
        if digits == 0 {
            return Some(Decimal { negative: false, digits: 0, exponent: 0 });
        }
        let point = i64::try_from(whole.len()).ok()?;
        let exponent = written.parse::<i64>().ok()?.checked_add(point - passed + i64::from(zeros))?;
        Some(Decimal { negative, digits, exponent: i32::try_from(exponent).ok()? })
    }

    /// Whether it has no fraction.
    pub(super) fn is_whole(self) -> bool {
        self.exponent >= 0
    }

    /// Whether it is above zero.
    pub(super) fn is_positive(self) -> bool {
        !self.negative && self.digits > 0
    }

    /// The number as a count: whole and not negative. One that is too large for any text or list is the largest.
    pub(super) fn as_count(self) -> Option<u64> {
        if self.negative || !self.is_whole() {
            return None;
        }
        let power = u32::try_from(self.exponent).ok().and_then(|exponent| 10_u64.checked_pow(exponent));
        Some(power.and_then(|power| self.digits.checked_mul(power)).unwrap_or(u64::MAX))
    }

    /// Whether it is a whole number of times `other`.
    pub(super) fn is_multiple_of(self, other: Decimal) -> bool {
        if self.digits == 0 || other.digits == 0 {
            return self.digits == 0;
        }
        // With fewer tens than `other` it would need a zero at the end of its digits.
        let Ok(mut tens) = u32::try_from(self.exponent - other.exponent) else { return false };
        let divisor = u128::from(other.digits);
        let (mut rest, mut square) = (u128::from(self.digits) % divisor, 10 % divisor);
        while tens > 0 {
            if tens % 2 == 1 {
                rest = rest * square % divisor;
            }
            square = square * square % divisor;
            tens /= 2;
        }
        rest == 0
    }

    /// Compares without regard to the sign.
    fn compare_size(self, other: Decimal) -> Ordering {
        if self.digits == 0 || other.digits == 0 {
            return self.digits.cmp(&other.digits);
        }
        let length = |of: Decimal| i32::try_from(of.digits.ilog10()).unwrap_or(i32::MAX);
        let (own, others) = (length(self), length(other));
        let first =
            (i64::from(own) + i64::from(self.exponent)).cmp(&(i64::from(others) + i64::from(other.exponent)));
        // Equally many places: both made as long as the longer one. Forty digits fit.
        let widened =
            |of: Decimal, by: i32| u128::from(of.digits) * 10_u128.pow(u32::try_from(by).unwrap_or_default());
        first.then_with(|| widened(self, others - own).cmp(&widened(other, own - others)))
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.compare_size(*other),
            (true, true) => other.compare_size(*self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::of_json(text).unwrap_or_else(|| panic!("{text}"))
    }

    #[test]
    fn each_value_has_one_form() {
        for (left, right) in
            [("1", "1.0"), ("100", "1e2"), ("-0.0", "0"), ("0e999", "0"), ("1.10", "11e-1"), ("0.05", "5E-2")]
        {
            assert_eq!(decimal(left), decimal(right), "{left} {right}");
        }
    }

    #[test]
    fn decimals_are_ordered_by_value() {
        let ascending = [
            "-1e300",
            "-18",
            "-2.5",
            "-2",
            "-0.1",
            "-1e-300",
            "0",
            "1e-300",
            "0.1",
            "0.11",
            "0.5",
            "2",
            "2.5",
            "10",
            "18",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "18446744073709551614",
            "18446744073709551615",
            "1e20",
            "1e300",
        ];
        for (at, left) in ascending.iter().enumerate() {
            for (other, right) in ascending.iter().enumerate() {
                assert_eq!(decimal(left).cmp(&decimal(right)), at.cmp(&other), "{left} {right}");
            }
        }
    }

    #[test]
    fn multiples_are_exact() {
        for (value, of, expected) in [
            ("0.3", "0.1", true),
            ("0.35", "0.1", false),
            ("19.99", "0.01", true),
            ("7", "2", false),
            ("0", "3", true),
            ("-9", "3", true),
            ("1e300", "3", false),
            ("3e300", "3", true),
            ("1", "0.25", true),
            ("0.1", "1", false),
            ("18446744073709551615", "5", true),
            ("18446744073709551615", "2", false),
            ("1e308", "1e-308", true),
            ("4.5", "1.5", true),
        ] {
            assert_eq!(decimal(value).is_multiple_of(decimal(of)), expected, "{value} {of}");
        }
    }

    #[test]
    fn what_conditions_cannot_hold_is_no_decimal() {
        for text in [
            "9007199254740993.0",
            "18446744073709551616",
            "0.10000000000000000001",
            "1e-400",
            "0.1",
            "1e22",
            "1.7976931348623157e308",
            "5e-324",
            "123456789012345.6",
            "1234567890123456.7",
            "-9223372036854775809",
        ] {
            assert_eq!(Decimal::of_json(text).is_some(), Exact::of_json(text).is_some(), "{text}");
        }
    }
}
