//! What seals stored credentials: XChaCha20-Poly1305 under a key that is not in the store.
//!
//! The key comes from the environment, or from a file beside the tokens that is made at the first start. Who has only the
//! store, or a copy of it, has no credential. A sealed credential is bound to its name.

use std::{fmt, path::Path};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use crate::tokens::{self, TokenError};

/// The file of the key.
pub const KEY_FILE: &str = "store.key";
/// The environment variable that holds the key, in place of the file.
pub const KEY_VARIABLE: &str = "TRIGATE_STORE_KEY";

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// Seals and opens.
#[derive(Clone)]
pub struct Vault(XChaCha20Poly1305);

/// Why there is no vault, or nothing comes out of it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// The key is not one.
    #[error(
        "{place} holds no key: expected {KEY_BYTES} random bytes as base64url without padding, 43 characters"
    )]
    Key {
        /// The file or variable.
        place: String,
    },
    /// The file of the key cannot be used.
    #[error("{0}")]
    File(#[from] TokenError),
    /// Sealed with another key, or changed.
    #[error(
        "the stored credential does not open with this key; store it again, or bring back the key it was sealed with"
    )]
    Sealed,
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    Entropy(getrandom::Error),
}

impl Vault {
    /// Under the key of the environment or, without one, of the state directory, where it is made if it is not there.
    ///
    /// # Errors
    /// The key is malformed, or its file cannot be made or read, or is open to other users.
    pub fn open(directory: &Path) -> Result<Self, VaultError> {
        if let Some(key) = std::env::var_os(KEY_VARIABLE) {
            let place = format!("environment variable `{KEY_VARIABLE}`");
            return Self::of(&key.to_string_lossy(), place);
        }
        // A key has the form of a token: both are 32 random bytes in one line of a file of their owner's.
        let path = directory.join(KEY_FILE);
        let key = tokens::token(&path)?;
        Self::of(key.text(), format!("file `{}`", path.display()))
    }

    fn of(key: &str, place: String) -> Result<Self, VaultError> {
        let decoded = URL_SAFE_NO_PAD.decode(key.trim()).ok().filter(|bytes| bytes.len() == KEY_BYTES);
        let cipher = decoded.and_then(|bytes| XChaCha20Poly1305::new_from_slice(&bytes).ok());
        cipher.map(Self).ok_or(VaultError::Key { place })
    }

    /// Seals a secret for its name.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn seal(&self, name: &str, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let mut nonce = [0; NONCE_BYTES];
        getrandom::fill(&mut nonce).map_err(VaultError::Entropy)?;
        let payload = Payload { msg: secret, aad: name.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Sealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this name.
    ///
    /// # Errors
    /// It was sealed with another key or for another name, or changed.
    pub fn unseal(&self, name: &str, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::Sealed)?;
        let payload = Payload { msg: sealed, aad: name.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Sealed)
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn vault(byte: u8) -> Vault {
        Vault::of(&URL_SAFE_NO_PAD.encode([byte; KEY_BYTES]), String::new()).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_its_name_under_its_key_alone() {
        let sealed = vault(1).seal("tickets", b"secret").unwrap();
        assert_eq!(vault(1).unseal("tickets", &sealed).unwrap(), b"secret");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert!(vault(2).unseal("tickets", &sealed).is_err());
        assert!(vault(1).unseal("other", &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault(1).unseal("tickets", &changed).is_err(), "byte {at}");
            assert!(vault(1).unseal("tickets", &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn the_same_secret_is_never_sealed_alike() {
        assert_ne!(vault(1).seal("a", b"x").unwrap(), vault(1).seal("a", b"x").unwrap());
    }

    #[test]
    fn a_key_is_made_once_and_for_its_owner_alone() {
        let directory = tempfile::tempdir().unwrap();
        let sealed = Vault::open(directory.path()).unwrap().seal("a", b"x").unwrap();
        assert_eq!(Vault::open(directory.path()).unwrap().unseal("a", &sealed).unwrap(), b"x");
        let path = directory.path().join(KEY_FILE);
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        fs::write(&path, "short and not base64 ............................").unwrap();
        assert!(matches!(Vault::open(directory.path()), Err(VaultError::Key { .. } | VaultError::File(_))));
    }

    #[test]
    fn no_debug_output_holds_the_key() {
        assert_eq!(format!("{:?}", vault(1)), "Vault(..)");
    }
}
