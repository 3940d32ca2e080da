//! Endpoints and the sessions on them.

use std::collections::HashMap;

use super::Compiler;
use crate::problem::{did_you_mean, item, member};
use crate::ruleset::{Endpoint, ServerKind};

/// Bounds of `sessions.max_age_hours`, and what it is where the document does not say: a week.
const AGE: (u64, u64) = (1, 8760);
const DEFAULT_AGE: u64 = 168;

impl Compiler<'_> {
    /// How long a session lasts, in milliseconds.
    pub(super) fn session_age(&mut self) -> u64 {
        let hours = self.document.sessions.max_age_hours.unwrap_or(DEFAULT_AGE);
        self.bounded("sessions.max_age_hours", Some(hours), AGE);
        hours.saturating_mul(3_600_000)
    }

    pub(super) fn endpoints(&mut self) -> HashMap<String, Endpoint> {
        let mut endpoints = HashMap::new();
        for (path, written) in &self.document.endpoints {
            let place = member("endpoints", path);
            if let Some(problem) = problem_of_path(path) {
                self.problems.add(&place, problem);
            }
            let list = member(&place, "servers");
            match written.servers.as_slice() {
                [server] => {
                    let kind = self.kind_of(&item(&list, 0), server);
                    let headers = written.headers.unwrap_or_default();
                    let (path, server) = (path.clone(), server.clone());
                    endpoints.insert(path.clone(), Endpoint { path, server, kind, headers });
                }
                [] => self.problems.add(list, "expected the name of one server or database"),
                _ => self.problems.add(
                    list,
                    "several servers behind one endpoint are not supported by this version; give each server its own endpoint",
                ),
            }
        }
        endpoints
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
