//! Issuers of tokens with keys of every kind, and tokens in every form.

use std::collections::HashMap;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::Signer as _;
use engine::jwks::KeySet;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Primes of a key that signs nothing but tests.
const P: &str = "d1a5f0f2b4176908fda3af3ac42fe10109edc6e993bc21ee5d63a4a19d913549c17898e6a3d5d18b47984647b704c61cae2acf0464ca0d87049b2379aeee036fd86c0b7f24e6772d1f537c2e6e43bc9037e6703fa359e1bd67f631c8e9ca1bede0377ee9519b8f697f2d250bfeda3283eae37636e752f6b0609780378fd47169";
const Q: &str = "b79a6ca79465e352796b9a9b6e688a66f515fa5371772293826ff553f94c8a14795448bdf5516b086a87054fd7a23030a421b12ddb1e2f197d3163b1f1341b2d238239e506a08450846f51f0f0b7d32b4a0503747dce2f9689e7e1fe355afcd2a4ce800e91ebc9cb057811962fd3ed89e5d06a81cd8e9f1e306b86199ca4f40f";

/// `DigestInfo` of SHA-256 (RFC 8017 §9.2).
const INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00,
    0x04, 0x20,
];

/// A key that signs tokens.
pub(crate) enum Key {
    /// ES256, from this seed.
    Ec(u8),
    /// EdDSA, from this seed.
    Ed(u8),
    /// HS256 with these bytes, which is never right.
    Shared(Vec<u8>),
    /// RS256.
    Rsa,
    /// No signature.
    None,
}

fn rsa_key() -> RsaPrivateKey {
    let prime = |hex: &str| BigUint::parse_bytes(hex.as_bytes(), 16).unwrap();
    RsaPrivateKey::from_p_q(prime(P), prime(Q), BigUint::from(65537_u32)).unwrap()
}

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

impl Key {
    /// The name of its algorithm.
    pub(crate) fn algorithm(&self) -> &'static str {
        match self {
            Key::Ec(_) => "ES256",
            Key::Ed(_) => "EdDSA",
            Key::Shared(_) => "HS256",
            Key::Rsa => "RS256",
            Key::None => "none",
        }
    }

    /// The public half as a JWK of this id.
    pub(crate) fn jwk(&self, id: &str) -> Value {
        match self {
            Key::Ec(seed) => {
                let key = p256::ecdsa::SigningKey::from_slice(&[*seed; 32]).unwrap();
                let point = key.verifying_key().to_sec1_point(false);
                let (x, y) = (point.x().unwrap(), point.y().unwrap());
                json!({"kty": "EC", "crv": "P-256", "kid": id, "x": encode(x), "y": encode(y)})
            }
            Key::Ed(seed) => {
                let key = ed25519_dalek::SigningKey::from_bytes(&[*seed; 32]).verifying_key();
                json!({"kty": "OKP", "crv": "Ed25519", "kid": id, "x": encode(key.as_bytes())})
            }
            Key::Rsa => {
                let key = rsa_key();
                let (n, e) = (encode(key.n().to_bytes_be()), encode(key.e().to_bytes_be()));
                json!({"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": n, "e": e})
            }
            Key::Shared(bytes) => json!({"kty": "oct", "kid": id, "k": encode(bytes)}),
            Key::None => json!({}),
        }
    }

    /// A token of this header and these claims.
    pub(crate) fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = match self {
            Key::Ec(seed) => {
                let key = p256::ecdsa::SigningKey::from_slice(&[*seed; 32]).unwrap();
                let signature: p256::ecdsa::Signature = key.sign(message.as_bytes());
                signature.to_bytes().to_vec()
            }
            Key::Ed(seed) => ed25519_dalek::SigningKey::from_bytes(&[*seed; 32])
                .sign(message.as_bytes())
                .to_bytes()
                .to_vec(),
            Key::Rsa => {
                let scheme = Pkcs1v15Sign { hash_len: Some(32), prefix: Box::new(INFO) };
                rsa_key().sign(scheme, &Sha256::digest(&message)).unwrap()
            }
            Key::Shared(bytes) => {
                use hmac::{KeyInit, Mac};
                let mut mac = hmac::Hmac::<Sha256>::new_from_slice(bytes).unwrap();
                mac.update(message.as_bytes());
                mac.finalize().into_bytes().to_vec()
            }
            Key::None => Vec::new(),
        };
        format!("{message}.{}", encode(signature))
    }
}

/// The key sets of issuers, as a snapshot brings them.
pub(crate) fn key_sets(issuers: &[(&str, Value)]) -> HashMap<String, KeySet> {
    let set = |keys: &Value| KeySet::parse(json!({ "keys": keys }).to_string().as_bytes()).unwrap();
    issuers.iter().map(|(issuer, keys)| ((*issuer).to_owned(), set(keys))).collect()
}
