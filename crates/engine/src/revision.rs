//! What one revision gives a gateway: the rules, and the secrets that are not part of the document.

use std::{collections::HashMap, sync::Arc};

use policy::{Catalogue, Conditions, Document, KeyChange, RuleSet};

use crate::{
    SessionKey, jwks::KeySet, many::pages::Kept, many::sessions::Sessions, pin::Sightings, token::Tokens,
};

/// One revision of the policy, ready to decide.
#[derive(Debug)]
pub struct Revision {
    rules: RuleSet,
    secrets: Arc<HashMap<String, ServerSecret>>,
    session_keys: Arc<[SessionKey]>,
    sightings: Arc<Sightings>,
    /// Of the catalogue's bytes, where they are known.
    catalogue: Option<blake3::Hash>,
    tokens: Arc<Tokens>,
    pages: Kept,
    sessions: Arc<Sessions>,
}

/// What a snapshot carries, as the shells take it off the wire.
#[derive(Debug, Default)]
pub struct SnapshotParts<'a> {
    /// Its revision.
    pub revision: u64,
    /// Lower-case hex BLAKE3 of `document`.
    pub digest: &'a str,
    /// The document as JSON.
    pub document: &'a [u8],
    /// The conditions of `document`, parsed, as JSON; empty where it has none.
    pub conditions: &'a [u8],
    /// What is sent to servers.
    pub secrets: Vec<ServerSecret>,
    /// What servers offer, as JSON; empty where none was heard.
    pub catalogue: &'a [u8],
    /// The revision this one comes after. A catalogue that is the same is not read again, and what lists have shown
    /// under it is not forgotten.
    pub before: Option<&'a Revision>,
    /// Keys that session ids are sealed with, 32 bytes each; the first seals, all open.
    pub session_keys: Vec<Vec<u8>>,
    /// Issuers of tokens with their keys, a JSON Web Key Set each.
    pub jwks: Vec<(String, Vec<u8>)>,
}

/// What the gateway sends to one server.
#[derive(Clone, Default)]
pub struct ServerSecret {
    /// Name of the server.
    pub server: String,
    /// Header and value of the server's own credential. A header without a value could not be resolved by the control
    /// plane: calls to the server are refused.
    pub credential: Option<(String, String)>,
    /// Key of the signed assertion; empty for a server that takes none.
    pub assertion_key: Vec<u8>,
}

impl std::fmt::Debug for ServerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerSecret").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Why a snapshot was refused; the node keeps the revision it has.
#[derive(Debug, thiserror::Error)]
pub enum InvalidSnapshot {
    /// The bytes are not those the control plane digested.
    #[error("snapshot {0} does not match its digest")]
    Digest(u64),
    /// The document cannot be read.
    #[error("snapshot {revision} cannot be read: {source}")]
    Document {
        /// Its revision.
        revision: u64,
        /// Where and why.
        source: policy::document::InvalidDocument,
    },
    /// The conditions cannot be read.
    #[error("the conditions of snapshot {revision} cannot be read: {source}")]
    Conditions {
        /// Its revision.
        revision: u64,
        /// Where and why.
        source: serde_json::Error,
    },
    /// The catalogue cannot be read.
    #[error("snapshot {revision} cannot be read: {source}")]
    Catalogue {
        /// Its revision.
        revision: u64,
        /// Where and why.
        source: policy::InvalidCatalogue,
    },
    /// A key is not what it should be.
    #[error("snapshot {0} holds a session key that has not 32 bytes")]
    SessionKey(u64),
    /// A change of keys alone cannot be read.
    #[error("the change of keys to revision {revision} cannot be read: {source}")]
    KeyChange {
        /// Its revision.
        revision: u64,
        /// Where and why.
        source: policy::document::InvalidDocument,
    },
    /// A change of keys alone comes after something this node does not have.
    #[error("the change of keys to revision {0} comes after a snapshot that is not in force here")]
    KeyChangeWithout(u64),
    /// The document does not compile.
    #[error("snapshot {revision} does not compile: {problems}")]
    Rules {
        /// Its revision.
        revision: u64,
        /// All of them.
        problems: policy::Problems,
    },
}

