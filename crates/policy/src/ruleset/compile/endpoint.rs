//! Endpoints and the sessions on them.

use std::collections::HashMap;
use std::sync::Arc;

use super::Compiler;
use crate::problem::{did_you_mean, item, member};
use crate::ruleset::{Backend, Endpoint, ServerKind};

/// Bounds of `sessions.max_age_hours`.
const AGE: (u64, u64) = (1, 8760);

impl Compiler<'_> {
    /// How long a session lasts, in milliseconds.
    pub(super) fn session_age(&mut self) -> u64 {
        let sessions = &self.document.sessions;
        self.bounded("sessions.max_age_hours", sessions.max_age_hours, AGE);
        sessions.max_age_ms()
    }

    pub(super) fn endpoints(&mut self) -> HashMap<String, Endpoint> {
        let mut endpoints = HashMap::new();
        for (path, written) in &self.document.endpoints {
            let place = member("endpoints", path);
            if let Some(problem) = problem_of_path(path) {
                self.problems.add(&place, problem);
            }
            let list = member(&place, "servers");
            let headers = written.headers.unwrap_or_default();
            let (server, kind, several) = match written.servers.as_slice() {
                [] => {
                    self.problems.add(list, "expected the names of servers or databases");
                    continue;
                }
                [server] => (server.clone(), self.kind_of(&item(&list, 0), server), None),
                servers => (String::new(), ServerKind::Upstream, Some(self.several(&list, servers))),
            };
            let path = path.clone();
            endpoints.insert(path.clone(), Endpoint { path, server, kind, headers, several });
        }
        endpoints
    }

    /// The servers of an endpoint that has more than one: their names begin the names of their tools.
    fn several(&mut self, list: &str, servers: &[String]) -> Arc<[Backend]> {
        let mut backends: Vec<Backend> = Vec::new();
        for (index, server) in servers.iter().enumerate() {
            let place = item(list, index);
            let kind = self.kind_of(&place, server);
            if server.ends_with('_') {
                let message = format!(
                    "`{server}` ends with `_`, and its tools would be named `{server}__…` beside those of other servers, which can be read in two ways; rename the server, or give it an endpoint of its own"
                );
                self.problems.add(&place, message);
            }
            if backends.iter().any(|known| known.server == *server) {
                self.problems.add(&place, format!("`{server}` is listed twice"));
            }
            backends.push(Backend { server: server.clone(), kind });
        }
        backends.into()
    }

    fn kind_of(&mut self, place: &str, server: &str) -> ServerKind {
        if self.document.databases.contains_key(server) {
            return ServerKind::Database;
        }
        if !self.document.servers.contains_key(server) {
            let hint = did_you_mean(server, self.server_names());
            self.problems.add(place, format!("no server or database is named `{server}`{hint}"));
        }
        ServerKind::Upstream
    }
}

fn problem_of_path(path: &str) -> Option<String> {
    let plain = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte));
    let walks = path.split('/').any(|segment| segment == "." || segment == "..");
    let expected = if !path.starts_with('/') {
        "it has to begin with `/`"
    } else if !plain {
        "it may hold letters, digits, `-`, `_`, `.`, `~` and `/`"
    } else if walks || path.contains("//") {
        "it may hold no empty segment, `.` or `..`"
    } else {
        return None;
    };
    Some(format!("`{path}` is no path of an endpoint; {expected}"))
}
