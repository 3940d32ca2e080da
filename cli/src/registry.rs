//! The official registry's `server.json`: what a server is, where it is served, which packages run it.
//!
//! As of the schema 2025-12-11; the names that fields had before 2025-09-16 are read as well. `import.rs` makes an entry of
//! `servers` of one, `export.rs` writes one for a server behind this gateway.

pub(crate) mod export;
pub(crate) mod import;
mod inputs;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The schema that is written.
pub(crate) const SCHEMA: &str =
    "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json";

/// A server as the registry has it.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ServerJson {
    #[serde(rename = "$schema", default, skip_serializing_if = "String::is_empty")]
    pub(crate) schema: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) version: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) remotes: Vec<Remote>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) packages: Vec<Package>,
}

/// A place where the server is served.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Remote {
    #[serde(rename = "type", alias = "transport_type")]
    pub(crate) kind: String,
    pub(crate) url: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) headers: Vec<Input>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) variables: BTreeMap<String, Input>,
}

/// A package that serves it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Package {
    #[serde(alias = "registry_type", alias = "registry_name")]
    pub(crate) registry_type: String,
    #[serde(alias = "name")]
    pub(crate) identifier: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) version: String,
    #[serde(default, alias = "runtime_hint", skip_serializing_if = "String::is_empty")]
    pub(crate) runtime_hint: String,
    #[serde(default, alias = "runtime_arguments", skip_serializing_if = "Vec::is_empty")]
    pub(crate) runtime_arguments: Vec<Argument>,
    #[serde(default, alias = "package_arguments", skip_serializing_if = "Vec::is_empty")]
    pub(crate) package_arguments: Vec<Argument>,
    #[serde(default, alias = "environment_variables", skip_serializing_if = "Vec::is_empty")]
    pub(crate) environment_variables: Vec<Input>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) transport: Option<Transport>,
}

/// How a package is spoken to.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Transport {
    #[serde(rename = "type")]
    pub(crate) kind: String,
}

/// An argument of a command line.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Argument {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    #[serde(default, alias = "value_hint", skip_serializing_if = "String::is_empty")]
    pub(crate) value_hint: String,
    #[serde(default, alias = "is_repeated", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_repeated: bool,
    #[serde(flatten)]
    pub(crate) input: Input,
}

/// Something that may have to be given.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Input {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) description: String,
    #[serde(default, alias = "is_required", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_required: bool,
    #[serde(default, alias = "is_secret", skip_serializing_if = "std::ops::Not::not")]
    pub(crate) is_secret: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) value: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) choices: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) variables: BTreeMap<String, Input>,
}

impl ServerJson {
    /// Reads one, also as the registry's API wraps it.
    pub(crate) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let mut value: serde_json::Value = serde_json::from_str(text)?;
        let wrapped =
            value.get_mut("server").filter(|server| server.is_object()).map(serde_json::Value::take);
        serde_json::from_value(wrapped.unwrap_or(value))
    }
}

#[cfg(test)]
mod tests;
