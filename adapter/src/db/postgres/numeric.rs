//! PostgreSQL's binary NUMERIC as decimal digits, all of them.
//!
//! Four 16-bit words (count of digits, weight of the first, sign, digits after the point), then digits of base 10000.

use super::digits::padded;

/// Digits of the decimal text that one digit of base 10000 makes.
const WIDTH: usize = 4;

/// Appends the decimal text, or is nothing if the bytes are not a NUMERIC.
pub(super) fn text(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    let (head, digits) = bytes.split_first_chunk::<8>()?;
    let [_, _, w0, w1, s0, s1, d0, d1] = *head;
    let weight = i32::from(i16::from_be_bytes([w0, w1]));
    let scale = usize::from(u16::from_be_bytes([d0, d1]));
    let digits = digits.as_chunks::<2>().0;
    let digit = |place: i32| {
        let index = weight.checked_sub(place).and_then(|index| usize::try_from(index).ok());
        let pair = index.and_then(|index| digits.get(index));
        pair.map_or(0, |pair| u64::from(u16::from_be_bytes(*pair)))
    };
    let special: &[u8] = match u16::from_be_bytes([s0, s1]) {
        0 => b"",
        0x4000 => {
            out.push(b'-');
            b""
        }
        0xC000 => b"NaN",
        0xD000 => b"Infinity",
        0xF000 => b"-Infinity",
        _ => return None,
    };
    if !special.is_empty() {
        out.extend_from_slice(special);
        return Some(());
    }
    let first = weight.max(0);
    padded(out, digit(first), 1);
    for place in (0..first).rev() {
        padded(out, digit(place), WIDTH);
    }
    if scale > 0 {
        out.push(b'.');
        let end = out.len() + scale;
        let mut place = -1;
        while out.len() < end {
            padded(out, digit(place), WIDTH);
            place -= 1;
        }
        out.truncate(end);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::text;

    #[track_caller]
    fn check(words: &[u16], expected: Option<&str>) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        let mut out = Vec::new();
        let written = text(&mut out, &bytes).map(|()| String::from_utf8(out).unwrap());
        assert_eq!(written.as_deref(), expected);
    }

    #[test]
    fn digits_stand_where_their_weight_puts_them() {
        check(&[0, 0, 0, 0], Some("0"));
        check(&[1, 0, 0, 0], Some("0"));
        check(&[2, 0, 0, 2, 12, 5000], Some("12.50"));
        check(&[1, 1, 0, 0, 3], Some("30000"));
        check(&[1, 0xFFFF, 0x4000, 4, 1], Some("-0.0001"));
        check(&[1, 0xFFFE, 0, 8, 1], Some("0.00000001"));
        check(&[3, 1, 0, 3, 1, 2345, 6780], Some("12345.678"));
    }

    #[test]
    fn what_is_not_a_number_has_a_name() {
        check(&[0, 0, 0xC000, 0], Some("NaN"));
        check(&[0, 0, 0xF000, 0], Some("-Infinity"));
    }

    #[test]
    fn too_few_bytes_are_no_number() {
        check(&[1, 0], None);
    }
}
