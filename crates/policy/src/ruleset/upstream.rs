//! Where an upstream server is, as the host of the gate knows it: for questions that the gate itself asks.

use std::collections::HashMap;

use crate::document::Document;

/// An upstream server as its host reaches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upstream {
    /// Name of the host's cluster.
    pub cluster: String,
    /// What the `Host` header says.
    pub authority: String,
    /// The path of its MCP endpoint.
    pub path: String,
}

/// The name of the adapter's cluster, which has the servers without a URL.
pub const ADAPTER_CLUSTER: &str = "trigate_adapter";

/// What stands in a server's place for the stream on which changes of lists are told, where one endpoint has several servers:
/// the adapter serves it. No server can have this name.
pub const CHANGES: &str = "trigate.changes";

/// The name of a server's cluster where the document gives none.
#[must_use]
pub fn default_cluster(server: &str) -> String {
    format!("server_{server}")
}

pub(super) fn of(document: &Document) -> HashMap<String, Upstream> {
    let upstreams = document.servers.iter().filter_map(|(name, server)| {
        let Some(url) = &server.url else {
            // The adapter goes by the assertion, whatever host is named.
            let path = format!("/{name}/mcp");
            let upstream = Upstream { cluster: ADAPTER_CLUSTER.to_owned(), authority: name.clone(), path };
            return Some((name.clone(), upstream));
        };
        let (_, rest) = url.split_once("://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let cluster = server.cluster.clone().unwrap_or_else(|| default_cluster(name));
        Some((name.clone(), Upstream { cluster, authority: authority.to_owned(), path }))
    });
    upstreams.collect()
}

#[cfg(test)]
mod tests {
    use crate::RuleSet;

    #[test]
    fn a_url_is_taken_apart() {
        let text = "version: 1\nservers:\n  a: { url: \"http://h:1/x/mcp\" }\n  b: { url: \"https://h\", cluster: theirs }\n";
        let rules = RuleSet::compile(&crate::parse(text).unwrap().document, 1).unwrap();
        let parts =
            |server| rules.upstream(server).map(|found| (&*found.cluster, &*found.authority, &*found.path));
        assert_eq!(parts("a"), Some(("server_a", "h:1", "/x/mcp")));
        assert_eq!(parts("b"), Some(("theirs", "h", "/")));
        assert_eq!(parts("c"), None);
    }
}
