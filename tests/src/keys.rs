//! API keys for policies under test.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// A key that a policy may name.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its public part, 12 characters of `a-z2-7`.
    pub id: String,
    /// The whole text, as an agent sends it.
    pub text: String,
}

impl Key {
    /// The key for a role: the same role has the same key, in every run.
    pub fn of(role: &str) -> Self {
        let letters: String =
            role.chars().filter(char::is_ascii_lowercase).chain(std::iter::repeat('a')).take(12).collect();
        let secret: String = letters.chars().cycle().take(52).collect();
        Self { text: format!("tg_{letters}_{secret}"), id: letters }
    }

    /// The line of a policy document's `keys` that admits it.
    pub fn line(&self, role: &str) -> String {
        format!("  - {{ id: {}, name: {role}-agent, role: {role}, sha256: \"{}\" }}", self.id, self.digest())
    }

    /// The same, for a key that has expired.
    pub fn expired_line(&self, role: &str) -> String {
        self.line(role).replace(" }", ", expires: 2020-01-01T00:00:00Z }")
    }

    fn digest(&self) -> String {
        Sha256::digest(self.text.as_bytes()).iter().fold(String::new(), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
