//! A database as written: where it is, and which tools are made of it.

use serde::{Deserialize, Serialize};

use crate::document::limit::Limits;

/// A database served by the adapter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// Where it is. An operator must give it; a gateway's snapshot leaves it out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Which tools are made of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tools: Option<ToolShape>,
    /// Whether a login is used that can do what no rule here could hold back, such as a superuser's.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub allow_unsafe_login: bool,
    /// How much all callers together may ask of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
}

/// Which tools are made of a database.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ToolShape {
    /// One for each operation; the table is an argument.
    #[default]
    Generic,
    /// One for each table and operation: `orders_query`.
    PerTable,
}
