//! Documents for tests: the parts that differ are given, the rest is the same everywhere.

use std::fmt::Write;

use crate::keys::Key;

/// A `trigate.yaml` in the making.
#[derive(Clone, Debug, Default)]
pub struct Document {
    top: String,
    servers: String,
    databases: String,
    endpoints: String,
    keys: String,
    roles: String,
}

impl Document {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// With more at the top level, such as `gateway:`.
    #[must_use]
    pub fn top(mut self, lines: &str) -> Self {
        line(&mut self.top, lines);
        self
    }

    /// With an upstream server and its endpoint, `/NAME/mcp`. `more` is what its entry holds beside the URL.
    #[must_use]
    pub fn server(mut self, name: &str, url: &str, more: &str) -> Self {
        line(&mut self.servers, &format!("  {name}: {{ url: \"{url}\"{more} }}"));
        self.endpoint(name)
    }

    /// With a server that is run and its endpoint, `/NAME/mcp`. `entry` is what its entry holds.
    #[must_use]
    pub fn program(mut self, name: &str, entry: &str) -> Self {
        line(&mut self.servers, &format!("  {name}: {{ {entry} }}"));
        self.endpoint(name)
    }

    /// With a database and its endpoint, `/NAME/mcp`.
    #[must_use]
    pub fn database(mut self, name: &str, url: &str) -> Self {
        line(&mut self.databases, &format!("  {name}: {{ url: \"{url}\", allow_unsafe_login: true }}"));
        self.endpoint(name)
    }

    /// With an endpoint of these servers and databases.
    #[must_use]
    pub fn shared(mut self, path: &str, servers: &[&str]) -> Self {
        line(&mut self.endpoints, &format!("  {path}: {{ servers: [{}] }}", servers.join(", ")));
        self
    }

    /// With a role, its rights as a flow mapping's content, and a key for it.
    #[must_use]
    pub fn role(mut self, name: &str, rights: &str) -> Self {
        line(&mut self.roles, &format!("  {name}: {{ {rights} }}"));
        line(&mut self.keys, &Key::of(name).line(name));
        self
    }

    /// With a role whose key has expired.
    #[must_use]
    pub fn expired_role(mut self, name: &str, rights: &str) -> Self {
        line(&mut self.roles, &format!("  {name}: {{ {rights} }}"));
        line(&mut self.keys, &Key::of(name).expired_line(name));
        self
    }

    /// The text.
    pub fn text(&self) -> String {
        let parts = [
            ("servers", &self.servers),
            ("databases", &self.databases),
            ("endpoints", &self.endpoints),
            ("keys", &self.keys),
            ("roles", &self.roles),
        ];
        let mut text = format!("version: 1\n{}", self.top);
        for (name, part) in parts.into_iter().filter(|(_, part)| !part.is_empty()) {
            line(&mut text, &format!("{name}:"));
            text.push_str(part);
        }
        text
    }

    fn endpoint(mut self, name: &str) -> Self {
        line(&mut self.endpoints, &format!("  /{name}/mcp: {{ servers: [{name}] }}"));
        self
    }
}

fn line(to: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(to, "{text}");
}