impl Revision {
    /// Reads and compiles a snapshot.
    ///
    /// # Errors
    /// The digest differs, a part cannot be read or compiled, or a key has the wrong size.
    pub fn from_snapshot(parts: SnapshotParts<'_>) -> Result<Self, InvalidSnapshot> {
        let revision = parts.revision;
        if blake3::hash(parts.document).to_hex().as_str() != parts.digest {
            return Err(InvalidSnapshot::Digest(revision));
        }
        let document = Document::from_json(parts.document)
            .map_err(|source| InvalidSnapshot::Document { revision, source })?;
        let digest = blake3::hash(parts.catalogue);
        let known = parts.before.filter(|before| before.catalogue == Some(digest));
        let catalogue = match known {
            Some(before) => Arc::clone(before.rules.catalogue()),
            None => Catalogue::from_json(parts.catalogue)
                .map_err(|source| InvalidSnapshot::Catalogue { revision, source })?
                .into(),
        };
        let conditions = Conditions::from_json(parts.conditions)
            .map_err(|source| InvalidSnapshot::Conditions { revision, source })?;
        let rules = RuleSet::compile_parsed(&document, revision, &conditions)
            .map_err(|problems| InvalidSnapshot::Rules { revision, problems })?;
        let keys = parts.session_keys.iter().map(|key| SessionKey::new(key));
        let keys = keys.collect::<Option<_>>().ok_or(InvalidSnapshot::SessionKey(revision))?;
        // The control plane sends none that it could not read itself. One that is unreadable all the same is as good as
        // none: tokens of its issuer are refused, and all else goes on.
        let readable = |(issuer, set): (String, Vec<u8>)| Some((issuer, KeySet::parse(&set).ok()?));
        let jwks = parts.jwks.into_iter().filter_map(readable).collect();
        let made = Self::new(rules.with_catalogue(catalogue), parts.secrets)
            .with_session_keys(keys)
            .with_issuer_keys(jwks);
        let made = Self { catalogue: Some(digest), ..made };
        match parts.before {
            Some(before) => Ok(made.after(before)),
            None => Ok(made),
        }
    }

    /// What comes after this one where nothing but keys has changed.
    ///
    /// # Errors
    /// A key that came is not in order.
    pub fn with_keys_changed(&self, revision: u64, change: &KeyChange) -> Result<Self, InvalidSnapshot> {
        let rules = self.rules.with_keys_changed(revision, change);
        Ok(Self {
            rules: rules.map_err(|problems| InvalidSnapshot::Rules { revision, problems })?,
            secrets: Arc::clone(&self.secrets),
            session_keys: Arc::clone(&self.session_keys),
            sightings: Arc::clone(&self.sightings),
            catalogue: self.catalogue,
            tokens: Arc::clone(&self.tokens),
            pages: Kept::default(),
            sessions: Arc::clone(&self.sessions),
        })
    }

    /// Rules and secrets that belong together.
    #[must_use]
    pub fn new(rules: RuleSet, secrets: Vec<ServerSecret>) -> Self {
        let secrets = secrets.into_iter().map(|secret| (secret.server.clone(), secret)).collect();
        Self {
            rules,
            secrets: Arc::new(secrets),
            session_keys: Arc::default(),
            sightings: Arc::default(),
            catalogue: None,
            tokens: Arc::default(),
            pages: Kept::default(),
            sessions: Arc::default(),
        }
    }

    /// The same with the keys of issuers.
    #[must_use]
    pub fn with_issuer_keys(self, keys: HashMap<String, KeySet>) -> Self {
        Self { tokens: Arc::new(Tokens::new(keys)), ..self }
    }

    /// What is known of tokens.
    pub(crate) fn tokens(&self) -> &Tokens {
        &self.tokens
    }

    /// The same with keys for session ids; the first seals, all open.
    #[must_use]
    pub fn with_session_keys(self, session_keys: Vec<SessionKey>) -> Self {
        Self { session_keys: session_keys.into(), ..self }
    }

    /// The same as the successor of a revision: what lists have shown under that is not forgotten, nor sessions with servers.
    #[must_use]
    pub fn after(self, before: &Self) -> Self {
        Self { sightings: Arc::clone(&before.sightings), sessions: Arc::clone(&before.sessions), ..self }
    }

    /// What lists have shown of pinned tools.
    pub(crate) fn sightings(&self) -> &Sightings {
        &self.sightings
    }

    /// The sessions that the gate keeps with servers.
    pub(crate) fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// Lists that were made under this revision.
    pub(crate) fn kept_pages(&self) -> &Kept {
        &self.pages
    }

    /// The digest of the catalogue's bytes, where they are known.
    pub(crate) fn catalogue_digest(&self) -> Option<&blake3::Hash> {
        self.catalogue.as_ref()
    }

    /// The keys that session ids are sealed with.
    #[must_use]
    pub fn session_keys(&self) -> &[SessionKey] {
        &self.session_keys
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }

    /// The secrets of one server, if it has any.
    #[must_use]
    pub fn secret(&self, server: &str) -> Option<&ServerSecret> {
        self.secrets.get(server)
    }
}
