//! One tool of a server: its definition as the server wrote it, its digest, and the digest an operator approved.
//!
//! What others need of a definition is found once, when the catalogue is read: its schemas and its mirrored arguments.

use std::fmt;
use std::ops::Range;

use mcp::{Digest, InvalidDigest, Json, JsonError, Limits};
use thiserror::Error;

use crate::catalogue::header::{self, HeaderParam};
use crate::catalogue::offer;

/// Bounds of one definition.
const LIMITS: Limits = Limits { bytes: 1024 * 1024, depth: 120, members: 100_000 };

/// A tool as a server defines it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tool {
    name: Box<str>,
    definition: Box<str>,
    digest: Digest,
    approved: Option<Digest>,
    pub(super) flaw: Option<Flaw>,
    /// Where the definition has its name, quotes included.
    name_at: Range<usize>,
    input_schema: Option<Range<usize>>,
    output_schema: Option<Range<usize>>,
    headers: Box<[HeaderParam]>,
}

/// What is wrong with a tool's name: agents could take the tool for another, or the server run another than was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Flaw {
    /// The name holds characters that cannot be seen, or letters of several scripts.
    Deceptive,
    /// The name looks like this one of the same server.
    LooksLike(Box<str>),
    /// The server lists the name more than once.
    Twice,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Deceptive => f.write_str("its name holds invisible characters or mixes scripts"),
            Flaw::LooksLike(other) => write!(f, "its name looks like `{other}`"),
            Flaw::Twice => f.write_str("the server lists its name more than once"),
        }
    }
}

/// Why a value is no tool.
#[derive(Debug, Error)]
pub enum InvalidTool {
    /// It is not strict JSON, or too large.
    #[error("the definition cannot be read: {0}")]
    Json(#[from] JsonError),
    /// It is no object with a name.
    #[error("the definition has no `name`")]
    Name,
    /// It is no object with a definition.
    #[error("there is no `definition`")]
    Definition,
    /// A digest beside it is none.
    #[error("a digest cannot be read: {0}")]
    Digest(#[from] InvalidDigest),
}

impl Tool {
    /// Reads a definition as a server lists it.
    ///
    /// # Errors
    /// It is not strict JSON, or has no name.
    pub fn read(definition: &str) -> Result<Tool, InvalidTool> {
        let json = Json::parse(definition.as_bytes(), &LIMITS)?;
        Tool::of(json, Digest::of(json))
    }

    /// The tool of a definition whose digest is known.
    fn of(json: Json<'_>, digest: Digest) -> Result<Tool, InvalidTool> {
        let name = json.member("name").and_then(Json::as_str).ok_or(InvalidTool::Name)?;
        let span = |member: &str| json.member(member).map(|schema| schema.offset_in(json.bytes()));
        let headers = json.member("inputSchema").map(header::params).unwrap_or_default();
        Ok(Tool {
            name: name.into(),
            definition: json.text().into(),
            digest,
            approved: None,
            flaw: None,
            name_at: span("name").unwrap_or_default(),
            input_schema: span("inputSchema"),
            output_schema: span("outputSchema"),
            headers: headers.into(),
        })
    }

    /// The same tool, with the digest an operator approved for its name.
    #[must_use]
    pub fn with_approved(self, approved: Option<Digest>) -> Tool {
        Tool { approved, ..self }
    }

    /// The same tool, with what is wrong with its name.
    #[must_use]
    pub fn with_flaw(self, flaw: Option<Flaw>) -> Tool {
        Tool { flaw, ..self }
    }

    /// The name it is called by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole definition, as the server wrote it: JSON.
    #[must_use]
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Writes the definition with the name that it has on an endpoint of several servers.
    pub fn write_under(&self, server: &str, out: &mut Vec<u8>) {
        offer::write_under(server, &self.definition, &self.name_at, out);
    }

    /// The digest of the whole definition.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest that was approved for this name, if any was.
    #[must_use]
    pub fn approved(&self) -> Option<Digest> {
        self.approved
    }

    /// What is wrong with its name.
    #[must_use]
    pub fn flaw(&self) -> Option<&Flaw> {
        self.flaw.as_ref()
    }

    /// The JSON Schema of its arguments: JSON.
    #[must_use]
    pub fn input_schema(&self) -> Option<&str> {
        self.definition.get(self.input_schema.clone()?)
    }

    /// The JSON Schema of its `structuredContent`: JSON.
    #[must_use]
    pub fn output_schema(&self) -> Option<&str> {
        self.definition.get(self.output_schema.clone()?)
    }

    /// The arguments that modern clients mirror into `Mcp-Param-*` headers. Empty where a declaration is not valid: such a
    /// tool has none (Streamable HTTP, "custom headers from tool parameters").
    #[must_use]
    pub fn header_params(&self) -> &[HeaderParam] {
        &self.headers
    }

    pub(super) fn from_json(json: Json<'_>) -> Result<Tool, InvalidTool> {
        let digest = |member: &str| json.member(member).and_then(Json::as_str).map(|text| text.parse());
        let flaw = json.member("flaw").and_then(Json::as_str);
        let definition = json.member("definition").ok_or(InvalidTool::Definition)?;
        let known = digest("digest").transpose()?.unwrap_or_else(|| Digest::of(definition));
        let tool = Tool::of(definition, known)?.with_approved(digest("approved").transpose()?);
        let other = json.member("looks_like").and_then(Json::as_str);
        Ok(tool.with_flaw(match (flaw.as_deref(), other) {
            (_, Some(other)) => Some(Flaw::LooksLike(other.into())),
            (Some("twice"), None) => Some(Flaw::Twice),
            // A flaw that is not known here is one all the same.
            (Some(_), None) => Some(Flaw::Deceptive),
            (None, None) => None,
        }))
    }

    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        let mut member = |key: &str, value: &str| {
            out.extend_from_slice(key.as_bytes());
            mcp::write_string(out, value);
        };
        member("{\"digest\":", &self.digest.to_string());
        if let Some(approved) = self.approved {
            member(",\"approved\":", &approved.to_string());
        }
        match &self.flaw {
            Some(Flaw::Deceptive) => member(",\"flaw\":", "deceptive"),
            Some(Flaw::LooksLike(other)) => member(",\"looks_like\":", other),
            Some(Flaw::Twice) => member(",\"flaw\":", "twice"),
            None => {}
        }
        out.extend_from_slice(b",\"definition\":");
        out.extend_from_slice(self.definition.as_bytes());
        out.push(b'}');
    }
}
