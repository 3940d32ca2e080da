//! The one spelling of a number: its significant digits and the power of ten they are multiplied by.
//!
//! `100`, `1E+2` and `100.00` are `1e2`; `0.5` is `5e-1`; every zero is `0`. Nothing is rounded.

/// Writes a number that the parser has accepted.
pub(super) fn write(text: &str, out: &mut Vec<u8>) {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent),
        None => (text, "0"),
    };
    let unsigned = mantissa.trim_start_matches('-');
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_start_matches('0').trim_end_matches('0');
    if significant.is_empty() {
        out.push(b'0');
        return;
    }
    let trailing = digits.len() - digits.trim_end_matches('0').len();
    let Some(exponent) =
        exponent.parse::<i64>().ok().and_then(|exponent| shifted(exponent, trailing, fraction))
    else {
        // No decimal exponent of this size means anything to anybody: such numbers are equal if they are spelt alike.
        out.extend_from_slice(text.as_bytes());
        return;
    };
    if unsigned.len() < mantissa.len() {
        out.push(b'-');
    }
    out.extend_from_slice(significant.as_bytes());
    if exponent != 0 {
        out.push(b'e');
        out.extend_from_slice(exponent.to_string().as_bytes());
    }
}

/// The exponent once the digits are read as a whole number without trailing zeros.
fn shifted(exponent: i64, trailing: usize, fraction: &str) -> Option<i64> {
    let shift = i64::try_from(trailing).ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    exponent.checked_add(shift)
}
