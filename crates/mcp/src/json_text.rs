//! Writing JSON by hand, for the few messages the gateway makes itself.

/// Bytes looked at in one step.
const STEP: usize = 8;

/// Appends `text` as a JSON string, quotes included.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    // Rows are written by this: steps of a fixed size cost one load and one store each.
    while let Some((step, after)) = rest.split_first_chunk::<STEP>() {
        out.extend_from_slice(step);
        let Some(clean) = leading_clean(*step) else {
            rest = after;
            continue;
        };
        out.truncate(out.len() - STEP + clean);
        rest = rest.get(clean..).unwrap_or_default();
        if let Some((byte, after)) = rest.split_first() {
            escape(out, *byte);
            rest = after;
        }
    }
    for byte in rest {
        escape(out, *byte);
    }
    out.push(b'"');
}

/// How many bytes come before the first that has to be escaped; none where there is no such byte.
fn leading_clean(step: [u8; STEP]) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; STEP]);
    const HIGH: u64 = ONES << 7;
    let word = u64::from_le_bytes(step);
    // The lowest marked byte is right; above it a borrow may mark others, which nobody asks for.
    let below = |limit: u64| word.wrapping_sub(ONES * limit) & !word & HIGH;
    let equal = |byte: u8| {
        let difference = word ^ (ONES * u64::from(byte));
        difference.wrapping_sub(ONES) & !difference & HIGH
    };
    let marked = below(0x20) | equal(b'"') | equal(b'\\');
    (marked != 0).then(|| (marked.trailing_zeros() / 8) as usize)
}

/// Appends one byte of a string, escaped where it has to be.
fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    match byte {
        b'"' => out.extend_from_slice(b"\\\""),
        b'\\' => out.extend_from_slice(b"\\\\"),
        b'\n' => out.extend_from_slice(b"\\n"),
        b'\r' => out.extend_from_slice(b"\\r"),
        b'\t' => out.extend_from_slice(b"\\t"),
        // Control characters have two hexadecimal digits, the first of which is 0 or 1.
        0..=0x1f => {
            let low = HEX.get(usize::from(byte & 0xf)).copied().unwrap_or(b'0');
            out.extend_from_slice(&[b'\\', b'u', b'0', b'0', b'0' + (byte >> 4), low]);
        }
        _ => out.push(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::write_string;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut out = Vec::new();
        write_string(&mut out, text);
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn quotes_backslashes_and_control_characters_are_escaped() {
        check("a\"b\\c", r#""a\"b\\c""#);
        check("\n\r\t\u{0}\u{1f}\u{8}", r#""\n\r\t\u0000\u001f\u0008""#);
    }

    #[test]
    fn every_byte_is_escaped_alike_wherever_it_stands() {
        for character in ('\u{0}'..='\u{80}').chain(['ß', '😀']) {
            let mut alone = Vec::new();
            write_string(&mut alone, &character.to_string());
            let alone = String::from_utf8(alone).unwrap();
            let escaped = alone.trim_start_matches('"').strip_suffix('"').unwrap();
            let escaped = if character == '"' { "\\\"" } else { escaped };
            for before in 0..=17 {
                let (before, after) = ("x".repeat(before), "y".repeat(17 - before));
                check(&format!("{before}{character}{after}"), &format!("\"{before}{escaped}{after}\""));
            }
        }
    }

    #[test]
    fn other_text_stays_as_it_is() {
        check("", "\"\"");
        check("grüße 😀 / \u{7f}", "\"grüße 😀 / \u{7f}\"");
    }
}
