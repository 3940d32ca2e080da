//! Upstream servers: a name that rules can use, and one sound way to reach each.

mod made;

use super::{Compiler, is_http_url};
use crate::document::{Credential, Server};
use crate::problem::{item, member};

impl Compiler<'_> {
    pub(super) fn servers(&mut self) {
        for (name, server) in &self.document.servers {
            let place = member("servers", name);
            self.check_name(&place, name);
            if let Some(url) = server.url.as_deref().filter(|url| !is_http_url(url)) {
                let message = format!("`{url}` is no URL of an MCP server; expected http://host/path");
                self.problems.add(member(&place, "url"), message);
            }
            if let Some(Credential::Header(header)) = &server.credential {
                let place = member(&member(&member(&place, "credential"), "header"), "name");
                let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
                if header.name.is_empty() || !header.name.bytes().all(token) {
                    self.problems.add(place, format!("`{}` is no name of a header", header.name));
                }
            }
            self.program(&place, server);
            self.made(&place, server);
        }
    }

    /// How a server is run.
    fn program(&mut self, place: &str, server: &Server) {
        if server.url.is_some() {
            let idle = [("env", server.env.is_empty()), ("cwd", server.cwd.is_none())];
            for (field, _) in idle.into_iter().filter(|(_, absent)| !absent) {
                let message =
                    format!("only a server with a `command` is run here and has a use for `{field}`");
                self.problems.add(member(place, field), message);
            }
            return;
        }
        if server.command.is_some() && server.credential.is_some() {
            self.problems.add(
                member(place, "credential"),
                "a server that is run here is reached by nobody else and needs no credential; what its program needs goes into `env`",
            );
        }
        let list = member(place, "command");
        let command = server.command.as_deref();
        if command.is_some_and(<[String]>::is_empty) {
            self.problems.add(&list, "expected a program and its arguments");
        }
        for (index, argument) in command.unwrap_or_default().iter().enumerate() {
            if argument.contains('\0') || (index == 0 && argument.trim().is_empty()) {
                let what = if index == 0 { "the name of a program" } else { "an argument without NUL" };
                self.problems.add(item(&list, index), format!("expected {what}"));
            }
        }
        for name in server.env.keys() {
            if name.is_empty() || name.contains(['=', '\0']) {
                let place = member(&member(place, "env"), name);
                self.problems.add(place, format!("`{name}` is no name of an environment variable"));
            }
        }
        if server.cwd.as_deref().is_some_and(|directory| directory.is_empty() || directory.contains('\0')) {
            self.problems.add(member(place, "cwd"), "expected a directory");
        }
    }

    pub(super) fn check_name(&mut self, place: &str, name: &str) {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let bounded = (1..=64).contains(&name.len()) && !name.starts_with(['-', '_']);
        if !plain || !bounded || name.contains("__") {
            let message = format!(
                "`{name}` is no name of a server; expected 1 to 64 letters, digits, `-` and `_`, a letter or digit first and no `__`"
            );
            self.problems.add(place, message);
        }
    }
}
