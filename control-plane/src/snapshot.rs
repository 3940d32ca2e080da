//! From a document to what each kind of node gets of it.
//!
//! A snapshot is the document itself, reduced and as JSON, and beside it the secrets that the document only points to.
//! The reduction is `policy`'s; which node gets which secret is decided here and nowhere else.

use std::{collections::BTreeMap, sync::Arc};

use policy::{Conditions, Document, document::Credential};
use proto::v1::{Issuer, NodeKind, ServerSecret, Snapshot};

use crate::credentials::Unresolved;

/// One revision, ready to be pushed.
#[derive(Debug, PartialEq)]
pub(crate) struct Published {
    pub(crate) revision: u64,
    gateway: Snapshot,
    adapter: Snapshot,
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
        let gateway = reduced(revision, &document.for_gateway(), upstreams.chain(asserted).collect());
        Self {
            revision,
            gateway: Snapshot {
                session_keys: provisions.session.clone(),
                catalogue: provisions.catalogue.to_vec(),
                issuers: provisions.issuers.clone(),
                ..gateway
            },
            adapter: reduced(revision, &document.for_adapter(), served.collect()),
        }
    }

    /// What a node of this kind gets; nothing for a kind that is not known.
    pub(crate) fn for_kind(&self, kind: NodeKind) -> Option<Snapshot> {
        match kind {
            NodeKind::Gateway => Some(self.gateway.clone()),
            NodeKind::Adapter => Some(self.adapter.clone()),
            NodeKind::Unspecified => None,
        }
    }
}

fn reduced(revision: u64, document: &Document, secrets: Vec<ServerSecret>) -> Snapshot {
    let conditions = Conditions::parse(document).to_json();
    let document = document.to_json();
    let digest = blake3::hash(&document).to_hex().to_string();
    Snapshot { revision, digest, document, conditions, secrets, ..Snapshot::default() }
}
