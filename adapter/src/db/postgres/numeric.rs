//! PostgreSQL's binary NUMERIC as decimal digits, all of them.
//!
//! Four 16-bit words (count of digits, weight of the first, sign, digits after the point), then digits of base 10000.

/// The decimal text, or nothing if the bytes are not a NUMERIC.
pub(super) fn text(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_be_bytes(*pair));
    let count = words.next()?;
    let weight = i32::from(words.next()?.cast_signed());
    let sign = words.next()?;
    let scale = usize::from(words.next()?);
    match sign {
        0xC000 => return Some("NaN".to_owned()),
        0xD000 => return Some("Infinity".to_owned()),
        0xF000 => return Some("-Infinity".to_owned()),
        _ => {}
    }
    let digits: Vec<u16> = words.take(usize::from(count)).collect();
    let digit = |place: i32| {
        let index = weight.checked_sub(place).and_then(|index| usize::try_from(index).ok());
        index.and_then(|index| digits.get(index)).copied().unwrap_or(0)
    };
    let mut text = String::new();
    if sign == 0x4000 {
        text.push('-');
    }
    text.push_str(&digit(weight.max(0)).to_string());
    for place in (0..weight.max(0)).rev() {
        text.push_str(&format!("{:04}", digit(place)));
    }
    if scale > 0 {
        let mut fraction = String::new();
        let mut place = -1;
        while fraction.len() < scale {
            fraction.push_str(&format!("{:04}", digit(place)));
            place -= 1;
        }
        fraction.truncate(scale);
        text.push('.');
        text.push_str(&fraction);
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[track_caller]
    fn check(words: &[u16], expected: Option<&str>) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        assert_eq!(text(&bytes).as_deref(), expected);
    }

    #[test]
    fn digits_stand_where_their_weight_puts_them() {
        check(&[0, 0, 0, 0], Some("0"));
        check(&[1, 0, 0, 0], None.or(Some("0")));
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
