//! A role as written: rules for what passes the gateway, grants for what reaches a database.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::document::asks::Asks;
use crate::document::content::Content;
use crate::document::limit::Limits;
use crate::document::rule::Rule;

/// What callers of one role may do. An absent section denies everything it is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// For people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Permits everything on every server that no rule denies.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub everything: bool,
    /// Tools that may be called and seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Rule>,
    /// Prompts that may be got and seen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prompts: Vec<Rule>,
    /// Resources that may be read and seen, by URI.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Rule>,
    /// Prompts and resources whose arguments may be completed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub completion: Vec<Rule>,
    /// Resources and topics that may be subscribed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Rule>,
    /// What may be done with tasks: `get`, `update`, `cancel`, `list`, `result`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Rule>,
    /// Methods and types of results that MCP does not define, by name: `skills/get`, `result:preview`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub methods: Vec<Rule>,
    /// What a server may ask of the client, by server; `*` for those without an entry.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asks: BTreeMap<String, Asks>,
    /// What becomes of secrets and personal data in what the role receives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Content>,
    /// How much its callers may ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<Limits>,
    /// Rights inside databases, by database.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub databases: BTreeMap<String, DatabaseGrants>,
}

impl Role {
    /// The field of the rules about tools.
    pub(crate) const TOOLS: &'static str = "tools";

    /// The lists of rules, with the names of their fields.
    #[must_use]
    pub fn sections(&self) -> [(&'static str, &[Rule]); 7] {
        [
            ("tools", &self.tools),
            ("prompts", &self.prompts),
            ("resources", &self.resources),
            ("completion", &self.completion),
            ("subscriptions", &self.subscriptions),
            ("tasks", &self.tasks),
            ("methods", &self.methods),
        ]
    }

    /// A list of rules, by the name of its field.
    pub(crate) fn section_mut(&mut self, name: &str) -> Option<&mut Vec<Rule>> {
        match name {
            "prompts" => Some(&mut self.prompts),
            "resources" => Some(&mut self.resources),
            "tools" => Some(&mut self.tools),
            _ => None,
        }
    }

    pub(crate) fn sections_mut(&mut self) -> [&mut Vec<Rule>; 7] {
        [
            &mut self.tools,
            &mut self.prompts,
            &mut self.resources,
            &mut self.completion,
            &mut self.subscriptions,
            &mut self.tasks,
            &mut self.methods,
        ]
    }
}

/// Rights of a role inside one database. A table is named `table`, `schema.table`, `schema.*` or `*`; entries add up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseGrants {
    /// What may be done with each table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, Vec<Verb>>,
    /// Tables of which only these columns exist for the role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Vec<String>>,
    /// Columns that do not exist for the role.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub deny_columns: BTreeMap<String, Vec<String>>,
    /// Columns of which the role sees something else.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mask_columns: BTreeMap<String, BTreeMap<String, Mask>>,
    /// Conditions that rows must meet to exist for the role, in the grammar of filters, with `claims.NAME` as a value.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<String, String>,
    /// Most rows of one answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_rows: Option<u64>,
    /// Most rows one statement may change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_affected: Option<u64>,
    /// Most that the database may estimate a statement to cost, in its own unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_cost: Option<u64>,
    /// Whether rows may be changed or removed without a condition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unconditional_writes: bool,
    /// Whether the role may hand in SQL text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub raw_sql: bool,
    /// Whether the role may change the schema.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ddl: bool,
}

/// What stands in place of a column's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "MaskForm", rename_all = "lowercase")]
pub enum Mask {
    /// This text.
    Constant(String),
    /// A hash: equal values stay equal.
    Hash,
    /// The last four characters.
    Last4,
    /// NULL.
    Null,
}

/// The two ways to write one: a word, or `{ constant: "text" }`.
#[derive(Deserialize)]
#[serde(untagged)]
enum MaskForm {
    Text { constant: String },
    Word(MaskWord),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MaskWord {
    Constant,
    Hash,
    Last4,
    Null,
}

impl From<MaskForm> for Mask {
    fn from(form: MaskForm) -> Mask {
        match form {
            MaskForm::Text { constant } => Mask::Constant(constant),
            MaskForm::Word(MaskWord::Constant) => Mask::Constant("***".to_owned()),
            MaskForm::Word(MaskWord::Hash) => Mask::Hash,
            MaskForm::Word(MaskWord::Last4) => Mask::Last4,
            MaskForm::Word(MaskWord::Null) => Mask::Null,
        }
    }
}

/// What can be done with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableOperation {
    /// Look at rows.
    Read,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
}

impl TableOperation {
    /// The word a document uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            TableOperation::Read => "read",
            TableOperation::Insert => "insert",
            TableOperation::Update => "update",
            TableOperation::Delete => "delete",
        }
    }
}

impl fmt::Display for TableOperation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The words a grant is written in: the operations, and `write` for the three that change rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// Look at rows.
    Read,
    /// Add rows.
    Insert,
    /// Change rows.
    Update,
    /// Remove rows.
    Delete,
    /// The three that change rows.
    Write,
}

/// The word is no operation.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "unknown operation `{word}`; expected read, insert, update, delete, write, GET, POST, PATCH, PUT or DELETE"
)]
pub struct UnknownVerb {
    /// The word.
    pub word: String,
}

impl Verb {
    /// The operations it stands for.
    #[must_use]
    pub fn operations(self) -> &'static [TableOperation] {
        use TableOperation::{Delete, Insert, Read, Update};
        match self {
            Verb::Read => &[Read],
            Verb::Insert => &[Insert],
            Verb::Update => &[Update],
            Verb::Delete => &[Delete],
            Verb::Write => &[Insert, Update, Delete],
        }
    }

    /// The word a document uses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verb::Read => "read",
            Verb::Insert => "insert",
            Verb::Update => "update",
            Verb::Delete => "delete",
            Verb::Write => "write",
        }
    }
}

impl fmt::Display for Verb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Verb {
    type Err = UnknownVerb;

    /// The words of a document and, as synonyms, the verbs of REST, in any case.
    fn from_str(word: &str) -> Result<Verb, UnknownVerb> {
        match word.to_ascii_lowercase().as_str() {
            "read" | "get" => Ok(Verb::Read),
            "insert" | "post" => Ok(Verb::Insert),
            "update" | "patch" | "put" => Ok(Verb::Update),
            "delete" => Ok(Verb::Delete),
            "write" => Ok(Verb::Write),
            _ => Err(UnknownVerb { word: word.to_owned() }),
        }
    }
}
