//! Legacy session ids: what the client holds is the server's own id, sealed.
//!
//! XChaCha20-Poly1305 over the id and the time it was given, bound to the caller and the endpoint: at the server the
//! sealed text means nothing, and here it opens for nobody else and nowhere else. The control plane makes the keys, two
//! of which are live, so that a session outlasts the replacement of one.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};

use crate::{DecisionId, HeaderEdit, Revision, reply::Refusal};

/// The header that carries a session's id, either way.
pub(crate) const HEADER: &str = "mcp-session-id";

/// Longest id of a server, in bytes.
pub(crate) const LONGEST: usize = 1024;
/// Size of a nonce and of the time before the id, in bytes.
const NONCE: usize = 24;
const TIME: usize = 8;
/// Longest sealed text: nonce, time, id and tag in base 64.
const LONGEST_SEALED: usize = (NONCE + TIME + LONGEST + 16) * 4 / 3 + 4;

/// A key that session ids are sealed with.
#[derive(Clone)]
pub struct SessionKey {
    cipher: XChaCha20Poly1305,
    nonces: [u8; 32],
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionKey")
    }
}

impl SessionKey {
    /// A key of 32 bytes; none of another size.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Option<Self> {
        let cipher = XChaCha20Poly1305::new_from_slice(bytes).ok()?;
        Some(Self { cipher, nonces: blake3::derive_key("trigate: nonces of session ids", bytes) })
    }
}

/// Who may use a session, and where.
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    /// What the id is of.
    pub kind: Kind,
    /// [`policy::Subject::identity`] of the caller.
    pub identity: &'a str,
    /// Path of the endpoint.
    pub endpoint: &'a str,
}

/// What an id is of: the seal of one opens as no other.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// A legacy session.
    Session,
    /// A task.
    Task,
}

impl Holder<'_> {
    /// What the seal is bound to. The length in front keeps identity and endpoint apart.
    fn bound(&self) -> Vec<u8> {
        let kind: &[u8] = match self.kind {
            Kind::Session => b"session",
            Kind::Task => b"task   ",
        };
        let length = u64::try_from(self.identity.len()).unwrap_or(u64::MAX).to_le_bytes();
        [kind, length.as_slice(), self.identity.as_bytes(), self.endpoint.as_bytes()].concat()
    }
}

/// A session id that was opened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SealedSession {
    /// The server's own id.
    pub id: String,
    /// When it was sealed, Unix milliseconds.
    pub issued_ms: u64,
}

/// The id as the client gets it; none where the server's own is empty or too long or, of a session, not visible ASCII, as
/// MCP wants it.
///
/// The nonce is made of the exchange's decision id, which the host draws at random, and of all that is sealed: where a
/// host repeats itself, only equal sessions get equal seals.
#[must_use]
pub fn seal_session(
    session: &SealedSession,
    holder: Holder<'_>,
    key: &SessionKey,
    entropy: DecisionId,
) -> Option<String> {
    let visible = holder.kind != Kind::Session || session.id.bytes().all(|byte| byte.is_ascii_graphic());
    if session.id.is_empty() || session.id.len() > LONGEST || !visible {
        return None;
    }
    let aad = holder.bound();
    let msg = [session.issued_ms.to_le_bytes().as_slice(), session.id.as_bytes()].concat();
    let mut hasher = blake3::Hasher::new_keyed(&key.nonces);
    hasher.update(&entropy.bytes()).update(&aad).update(&msg);
    let nonce: [u8; NONCE] = *hasher.finalize().as_bytes().first_chunk()?;
    let sealed = key.cipher.encrypt(&XNonce::from(nonce), Payload { msg: &msg, aad: &aad }).ok()?;
    Some(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &sealed].concat()))
}

