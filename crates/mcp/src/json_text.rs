//! Writing JSON by hand, for the few messages the gateway makes itself.

/// Appends `text` as a JSON string, quotes included.
pub fn write_string(out: &mut Vec<u8>, text: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for byte in text.bytes() {
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
    out.push(b'"');
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
    fn other_text_stays_as_it_is() {
        check("", "\"\"");
        check("grüße 😀 / \u{7f}", "\"grüße 😀 / \u{7f}\"");
    }
}
