//! The text of an API key: `tg_<id>_<secret>`, id 12 and secret 52 characters of `a-z2-7`.
//!
//! Whether a key is accepted is decided by [`RuleSet::authenticate`](crate::RuleSet::authenticate); randomness comes in as
//! an argument.

use std::fmt;

use sha2::{Digest, Sha256};
use thiserror::Error;

const ALPHABET: [char; 32] = [
    'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u',
    'v', 'w', 'x', 'y', 'z', '2', '3', '4', '5', '6', '7',
];
const PREFIX: &str = "tg_";
const ID: usize = 12;
const SECRET: usize = 52;

/// Bytes of entropy that [`ApiKeyText::generate`] takes: five bits for each character.
pub const ENTROPY: usize = 40;

/// A well-formed key. It is a secret: it has no `Display`, and `Debug` shows the id only.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyText {
    text: String,
    id: String,
}

/// The text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("malformed API key; expected `tg_`, 12 characters, `_` and 52 characters of a-z and 2-7")]
pub struct MalformedKey;

impl ApiKeyText {
    /// Reads a key.
    ///
    /// # Errors
    /// The text has another form.
    pub fn parse(text: &str) -> Result<ApiKeyText, MalformedKey> {
        let rest = text.strip_prefix(PREFIX).ok_or(MalformedKey)?;
        let (id, secret) = rest.split_once('_').ok_or(MalformedKey)?;
        if !is_id(id) || secret.len() != SECRET || !in_alphabet(secret) {
            return Err(MalformedKey);
        }
        Ok(ApiKeyText { text: text.to_owned(), id: id.to_owned() })
    }

    /// Makes a key of random bytes.
    #[must_use]
    pub fn generate(entropy: &[u8; ENTROPY]) -> ApiKeyText {
        let mut characters = entropy.chunks(5).flat_map(|chunk| {
            let bits = chunk.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
            (0..8).map(move |place| character(bits >> (place * 5)))
        });
        let id: String = characters.by_ref().take(ID).collect();
        let secret: String = characters.take(SECRET).collect();
        ApiKeyText { text: format!("{PREFIX}{id}_{secret}"), id }
    }

    /// The part that is no secret.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The whole key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the whole text.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.text.as_bytes()).into()
    }

    /// [`Self::digest`] as the document writes it.
    #[must_use]
    pub fn digest_hex(&self) -> String {
        self.digest().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for ApiKeyText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKeyText({PREFIX}{}_…)", self.id)
    }
}

/// Whether the text can be the id of a key.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == ID && in_alphabet(text)
}

/// The 32 bytes of a digest written as 64 lower-case hex digits.
pub(crate) fn digest_from_hex(text: &str) -> Option<[u8; 32]> {
    let mut digest = [0_u8; 32];
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = pair.iter().try_fold(0, |byte, digit| Some((byte << 4) | nibble(*digit)?))?;
    }
    Some(digest)
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

fn in_alphabet(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7'))
}

/// The character of the low five bits.
fn character(bits: u64) -> char {
    usize::try_from(bits & 31).ok().and_then(|index| ALPHABET.get(index)).copied().unwrap_or('a')
}

#[cfg(test)]
mod tests {
    use super::{ApiKeyText, ENTROPY, MalformedKey, digest_from_hex};

    #[test]
    fn a_generated_key_is_well_formed() {
        let entropy: [u8; ENTROPY] = std::array::from_fn(|index| u8::try_from(index * 37 % 256).unwrap());
        let key = ApiKeyText::generate(&entropy);
        assert_eq!(ApiKeyText::parse(key.as_str()), Ok(key.clone()));
        assert_eq!(key.as_str().len(), 68);
        assert_eq!(digest_from_hex(&key.digest_hex()), Some(key.digest()));
    }

    #[test]
    fn every_bit_of_entropy_counts() {
        let plain = ApiKeyText::generate(&[0; ENTROPY]);
        for bit in 0..ENTROPY * 8 {
            let mut entropy = [0; ENTROPY];
            entropy[bit / 8] = 1 << (bit % 8);
            assert_ne!(ApiKeyText::generate(&entropy), plain, "bit {bit}");
        }
    }

    #[test]
    fn other_text_is_no_key() {
        let good = ApiKeyText::generate(&[9; ENTROPY]).as_str().to_owned();
        for bad in ["", "tg_", "tg__", "sk-1234", "tg_k7f3q2m5x4aa_short"] {
            assert_eq!(ApiKeyText::parse(bad), Err(MalformedKey), "{bad}");
        }
        for bad in [
            good.to_uppercase(),
            format!("{good}a"),
            format!(" {good}"),
            good.replace('_', "-"),
            good.replacen("tg", "tk", 1),
        ] {
            assert_eq!(ApiKeyText::parse(&bad), Err(MalformedKey), "{bad}");
        }
    }

    #[test]
    fn the_digest_covers_the_whole_text() {
        let key = ApiKeyText::generate(&[0; ENTROPY]);
        let text = format!("tg_{}_{}", "a".repeat(12), "a".repeat(52));
        assert_eq!(key.as_str(), text);
        assert_eq!(key.digest_hex(), "f7151eb3206ee27a3ce7128a7493971ca1d0c4d18e2774e2bf47b1e66cb3653d");
    }

    #[test]
    fn debug_output_hides_the_secret() {
        let key = ApiKeyText::generate(&[0; ENTROPY]);
        assert_eq!(format!("{key:?}"), "ApiKeyText(tg_aaaaaaaaaaaa_…)");
    }
}