/// The server's own id of what a client presents; none where no live key sealed it for this holder.
#[must_use]
pub fn open_session(sealed: &str, holder: Holder<'_>, keys: &[SessionKey]) -> Option<SealedSession> {
    if sealed.len() > LONGEST_SEALED {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (nonce, msg) = bytes.split_first_chunk::<NONCE>()?;
    let aad = holder.bound();
    let opened =
        keys.iter().find_map(|key| key.cipher.decrypt(nonce.into(), Payload { msg, aad: &aad }).ok())?;
    let (time, id) = opened.split_first_chunk::<TIME>()?;
    Some(SealedSession { id: String::from_utf8(id.to_vec()).ok()?, issued_ms: u64::from_le_bytes(*time) })
}

/// How the answer of a legacy request names its session to the client.
#[derive(Debug)]
pub(crate) struct Seal {
    identity: String,
    endpoint: String,
    /// The server's own id and the text the client holds, where the request named a session.
    known: Option<(String, String)>,
}

impl Seal {
    /// What a request without a session leads to: whatever id the answer names is new.
    pub(crate) fn fresh(identity: String, endpoint: String) -> Self {
        Self { identity, endpoint, known: None }
    }

    /// Opens the session a request names.
    ///
    /// # Errors
    /// No live key sealed it for this caller on this endpoint, or its time is over.
    pub(crate) fn opened(self, sealed: &str, revision: &Revision, now_ms: u64) -> Result<Self, Refusal> {
        let session =
            open_session(sealed, self.holder(), revision.session_keys()).ok_or(Refusal::SessionUnknown)?;
        if now_ms.saturating_sub(session.issued_ms) > revision.rules().session_age_ms() {
            return Err(Refusal::SessionUnknown);
        }
        Ok(Self { known: Some((session.id, sealed.to_owned())), ..self })
    }

    fn holder(&self) -> Holder<'_> {
        Holder { kind: Kind::Session, identity: &self.identity, endpoint: &self.endpoint }
    }

    /// What the seal of the request's session holds.
    pub(crate) fn named(&self) -> Option<&str> {
        self.known.as_ref().map(|(id, _)| id.as_str())
    }

    /// The edit that gives the server its own id, where the request named a session.
    pub(crate) fn inbound(&self) -> Option<HeaderEdit> {
        self.known.as_ref().map(|(id, _)| HeaderEdit::set(HEADER, id))
    }

    /// The edit that gives the client its text in place of the server's id.
    ///
    /// # Errors
    /// There is no key, or the id is none.
    pub(crate) fn outbound(
        &self,
        id: &str,
        revision: &Revision,
        now_ms: u64,
        entropy: DecisionId,
    ) -> Result<HeaderEdit, Refusal> {
        if let Some((_, sealed)) = self.known.as_ref().filter(|(known, _)| known == id) {
            return Ok(HeaderEdit::set(HEADER, sealed));
        }
        let session = SealedSession { id: id.to_owned(), issued_ms: now_ms };
        let key = revision.session_keys().first();
        let sealed = key.and_then(|key| seal_session(&session, self.holder(), key, entropy));
        sealed.map(|sealed| HeaderEdit::set(HEADER, sealed)).ok_or(Refusal::SessionUnsealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOB: Holder<'_> = Holder { kind: Kind::Session, identity: "bob", endpoint: "/a/mcp" };

    fn key(byte: u8) -> SessionKey {
        SessionKey::new(&[byte; 32]).unwrap()
    }

    fn sealed(id: &str) -> Option<String> {
        let session = SealedSession { id: id.to_owned(), issued_ms: 7 };
        seal_session(&session, BOB, &key(1), DecisionId::new(1, 2))
    }

    #[track_caller]
    fn check(sealed: &str, holder: Holder<'_>, keys: &[SessionKey], expected: Option<&str>) {
        let opened = open_session(sealed, holder, keys);
        assert_eq!(opened.as_ref().map(|session| session.id.as_str()), expected);
        assert!(opened.is_none_or(|session| session.issued_ms == 7));
    }

    #[test]
    fn a_sealed_session_opens_for_its_holder_under_any_live_key() {
        let sealed = sealed("s-1").unwrap();
        assert!(!sealed.contains("s-1"));
        check(&sealed, BOB, &[key(1)], Some("s-1"));
        check(&sealed, BOB, &[key(2), key(1)], Some("s-1"));
    }

    #[test]
    fn it_opens_for_nobody_else_and_nowhere_else() {
        let sealed = sealed("s-1").unwrap();
        check(&sealed, Holder { identity: "eve", ..BOB }, &[key(1)], None);
        check(&sealed, Holder { endpoint: "/b/mcp", ..BOB }, &[key(1)], None);
        check(&sealed, Holder { identity: "bob/", endpoint: "a/mcp", ..BOB }, &[key(1)], None);
        check(&sealed, BOB, &[key(2), key(3)], None);
        check(&sealed, BOB, &[], None);
        check(&sealed, Holder { kind: Kind::Task, ..BOB }, &[key(1)], None);
    }

    #[test]
    fn no_bit_of_it_can_be_changed() {
        let sealed = sealed("s-1").unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            check(&URL_SAFE_NO_PAD.encode(&forged), BOB, &[key(1)], None);
        }
        for end in 0..sealed.len() {
            check(&sealed.chars().take(end).collect::<String>(), BOB, &[key(1)], None);
        }
        for garbage in ["", "s-1", "=", "\u{e4}", &"A".repeat(100_000)] {
            check(garbage, BOB, &[key(1)], None);
        }
    }

    #[test]
    fn two_sessions_share_no_nonce() {
        let nonce = |sealed: &str| sealed.chars().take(32).collect::<String>();
        assert_ne!(nonce(&sealed("s-1").unwrap()), nonce(&sealed("s-2").unwrap()));
        let session = SealedSession { id: "s-1".to_owned(), issued_ms: 7 };
        let later = seal_session(&session, BOB, &key(1), DecisionId::new(1, 3)).unwrap();
        assert_ne!(nonce(&sealed("s-1").unwrap()), nonce(&later));
    }

    #[test]
    fn what_is_no_session_id_is_not_sealed() {
        assert_eq!(sealed(""), None);
        assert_eq!(sealed("a b"), None);
        assert_eq!(sealed("\u{e4}"), None);
        assert_eq!(sealed(&"a".repeat(LONGEST + 1)), None);
        let longest = sealed(&"a".repeat(LONGEST)).unwrap();
        assert!(longest.len() <= LONGEST_SEALED);
        check(&longest, BOB, &[key(1)], Some(&"a".repeat(LONGEST)));
    }

    #[test]
    fn a_key_has_32_bytes() {
        assert!(SessionKey::new(&[0; 31]).is_none());
        assert!(SessionKey::new(&[0; 33]).is_none());
    }
}
