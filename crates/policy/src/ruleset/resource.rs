//! What clients with tokens learn of the gateway: the metadata of each endpoint as a protected resource (RFC 9728), and
//! what challenges say.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::document::Document;
use crate::identity::{Trust, canonical};
use crate::pattern::Pattern;

/// Where metadata stands (RFC 9728 §3): this, between the host and the path of the resource.
const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

/// The endpoints as protected resources.
#[derive(Debug, Clone, Default)]
pub(super) struct Resources {
    by_endpoint: HashMap<String, Resource>,
    metadata: HashMap<String, String>,
}

/// An endpoint as a protected resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// The URL of its metadata.
    pub metadata_url: String,
    /// The fewest scopes that any of its rules asks for: what to begin with.
    pub least_scopes: Vec<String>,
}

#[derive(Serialize)]
struct Metadata<'d> {
    resource: String,
    authorization_servers: Vec<&'d str>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    scopes_supported: BTreeSet<&'d str>,
    bearer_methods_supported: [&'static str; 1],
}

impl Resources {
    /// Of a document whose tokens come from somewhere and whose public URL is known; nothing else.
    pub(super) fn new(document: &Document, trust: &Trust) -> Resources {
        let servers: Vec<_> = trust.authorization_servers().collect();
        let base = document.gateway.public_url.as_deref().map(canonical);
        let mut resources = Resources::default();
        let Some(base) = base.filter(|_| !servers.is_empty()) else { return resources };
        let (origin, prefix) = split(&base);
        let mut all = BTreeSet::new();
        for (path, endpoint) in &document.endpoints {
            let asked: Vec<_> = endpoint.servers.iter().flat_map(|server| asked(document, server)).collect();
            let scopes: BTreeSet<_> = asked.iter().copied().flatten().map(String::as_str).collect();
            all.extend(scopes.iter().copied());
            let least =
                asked.iter().min_by_key(|scopes| (scopes.len(), **scopes)).map(|scopes| scopes.to_vec());
            let path = path.trim_end_matches('/');
            resources.describe(path, prefix, &servers, (format!("{base}{path}"), scopes));
            let resource = Resource {
                metadata_url: format!("{origin}{WELL_KNOWN}{prefix}{path}"),
                least_scopes: least.unwrap_or_default(),
            };
            resources.by_endpoint.insert(path.to_owned(), resource);
        }
        resources.describe("", prefix, &servers, (base.clone(), all));
        resources
    }

    /// The endpoint of this path.
    pub(super) fn endpoint(&self, path: &str) -> Option<&Resource> {
        self.by_endpoint.get(path.trim_end_matches('/'))
    }

    /// The metadata that a request for this path gets, as JSON.
    pub(super) fn metadata(&self, path: &str) -> Option<&str> {
        path.starts_with(WELL_KNOWN).then(|| self.metadata.get(path))?.map(String::as_str)
    }

    /// Metadata under the path clients ask for, and under the one they ask for where a proxy before has taken the path of
    /// the public URL away.
    fn describe(
        &mut self,
        path: &str,
        prefix: &str,
        servers: &[&str],
        (resource, scopes_supported): (String, BTreeSet<&str>),
    ) {
        let metadata = Metadata {
            resource,
            authorization_servers: servers.to_vec(),
            scopes_supported,
            bearer_methods_supported: ["header"],
        };
        // Texts and lists of texts: there is nothing that JSON cannot hold.
        let json = serde_json::to_string(&metadata).unwrap_or_default();
        self.metadata.entry(format!("{WELL_KNOWN}{path}")).or_insert_with(|| json.clone());
        self.metadata.insert(format!("{WELL_KNOWN}{prefix}{path}"), json);
    }
}

/// The scopes that each rule which allows something on a server asks for.
fn asked<'d>(document: &'d Document, server: &str) -> Vec<&'d [String]> {
    let rules = document.roles.values().flat_map(|role| role.sections()).flat_map(|(_, rules)| rules);
    let here = rules.filter(|rule| {
        rule.allows() && Pattern::parse(&rule.pattern).is_ok_and(|pattern| pattern.server.matches(server))
    });
    here.map(|rule| rule.scopes.as_slice()).collect()
}

/// Scheme and host of a canonical URL, and its path.
fn split(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(host..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| host + at);
    url.split_at_checked(end).unwrap_or((url, ""))
}
