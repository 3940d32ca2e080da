//! The public keys of an issuer (RFC 7517), as the control plane fetched them.
//!
//! Only keys that can check a signature of the allowed kinds are kept: what else a set holds (keys for encryption, shared
//! secrets, private keys, other curves) does not exist here, so that no header of a token can choose it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::VerifyingKey as Ed25519Key;
use mcp::{Json, Limits};
use p256::ecdsa::{Signature as P256Signature, VerifyingKey as P256Key, signature::Verifier as _};
use policy::document::identity::Algorithm;
use rsa::{BigUint, Pkcs1v15Sign, RsaPublicKey, traits::PublicKeyParts};
use sha2::{Digest, Sha256};

/// Longest set, in bytes.
pub const MAX_BYTES: usize = 256 * 1024;
/// Most keys of one set.
pub const MAX_KEYS: usize = 64;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 8, members: 10_000 };

/// Sizes of RSA keys, in bits. Shorter ones can be broken (RFC 7518 §3.3), longer ones would slow every call.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=4096;
/// `DigestInfo` of SHA-256 without the digest (RFC 8017 §9.2).
const SHA256_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// The usable keys of a set.
#[derive(Clone, Debug, Default)]
pub struct KeySet(Vec<PublicKey>);

/// One key that checks signatures.
#[derive(Clone, Debug)]
pub(crate) struct PublicKey {
    id: Option<String>,
    material: Material,
}

#[derive(Clone, Debug)]
enum Material {
    Ed25519(Box<Ed25519Key>),
    P256(Box<P256Key>),
    Rsa(Box<RsaPublicKey>),
}

/// The text is no set of keys that can be used.
#[derive(Debug, thiserror::Error)]
pub enum InvalidKeySet {
    /// Not strict JSON.
    #[error("it is no JSON: {0}")]
    Json(#[from] mcp::JsonError),
    /// Not a set.
    #[error("it has no list `keys`")]
    NoList,
    /// Too many keys.
    #[error("it has {0} keys, at most {MAX_KEYS} are possible")]
    TooMany(usize),
    /// None that could check a signature.
    #[error(
        "none of its keys can be used: expected RSA of 2048 to 4096 bits, EC on P-256, or OKP with Ed25519"
    )]
    Unusable,
}

impl KeySet {
    /// Reads a set.
    ///
    /// # Errors
    /// The text is no set, too large, or holds no key that can be used.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidKeySet> {
        let set = Json::parse(bytes, &LIMITS)?;
        let keys = set.member("keys").and_then(Json::array).ok_or(InvalidKeySet::NoList)?;
        if keys.len() > MAX_KEYS {
            return Err(InvalidKeySet::TooMany(keys.len()));
        }
        let usable: Vec<_> = keys.into_iter().filter_map(PublicKey::read).collect();
        if usable.is_empty() { Err(InvalidKeySet::Unusable) } else { Ok(Self(usable)) }
    }

    /// How many keys can be used.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys a signature may be checked with. A token without a key id fits only where one key is left to choose.
    pub(crate) fn candidates(&self, id: Option<&str>, algorithm: Algorithm) -> Vec<&PublicKey> {
        let fitting = self.0.iter().filter(|key| key.material.algorithm() == algorithm);
        match id {
            Some(id) => fitting.filter(|key| key.id.as_deref() == Some(id)).collect(),
            None => {
                let fitting: Vec<_> = fitting.collect();
                if fitting.len() == 1 { fitting } else { Vec::new() }
            }
        }
    }
}

impl PublicKey {
    fn read(json: Json<'_>) -> Option<Self> {
        let text = |name: &str| json.member(name).and_then(Json::as_str);
        let use_fits = json.member("use").is_none_or(|value| value.as_str().as_deref() == Some("sig"));
        let verifies = |list: Json<'_>| {
            list.array()
                .is_some_and(|items| items.iter().any(|item| item.as_str().as_deref() == Some("verify")))
        };
        let operations_fit = json.member("key_ops").is_none_or(verifies);
        // A set that shows a private key has given it away: what it signs proves nothing.
        if !use_fits || !operations_fit || json.member("d").is_some() {
            return None;
        }
        let number = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?.as_bytes()).ok();
        let material = match (text("kty")?.as_ref(), text("crv").as_deref()) {
            ("RSA", None) => rsa_key(&number("n")?, &number("e")?)?,
            ("EC", Some("P-256")) => p256_key(&number("x")?, &number("y")?)?,
            ("OKP", Some("Ed25519")) => ed25519_key(&number("x")?)?,
            _ => return None,
        };
        let algorithm_fits = json.member("alg").is_none_or(|value| {
            value.as_str().and_then(|name| algorithm(&name)) == Some(material.algorithm())
        });
        let id = match json.member("kid") {
            Some(id) => Some(id.as_str()?.into_owned()),
            None => None,
        };
        algorithm_fits.then_some(Self { id, material })
    }

    /// Whether the signature is this key's.
    pub(crate) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify_strict(message, &signature).is_ok()),
            Material::P256(key) => P256Signature::from_slice(signature)
                .is_ok_and(|signature| key.verify(message, &signature).is_ok()),
            Material::Rsa(key) => {
                let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: Box::new(SHA256_INFO) };
                key.verify(scheme, &Sha256::digest(message), signature).is_ok()
            }
        }
    }
}

impl Material {
    const fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::EdDsa,
            Self::P256(_) => Algorithm::Es256,
            Self::Rsa(_) => Algorithm::Rs256,
        }
    }
}

/// The algorithm of a value of `alg`; `Ed25519` is the newer name of `EdDSA` with that curve (RFC 9864).
pub(crate) fn algorithm(name: &str) -> Option<Algorithm> {
    match name {
        "ES256" => Some(Algorithm::Es256),
        "EdDSA" | "Ed25519" => Some(Algorithm::EdDsa),
        "RS256" => Some(Algorithm::Rs256),
        _ => None,
    }
}

fn rsa_key(modulus: &[u8], exponent: &[u8]) -> Option<Material> {
    let (modulus, exponent) = (BigUint::from_bytes_be(modulus), BigUint::from_bytes_be(exponent));
    let key = RsaPublicKey::new_with_max_size(modulus, exponent, *RSA_BITS.end()).ok()?;
    let bits = key.n().bits();
    let odd = |number: &BigUint| number.to_bytes_le().first().is_some_and(|byte| byte & 1 == 1);
    let sound = RSA_BITS.contains(&bits) && odd(key.n()) && odd(key.e());
    sound.then(|| Material::Rsa(Box::new(key)))
}

fn p256_key(x: &[u8], y: &[u8]) -> Option<Material> {
    // The uncompressed point (SEC 1 §2.3.3); a point that is not on the curve is refused.
    let point: Vec<u8> = [0x04].iter().chain(x).chain(y).copied().collect();
    if x.len() != 32 || y.len() != 32 {
        return None;
    }
    Some(Material::P256(Box::new(P256Key::from_sec1_bytes(&point).ok()?)))
}

fn ed25519_key(x: &[u8]) -> Option<Material> {
    let key = Ed25519Key::from_bytes(x.try_into().ok()?).ok()?;
    (!key.is_weak()).then(|| Material::Ed25519(Box::new(key)))
}
