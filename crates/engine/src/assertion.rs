//! The signed assertion: how gate 2 tells gate 3 who is calling.
//!
//! A short-lived statement (subject, role, decision id, server, method, digest of the body), signed with HMAC-SHA256
//! (RFC 2104) under a key that the control plane gives both sides of one server. It travels in one header,
//! `base64url(json) "." base64url(mac)`, and is worthless for another body, another server or a later hour.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use policy::Claims;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// The header that carries the assertion. The gateway drops what a client sends under this name.
pub const HEADER: &str = "x-trigate-assertion";

/// How long an assertion lives, in milliseconds. Long enough for a queue in front of the adapter, short enough that an
/// adapter can remember every decision id it has seen within it.
pub const LIFETIME_MS: u64 = 30_000;

/// What the gateway asserts of one request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Assertion {
    /// Name of the API key or subject of the token.
    pub subject: String,
    /// Id of the API key; empty for other credentials.
    pub key_id: String,
    /// Who vouches for the subject: the issuer of its token, empty for API keys.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub issuer: String,
    /// The role that gate 2 decided with, and gate 3 decides with again.
    pub role: String,
    /// What else is known of the caller; rules on rows compare with it.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub claims: Claims,
    /// Joins the audit rows of both gates.
    pub decision_id: String,
    /// W3C trace id (32 hex digits), empty where the caller sent none.
    pub trace_id: String,
    /// Path of the endpoint the agent called.
    pub endpoint: String,
    /// The server (here: database) the call is for.
    pub server: String,
    /// JSON-RPC method, or the HTTP method for a request without a frame.
    pub method: String,
    /// Tool, prompt or resource; empty where the method has none.
    pub name: String,
    /// BLAKE3 of the HTTP body, lower-case hex; of the empty string where there is no body.
    pub body: String,
    /// Unix time in milliseconds.
    pub issued: u64,
    /// Unix time in milliseconds; at this moment it is over.
    pub expires: u64,
}

/// Why an assertion was refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum AssertionError {
    /// Its time is over.
    #[error("the gateway's assertion has expired; check the clocks of gateway and adapter")]
    Expired,
    /// Issued later than now, beyond a tolerance of one lifetime.
    #[error("the gateway's assertion was issued in the future; check the clocks of gateway and adapter")]
    Future,
    /// Not of the form `payload.mac`, or the payload is not what this version writes.
    #[error("the gateway's assertion is malformed")]
    Malformed,
    /// Signed with another key, or changed on the way.
    #[error("the gateway's assertion is not signed with this server's key")]
    Signature,
}

/// The digest that [`Assertion::body`] holds.
#[must_use]
pub fn body_digest(body: &[u8]) -> String {
    blake3::hash(body).to_hex().to_string()
}

/// Signs an assertion with a server's key.
#[must_use]
pub fn sign(assertion: &Assertion, key: &[u8]) -> String {
    // A struct of strings and numbers always serialises; an empty payload would be refused by `verify`.
    let payload = serde_json::to_vec(assertion).unwrap_or_default();
    let payload = URL_SAFE_NO_PAD.encode(payload);
    let tag = mac(key, payload.as_bytes()).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    format!("{payload}.{}", URL_SAFE_NO_PAD.encode(tag))
}

/// Checks form, signature (in constant time) and lifetime; the caller compares body, server and replay.
///
/// # Errors
/// Which of the checks failed.
pub fn verify(text: &str, key: &[u8], now_ms: u64) -> Result<Assertion, AssertionError> {
    let (payload, tag) = text.split_once('.').ok_or(AssertionError::Malformed)?;
    let tag = URL_SAFE_NO_PAD.decode(tag).map_err(|_| AssertionError::Malformed)?;
    let mac = mac(key, payload.as_bytes()).ok_or(AssertionError::Signature)?;
    mac.verify_slice(&tag).map_err(|_| AssertionError::Signature)?;
    let payload = URL_SAFE_NO_PAD.decode(payload).map_err(|_| AssertionError::Malformed)?;
    let assertion: Assertion = serde_json::from_slice(&payload).map_err(|_| AssertionError::Malformed)?;
    if assertion.expires <= now_ms {
        return Err(AssertionError::Expired);
    }
    if assertion.issued > now_ms.saturating_add(LIFETIME_MS) {
        return Err(AssertionError::Future);
    }
    Ok(assertion)
}

/// `None` for an empty key: signing with nothing must never verify.
fn mac(key: &[u8], payload: &[u8]) -> Option<Hmac<Sha256>> {
    if key.is_empty() {
        return None;
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(payload);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assertion() -> Assertion {
        Assertion {
            subject: "support-bot".into(),
            key_id: "k7f3q2m5x4aa".into(),
            issuer: "https://idp.example.com".into(),
            role: "support_agent".into(),
            claims: policy::claims::of_pairs([("region", "EU"), ("level", "3")]),
            decision_id: "01hf".into(),
            trace_id: String::new(),
            endpoint: "/shop/mcp".into(),
            server: "shop".into(),
            method: "tools/call".into(),
            name: "query".into(),
            body: body_digest(b"{}"),
            issued: 1_000,
            expires: 1_000 + LIFETIME_MS,
        }
    }

    #[test]
    fn what_was_signed_verifies() {
        let text = sign(&assertion(), b"key");
        assert_eq!(verify(&text, b"key", 2_000), Ok(assertion()));
    }

    #[test]
    fn another_key_is_refused() {
        let text = sign(&assertion(), b"key");
        assert_eq!(verify(&text, b"other", 2_000), Err(AssertionError::Signature));
    }

    #[test]
    fn an_empty_key_never_verifies() {
        let text = sign(&assertion(), b"");
        assert_eq!(verify(&text, b"", 2_000), Err(AssertionError::Signature));
    }

    #[test]
    fn a_changed_payload_is_refused() {
        let mut forged = assertion();
        forged.role = "admin".into();
        let signed = sign(&assertion(), b"key");
        let tag = signed.split_once('.').unwrap().1;
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&forged).unwrap());
        assert_eq!(verify(&format!("{payload}.{tag}"), b"key", 2_000), Err(AssertionError::Signature));
    }

    #[test]
    fn an_assertion_ends_at_its_expiry() {
        let text = sign(&assertion(), b"key");
        assert!(verify(&text, b"key", 1_000 + LIFETIME_MS - 1).is_ok());
        assert_eq!(verify(&text, b"key", 1_000 + LIFETIME_MS), Err(AssertionError::Expired));
    }

    #[test]
    fn an_assertion_from_far_ahead_is_refused() {
        let mut early = assertion();
        early.issued = 100_000;
        early.expires = 130_000;
        assert_eq!(verify(&sign(&early, b"key"), b"key", 2_000), Err(AssertionError::Future));
    }

    #[test]
    fn text_without_a_dot_is_malformed() {
        assert_eq!(verify("abc", b"key", 0), Err(AssertionError::Malformed));
    }
}
