//! An endpoint, ready to be matched: its path, what stands behind it, how strict it is.
//!
//! Behind most endpoints stands one server. Behind one of several, each message is for one of them: what is decided for it
//! is decided at [`Endpoint::at`] that server. Tools and prompts there are called `server__tool`.

use std::borrow::Cow;
use std::sync::Arc;

use crate::document::HeaderAgreement;

/// Between the server and its own name for a tool or prompt, where one endpoint has several servers.
pub const SEPARATOR: &str = "__";

/// A path that agents connect to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The path, such as `/shop/mcp`.
    pub path: String,
    /// The server or database behind it; empty where there are several and none is chosen yet.
    pub server: String,
    /// Which of the two it is.
    pub kind: ServerKind,
    /// What becomes of a modern request whose headers do not repeat its body.
    pub headers: HeaderAgreement,
    /// All that stands behind it, in the order of the document, where that is more than one.
    pub(crate) several: Option<Arc<[Backend]>>,
}

/// One of several servers behind an endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// Name of the server or database.
    pub server: String,
    /// Which of the two it is.
    pub kind: ServerKind,
}

/// What stands behind an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// A database, served by the adapter.
    Database,
    /// Somebody's MCP server.
    Upstream,
}

impl Endpoint {
    /// The servers behind it, in their order, where there are several.
    #[must_use]
    pub fn several(&self) -> Option<&[Backend]> {
        self.several.as_deref()
    }

    /// The endpoint for what is meant for one of its servers.
    #[must_use]
    pub fn at(&self, backend: &Backend) -> Endpoint {
        Endpoint { server: backend.server.clone(), kind: backend.kind, ..self.clone() }
    }

    /// The server that a name is of, and its own name for it; none where the name begins with no server of the endpoint.
    #[must_use]
    pub fn split<'n>(&self, name: &'n str) -> Option<(&Backend, &'n str)> {
        let (server, own) = name.split_once(SEPARATOR)?;
        let backend = self.several()?.iter().find(|backend| backend.server == server)?;
        Some((backend, own))
    }

    /// What a handle is bound to that a server gives: the path and, of several servers, which one.
    #[must_use]
    pub fn scope(&self) -> Cow<'_, str> {
        match self.several {
            None => Cow::Borrowed(&self.path),
            // No path holds a blank.
            Some(_) => Cow::Owned(format!("{} {}", self.path, self.server)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Endpoint, ServerKind};

    fn endpoint(servers: &str) -> Endpoint {
        let text = format!(
            "version: 1\nservers: {{ a: {{ url: \"http://h/a\" }}, a_b: {{ url: \"http://h/b\" }} }}\n\
             databases: {{ shop: {{ url: \"sqlite://s\" }} }}\nendpoints: {{ /mcp: {{ servers: [{servers}] }} }}\n"
        );
        let source = crate::parse(&text).unwrap_or_else(|problems| panic!("{problems}"));
        let rules = source.compile(1).unwrap_or_else(|problems| panic!("{problems}"));
        rules.endpoint("/mcp").unwrap().clone()
    }

    #[track_caller]
    fn check(name: &str, expected: Option<(&str, &str)>) {
        let endpoint = endpoint("a_b, shop, a");
        let found = endpoint.split(name).map(|(backend, own)| (backend.server.as_str(), own));
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn a_name_is_split_at_its_first_separator() {
        check("a__x", Some(("a", "x")));
        check("a_b__x", Some(("a_b", "x")));
        check("a__shop__x", Some(("a", "shop__x")));
        check("a___x", Some(("a", "_x")));
        check("shop__", Some(("shop", "")));
    }

    #[test]
    fn a_name_without_a_server_of_the_endpoint_is_nobodys() {
        for name in ["x", "", "__x", "b__x", "A__x", "a_x", "a.x", " a__x"] {
            check(name, None);
        }
    }

    #[test]
    fn one_server_needs_no_choice() {
        let one = endpoint("shop");
        assert_eq!((one.several(), one.split("shop__x")), (None, None));
        assert_eq!((one.server.as_str(), one.scope().as_ref()), ("shop", "/mcp"));
    }

    #[test]
    fn of_several_each_has_a_scope_of_its_own() {
        let endpoint = endpoint("a, shop");
        let [a, shop] = endpoint.several().unwrap() else { panic!("two") };
        assert_eq!((shop.kind, endpoint.at(shop).kind), (ServerKind::Database, ServerKind::Database));
        assert_ne!(endpoint.at(a).scope(), endpoint.at(shop).scope());
    }
}
