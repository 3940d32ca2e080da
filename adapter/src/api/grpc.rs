//! A gRPC server as tools: one for each unary method of its descriptors, with messages in the JSON mapping of proto3.
//!
//! What is taken is what a tool's schema shows and no other spelling of it, so that a rule about arguments means what it says
//! (`arguments.rs`). A call is one request on a connection that calls share (`exchange.rs`).

mod answer;
mod arguments;
mod comments;
mod exchange;
mod form;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use http::uri::PathAndQuery;
use policy::document::Only;
use prost::Message as _;
use prost_reflect::prost_types::FileDescriptorSet;
use prost_reflect::prost_types::method_options::IdempotencyLevel;
use prost_reflect::{DescriptorError, DescriptorPool, MessageDescriptor, MethodDescriptor};
use rmcp::model::{Tool, ToolAnnotations};

use self::comments::Comments;
pub(super) use self::exchange::{Broken, Service};
use self::schema::{MANY, Side};
use super::Read;

/// Longest name of a tool, as the protocol has it.
const LONGEST: usize = 128;

/// Why a file gives no tools.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unusable {
    /// No descriptors, or not all of them.
    #[error(
        "it holds no complete descriptors: {0}; write it with `protoc --include_imports --include_source_info --descriptor_set_out=FILE`, or `buf build -o FILE`"
    )]
    Descriptors(DescriptorError),
    /// A file in words that are not known here.
    #[error("`{file}` is written in `{syntax}`, which is not read; proto2 and proto3 are")]
    Syntax {
        /// The file among those described.
        file: String,
        /// What it says of itself.
        syntax: String,
    },
    /// Descriptors of messages alone, or an empty file.
    #[error(
        "it describes no service; write it with `protoc --include_imports --include_source_info --descriptor_set_out=FILE`, or `buf build -o FILE`"
    )]
    Empty,
    /// What was chosen is not there.
    #[error("it has no service or method `{0}`")]
    Unknown(String),
    /// Two methods whose names were too long came out alike.
    #[error("`{first}` and `{second}` would both be the tool `{name}`; choose one of them in `only`")]
    Collision {
        /// The tool.
        name: String,
        /// A method.
        first: String,
        /// Another one.
        second: String,
    },
    /// Messages that hold too many others.
    #[error("`{0}` refers to more than {MANY} messages; leave it out with `only`")]
    Large(String),
}

/// A method, ready to be called.
#[derive(Debug, Clone)]
pub(super) struct Method {
    path: PathAndQuery,
    input: MessageDescriptor,
    output: MessageDescriptor,
}

/// Reads the descriptors of a file; `only` chooses among the methods.
pub(super) fn read(file: &[u8], only: &Only) -> Result<Read<Method>, Unusable> {
    check_syntax(file)?;
    let pool = DescriptorPool::decode(file).map_err(Unusable::Descriptors)?;
    if pool.services().len() == 0 {
        return Err(Unusable::Empty);
    }
    let comments = Comments::of(&pool);
    let mut read = Read { tools: Vec::new(), left_out: Vec::new() };
    let (mut met, mut names) = (BTreeSet::new(), BTreeMap::new());
    for service in pool.services() {
        for method in service.methods() {
            let full = method.full_name().to_owned();
            let chosen = only.operations.iter().any(|name| *name == full || name == service.full_name());
            met.extend([full.clone(), service.full_name().to_owned()]);
            if !chosen && !only.operations.is_empty() {
                continue;
            }
            if let Some(why) = streams(&method) {
                read.left_out.push(format!("`{full}`: {why}"));
                continue;
            }
            let Some(name) = shaped(&full) else {
                read.left_out.push(format!("`{full}`: its name is longer than {LONGEST} characters"));
                continue;
            };
            if let Some(first) = names.insert(name.to_owned(), full.clone()) {
                return Err(Unusable::Collision { name: name.to_owned(), first, second: full });
            }
            read.tools.push(tool(name, &method, &comments)?);
        }
    }
    match only.operations.iter().find(|name| !met.contains(*name)) {
        Some(unknown) => Err(Unusable::Unknown(unknown.clone())),
        None => Ok(read),
    }
}

/// Refuses what the pool would not name but panic at. What is no set of files is left to the pool.
fn check_syntax(file: &[u8]) -> Result<(), Unusable> {
    let set = FileDescriptorSet::decode(file).unwrap_or_default();
    match set.file.iter().find(|file| !matches!(file.syntax(), "" | "proto2" | "proto3")) {
        Some(other) => {
            Err(Unusable::Syntax { file: other.name().to_owned(), syntax: other.syntax().to_owned() })
        }
        None => Ok(()),
    }
}

/// Why a method is no question with one answer.
fn streams(method: &MethodDescriptor) -> Option<&'static str> {
    match (method.is_client_streaming(), method.is_server_streaming()) {
        (false, false) => None,
        (true, false) => Some("its requests are a stream"),
        (false, true) => Some("its answers are a stream"),
        (true, true) => Some("it is a stream both ways"),
    }
}

/// The name of a method's tool: its full name, without the first words of the package where that is too long.
fn shaped(full: &str) -> Option<&str> {
    let mut name = full;
    while name.len() > LONGEST {
        name = name.split_once('.')?.1;
    }
    // Service and method stay.
    name.contains('.').then_some(name)
}

fn tool(name: &str, method: &MethodDescriptor, comments: &Comments) -> Result<(Tool, Method), Unusable> {
    let service = method.parent_service();
    let (input, output) = (method.input(), method.output());
    let large = || Unusable::Large(method.full_name().to_owned());
    let takes = schema::of(&input, Side::Input, comments).ok_or_else(large)?;
    let gives = schema::of(&output, Side::Output, comments).ok_or_else(large)?;
    let about = match comments.on(&method.parent_file(), method.path()) {
        "" => format!("`{}` of `{}`", method.name(), service.full_name()),
        comment => comment.to_owned(),
    };
    let tool = Tool::new(name.to_owned(), about, Arc::new(takes))
        .with_raw_output_schema(Arc::new(gives))
        .with_annotations(hints(method));
    // Identifiers and dots: there is nothing in it that a path cannot hold.
    let path = format!("/{}/{}", service.full_name(), method.name());
    let path = PathAndQuery::try_from(path).unwrap_or_else(|_| PathAndQuery::from_static("/"));
    Ok((tool, Method { path, input, output }))
}

/// What the descriptor says of a method's effects.
fn hints(method: &MethodDescriptor) -> ToolAnnotations {
    let options = method.method_descriptor_proto().options.clone();
    let level = options.unwrap_or_default().idempotency_level();
    ToolAnnotations::new()
        .read_only(level == IdempotencyLevel::NoSideEffects)
        .destructive(level != IdempotencyLevel::NoSideEffects)
        .idempotent(level != IdempotencyLevel::IdempotencyUnknown)
        .open_world(true)
}

#[cfg(test)]
mod tests;
