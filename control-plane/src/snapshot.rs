//! From a document to what each kind of node gets of it.
//!
//! A snapshot is the document itself, reduced and as JSON, and beside it the secrets that the document only points to.
//! The reduction is `policy`'s; which node gets which secret is decided here and nowhere else.

use std::{collections::BTreeMap, sync::Arc};

use policy::{
    Conditions, Document, KeyChange,
    document::{Credential, Key},
};
use proto::v1::{self, Issuer, NodeKind, ServerSecret, Snapshot};

use crate::credentials::Unresolved;

/// One revision, ready to be pushed.
#[derive(Debug, Default)]
pub(crate) struct Published {
    pub(crate) revision: u64,
    /// Its place among all that this process has pushed.
    pub(crate) serial: u64,
    gateway: Snapshot,
    adapter: Snapshot,
    /// What the gateway's snapshot was made of: the document without its keys, and these.
    rest: Document,
    keys: Vec<Key>,
    /// What gateways get that have taken the one before; where more than keys has changed, nothing.
    change: Option<v1::KeyChange>,
}

/// What nodes need beside the document.
#[derive(Debug, Default)]
pub(crate) struct Provisions {
    /// The key of assertions for each database, and each server that an adapter runs.
    pub(crate) assertion: BTreeMap<String, Vec<u8>>,
    /// Variables of the programs that adapters run, by server.
    pub(crate) variables: BTreeMap<String, BTreeMap<String, String>>,
    /// The live keys of sessions, newest first.
    pub(crate) session: Vec<Vec<u8>>,
    /// What upstream servers offer, as JSON.
    pub(crate) catalogue: Arc<Vec<u8>>,
    /// The keys of issuers.
    pub(crate) issuers: Vec<Issuer>,
}

impl Published {
    /// Reduces a document for each kind of node.
    pub(crate) fn new(
        revision: u64,
        document: &Document,
        credentials: &BTreeMap<String, Result<String, Unresolved>>,
        provisions: &Provisions,
    ) -> Self {
        let asserted = provisions.assertion.iter().map(|(server, key)| ServerSecret {
            server: server.clone(),
            assertion_key: key.clone(),
            ..ServerSecret::default()
        });
        let served = asserted.clone().map(|secret| {
            let variables = provisions.variables.get(&secret.server);
            let variables =
                variables.into_iter().flatten().map(|(name, value)| (name.clone(), value.clone()));
            let credential =
                document.servers.get(&secret.server).and_then(|declared| declared.credential.as_ref());
            let value = credentials.get(&secret.server).and_then(|value| value.as_ref().ok());
            ServerSecret {
                variables: variables.collect(),
                header_name: credential
                    .map(|credential| credential.header_name().to_owned())
                    .unwrap_or_default(),
                header_value: value.cloned().unwrap_or_default(),
                ..secret
            }
        });
        // What an adapter serves has its credential from the adapter.
        let elsewhere = document.servers.iter().filter(|(_, declared)| !declared.is_bridged());
        let upstreams = elsewhere.filter_map(|(server, declared)| {
            let value = credentials.get(server)?;
            let credential = declared.credential.as_ref()?;
            if let (Credential::Assertion(_), Ok(key)) = (credential, value) {
                let assertion_key = key.as_bytes().to_vec();
                return Some(ServerSecret {
                    server: server.clone(),
                    assertion_key,
                    ..ServerSecret::default()
                });
            }
            Some(ServerSecret {
                server: server.clone(),
                header_name: credential.header_name().to_owned(),
                // A name without a value says that there should be a credential and is none: the filter then refuses,
                // rather than send a call upstream as nobody.
                header_value: value.as_ref().cloned().unwrap_or_default(),
                ..ServerSecret::default()
            })
        });
        let mut rest = document.for_gateway();
        let gateway = reduced(revision, &rest, upstreams.chain(asserted).collect());
        Self {
            revision,
            keys: std::mem::take(&mut rest.keys),
            rest,
            gateway: Snapshot {
                session_keys: provisions.session.clone(),
                catalogue: provisions.catalogue.to_vec(),
                issuers: provisions.issuers.clone(),
                ..gateway
            },
            adapter: reduced(revision, &document.for_adapter(), served.collect()),
            ..Self::default()
        }
    }

    /// Whether nodes get the very same of both.
    pub(crate) fn says_the_same_as(&self, other: &Self) -> bool {
        self.revision == other.revision && self.gateway == other.gateway && self.adapter == other.adapter
    }

    /// The same as what is pushed after `before`.
    pub(crate) fn after(self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return Self { serial: 1, ..self } };
        let change = self.differs_in_keys_alone(before).then(|| v1::KeyChange {
            since: before.serial,
            change: KeyChange::between(&before.keys, &self.keys).to_json(),
        });
        Self { serial: before.serial + 1, change, ..self }
    }

    fn differs_in_keys_alone(&self, other: &Self) -> bool {
        self.rest == other.rest && beside_the_document(&self.gateway) == beside_the_document(&other.gateway)
    }

    /// What a node of this kind gets that was sent the one of serial `sent` last; nothing for a kind that is not known.
    pub(crate) fn for_node(&self, kind: NodeKind, sent: Option<u64>) -> Option<Snapshot> {
        let snapshot = match (kind, &self.change) {
            (NodeKind::Gateway, Some(change)) if Some(change.since) == sent => {
                Snapshot { revision: self.revision, key_change: Some(change.clone()), ..Snapshot::default() }
            }
            (NodeKind::Gateway, _) => self.gateway.clone(),
            (NodeKind::Adapter, _) => self.adapter.clone(),
            (NodeKind::Unspecified, _) => return None,
        };
        Some(Snapshot { serial: self.serial, ..snapshot })
    }
}

/// What else a gateway's snapshot says. Each field is named, so that one that is new has to be thought of here.
fn beside_the_document(snapshot: &Snapshot) -> impl PartialEq {
    let Snapshot {
        secrets,
        session_keys,
        catalogue,
        issuers,
        conditions,
        revision: _,
        digest: _,
        document: _,
        serial: _,
        key_change: _,
    } = snapshot;
    (secrets, session_keys, catalogue, issuers, conditions)
}

fn reduced(revision: u64, document: &Document, secrets: Vec<ServerSecret>) -> Snapshot {
    let conditions = Conditions::parse(document).to_json();
    let document = document.to_json();
    let digest = blake3::hash(&document).to_hex().to_string();
    Snapshot { revision, digest, document, conditions, secrets, ..Snapshot::default() }
}
