//! Where each server is asked what it offers, and as whom.
//!
//! A server that an adapter runs is asked through that adapter, which takes nothing but assertions. A server whose credential
//! is missing is not asked: what it shows to strangers is not what it shows to the gateway.

use std::collections::BTreeMap;

use policy::{
    Document,
    document::{Credential, Server},
};

use crate::{
    catalogue::ask::{Showing, Target},
    credentials::Unresolved,
};

/// Why a server that is run cannot be asked here.
const NO_BRIDGE: &str = "its program is run by `trigate up`, and no adapter that runs it is known here";

/// What is known of the ways to servers.
pub(crate) struct Ways<'w> {
    /// Values of credentials, by server.
    pub(crate) credentials: BTreeMap<String, Result<String, Unresolved>>,
    /// Keys of assertions, by server.
    pub(crate) keys: &'w BTreeMap<String, Vec<u8>>,
    /// URL of the adapter that runs servers.
    pub(crate) bridge: Option<&'w str>,
}

/// Whom to ask for each server of a document.
pub(crate) fn of(document: Document, mut ways: Ways<'_>) -> BTreeMap<String, Target> {
    let targets = document.servers.into_iter().map(|(name, server)| {
        let identity = server.identity().into_owned();
        let (url, credential) = match &server {
            Server { url: Some(url), credential, .. } if !server.is_bridged() => {
                (url.clone(), showing(credential.as_ref(), ways.credentials.remove(&name)))
            }
            _ => bridged(&name, &server, &ways),
        };
        (name.clone(), Target { server: name, identity, url, credential })
    });
    targets.collect()
}

fn showing(credential: Option<&Credential>, value: Option<Result<String, Unresolved>>) -> Showing {
    match (credential, value) {
        (None, _) => Showing::Nothing,
        (Some(Credential::Assertion(_)), Some(Ok(value))) => Showing::Assertion(value.into_bytes()),
        (Some(credential), Some(Ok(value))) => Showing::Header(credential.header_name().to_owned(), value),
        (Some(_), Some(Err(error))) => Showing::Missing(error.to_string()),
        (Some(_), None) => Showing::Missing("its credential is missing".to_owned()),
    }
}

/// The adapter's path for a server that it runs. It is asked under the entry that is meant, for the adapter may still run the
/// one before.
fn bridged(name: &str, server: &Server, ways: &Ways<'_>) -> (String, Showing) {
    let (Some(bridge), Some(key)) = (ways.bridge, ways.keys.get(name)) else {
        return (String::new(), Showing::Missing(NO_BRIDGE.to_owned()));
    };
    (format!("{bridge}/{name}/mcp?entry={}", server.entry()), Showing::Assertion(key.clone()))
}
