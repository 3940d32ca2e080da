//! Servers that are made of a description: an OpenAPI document, or the descriptors of a gRPC server.

use super::super::Compiler;
use crate::document::{Credential, Server};
use crate::problem::member;

/// Names in gRPC's metadata that are the protocol's own, beside those that begin with `grpc-`.
const RESERVED: [&str; 4] = ["content-type", "host", "te", "user-agent"];

impl Compiler<'_> {
    pub(super) fn made(&mut self, place: &str, server: &Server) {
        if !server.is_made() {
            if server.only.is_some() {
                let message = "only a server with `openapi` or `protobuf` has operations to choose from";
                self.problems.add(member(place, "only"), message);
            }
            return;
        }
        if server.command.is_some() {
            let field = if server.openapi.is_some() { "openapi" } else { "protobuf" };
            self.problems.add(member(place, field), "an API is somewhere: give its `url`, not a `command`");
        }
        if matches!(server.credential, Some(Credential::Assertion(_))) {
            let message = "an API cannot be shown an assertion; give `bearer`, `basic` or `header`";
            self.problems.add(member(place, "credential"), message);
        }
        if let Some(file) = &server.protobuf {
            self.grpc(place, server, file);
        }
    }

    fn grpc(&mut self, place: &str, server: &Server, file: &str) {
        let at = member(place, "protobuf");
        if server.openapi.is_some() {
            self.problems.add(&at, "a server is described by `openapi` or by `protobuf`, not by both");
        }
        if file == "reflection" {
            let message = "descriptors are not asked of the server; give the file that `protoc --include_imports --include_source_info --descriptor_set_out=FILE` or `buf build -o FILE` writes";
            self.problems.add(at, message);
        }
        let path = server.url.as_deref().and_then(|url| url.split_once("://")).map(|(_, rest)| rest);
        let path = path.and_then(|rest| rest.find(['/', '?', '#']).and_then(|at| rest.get(at..)));
        if let Some(path) = path.filter(|path| *path != "/") {
            let message = format!("a gRPC server has no path; expected http://host:port without `{path}`");
            self.problems.add(member(place, "url"), message);
        }
        if server.only.as_ref().is_some_and(|only| !only.tags.is_empty()) {
            let message = "methods have no tags; name them, or their services, in `operations`";
            self.problems.add(member(&member(place, "only"), "tags"), message);
        }
        if let Some(Credential::Header(header)) = &server.credential {
            let name = header.name.to_ascii_lowercase();
            if name.starts_with("grpc-") || name.ends_with("-bin") || RESERVED.contains(&name.as_str()) {
                let place = member(&member(&member(place, "credential"), "header"), "name");
                self.problems.add(place, format!("`{name}` is reserved by gRPC; expected another name"));
            }
        }
    }
}
