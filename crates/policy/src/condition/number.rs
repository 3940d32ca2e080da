//! Numbers without loss: whole numbers as such, others as doubles only where the double says what the text says.

use std::cmp::Ordering;
use std::fmt;

/// A number of an expression.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    UInt(u64),
    /// Always finite.
    Double(f64),
}

/// A decimal: sign, digits without zeros at either end, and the power of ten of the last one.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    negative: bool,
    digits: String,
    exponent: i64,
}

impl Number {
    /// The number a JSON text writes; none where no form holds it exactly.
    pub(crate) fn of_json(text: &str) -> Option<Number> {
        if !text.contains(['.', 'e', 'E']) {
            let whole = text.parse().map(Number::Int);
            return whole.or_else(|_| text.parse().map(Number::UInt)).ok();
        }
        let double: f64 = text.parse().ok()?;
        // The shortest text of a double is its name: if it means what was written, nothing was lost.
        let exact = double.is_finite() && Decimal::of(text)? == Decimal::of(&format!("{double:e}"))?;
        exact.then_some(Number::Double(double))
    }

    pub(super) fn compare(self, other: Number) -> Ordering {
        match (self, other) {
            (Number::Double(left), Number::Double(right)) => left.total_cmp(&right),
            (Number::Double(left), right) => compare_whole(right.whole(), left).reverse(),
            (left, Number::Double(right)) => compare_whole(left.whole(), right),
            (left, right) => left.whole().cmp(&right.whole()),
        }
    }

    fn whole(self) -> i128 {
        match self {
            Number::Int(number) => i128::from(number),
            Number::UInt(number) => i128::from(number),
            Number::Double(number) => number as i128,
        }
    }

    /// The double of exactly this value.
    pub(super) fn to_double(self) -> Option<f64> {
        match self {
            Number::Double(double) => Some(double),
            whole => {
                let double = whole.whole() as f64;
                (double as i128 == whole.whole()).then_some(double)
            }
        }
    }

    /// Cut to a whole number.
    pub(super) fn to_int(self) -> Option<i64> {
        i64::try_from(self.truncated()?).ok()
    }

    /// Cut to a whole number without sign.
    pub(super) fn to_uint(self) -> Option<u64> {
        u64::try_from(self.truncated()?).ok()
    }

    fn truncated(self) -> Option<i128> {
        match self {
            Number::Double(double) => (double.abs() < 1e30).then_some(double as i128),
            whole => Some(whole.whole()),
        }
    }
}

/// A whole number with a double, without making the one into the other.
fn compare_whole(whole: i128, double: f64) -> Ordering {
    if double.abs() >= 1e30 {
        return if double > 0.0 { Ordering::Less } else { Ordering::Greater };
    }
    whole.cmp(&(double as i128)).then_with(|| 0.0_f64.partial_cmp(&double.fract()).unwrap_or(Ordering::Equal))
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Int(number) => number.fmt(f),
            Number::UInt(number) => number.fmt(f),
            Number::Double(number) => number.fmt(f),
        }
    }
}

impl Decimal {
    fn of(text: &str) -> Option<Decimal> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let digits = digits.trim_start_matches('0');
        let kept = digits.trim_end_matches('0');
        if kept.is_empty() {
            return Some(Decimal { negative: false, digits: String::new(), exponent: 0 });
        }
        let cut = i64::try_from(digits.len() - kept.len()).ok()?;
        let shift = i64::try_from(fraction.len()).ok()?;
        let exponent = exponent.parse::<i64>().ok()?.checked_sub(shift)?.checked_add(cut)?;
        Some(Decimal { negative, digits: kept.to_owned(), exponent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<Number>) {
        assert_eq!(Number::of_json(text), expected, "{text}");
    }

    #[test]
    fn whole_numbers_are_exact_or_refused() {
        check("0", Some(Number::Int(0)));
        check("-0", Some(Number::Int(0)));
        check("9007199254740993", Some(Number::Int(9_007_199_254_740_993)));
        check("9223372036854775807", Some(Number::Int(i64::MAX)));
        check("9223372036854775808", Some(Number::UInt(1 << 63)));
        check("18446744073709551615", Some(Number::UInt(u64::MAX)));
        check("18446744073709551616", None);
        check("-9223372036854775809", None);
    }

    #[test]
    fn decimals_are_doubles_only_where_nothing_is_lost() {
        check("0.1", Some(Number::Double(0.1)));
        check("1.10", Some(Number::Double(1.1)));
        check("3.0e0", Some(Number::Double(3.0)));
        check("1E2", Some(Number::Double(100.0)));
        check("-0.0", Some(Number::Double(-0.0)));
        check("0e99999999999999999999", Some(Number::Double(0.0)));
        check("0.10000000000000000001", None);
        check("9007199254740993.0", None);
        check("1e-400", None);
        check("1e-99999999999999999999", None);
    }

    #[test]
    fn kinds_compare_by_value() {
        use Ordering::{Equal, Greater, Less};
        let max = 9_007_199_254_740_993;
        for (left, right, expected) in [
            (Number::Int(3), Number::Double(3.0), Equal),
            (Number::Int(3), Number::Double(3.5), Less),
            (Number::Int(-3), Number::Double(-3.5), Greater),
            (Number::Int(max), Number::Double(9_007_199_254_740_992.0), Greater),
            (Number::UInt(u64::MAX), Number::Int(-1), Greater),
            (Number::UInt(u64::MAX), Number::Double(1e300), Less),
            (Number::Int(i64::MIN), Number::Double(-1e300), Greater),
            (Number::Double(-0.0), Number::Int(0), Equal),
        ] {
            assert_eq!(left.compare(right), expected, "{left:?} {right:?}");
            assert_eq!(right.compare(left), expected.reverse(), "{right:?} {left:?}");
        }
    }
}
