//! The decision id: one name for one decision, the same in both gates' audit rows.

use std::fmt;

/// 26 characters of Crockford's base 32 in lower case, as in ULID: 48 bits of Unix milliseconds, then 80 bits that the
/// host drew at random. Ids sort by time.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DecisionId(u128);

const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl DecisionId {
    /// An id from the moment and from entropy (80 bits of it are used). The same pair gives the same id: the host must
    /// never repeat one.
    #[must_use]
    pub const fn new(unix_ms: u64, entropy: u128) -> Self {
        Self(((unix_ms as u128) << 80) | (entropy & ((1 << 80) - 1)))
    }
}

impl DecisionId {
    /// The id as bytes.
    pub(crate) const fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }
}

/// A sequence of entropies that differ from each other and, seeded at random, from those of other nodes.
#[derive(Clone, Copy, Debug, Default)]
pub struct DecisionIds(u128);

impl DecisionIds {
    /// An odd number with well-mixed bits: its multiples differ in their low 80 bits for 2^80 counts.
    const STRIDE: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

    /// A sequence that begins with 128 random bits.
    #[must_use]
    pub const fn seeded(seed: u128) -> Self {
        Self(seed)
    }

    /// The next id.
    #[must_use]
    pub const fn next(&mut self, unix_ms: u64) -> DecisionId {
        self.0 = self.0.wrapping_add(Self::STRIDE);
        DecisionId::new(unix_ms, self.0)
    }
}

impl fmt::Display for DecisionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [b'0'; 26];
        let mut rest = self.0;
        for place in text.iter_mut().rev() {
            *place = DIGITS.get((rest & 31) as usize).copied().unwrap_or(b'0');
            rest >>= 5;
        }
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_26_characters_and_sort_by_time() {
        let early = DecisionId::new(1_763_000_000_000, u128::MAX).to_string();
        let late = DecisionId::new(1_763_000_000_001, 0).to_string();
        assert_eq!(early.len(), 26);
        assert!(early < late, "{early} {late}");
    }

    #[test]
    fn entropy_tells_ids_of_one_moment_apart() {
        assert_ne!(DecisionId::new(1, 1).to_string(), DecisionId::new(1, 2).to_string());
    }
}
