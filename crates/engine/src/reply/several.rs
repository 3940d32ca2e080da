//! Refusals of an endpoint with several servers: what is for none of them, and what cannot be carried between two eras.

use mcp::{fault, revision};
use policy::Code;

use crate::Era;

/// Why a message goes to no server.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Unserved {
    #[error("the gateway has asked nothing that this could answer")]
    Answer,
    #[error("the cursor is not one of this list as it is now; ask for the list from its beginning")]
    Cursor,
    #[error("`{0}` is not offered on an endpoint of several servers")]
    Method(String),
    #[error(
        "`{0}` is no name on this endpoint: a name there is that of the server, `__` and the server's own, as the lists have it"
    )]
    Name(String),
    #[error("no server of this endpoint says that it has the resource `{0}`")]
    Resource(String),
    #[error(
        "server `{0}` wants a session of an older revision, and gave the gateway none in time; try again shortly"
    )]
    Session(String),
    #[error(
        "the server has ended the session that the gateway kept with it; call again, and it begins another"
    )]
    SessionOver,
    #[error("the task is not known for this caller on this endpoint")]
    Task,
    #[error(
        "`{method}` cannot be carried between a client and a server of different revisions: server `{server}` speaks {}", revision_of(*.speaks)
    )]
    Translation { method: String, server: String, speaks: Era },
    #[error("an endpoint of several servers has no stream and no session of its own")]
    Verb,
    #[error("revision `{0}` is not spoken here; 2026-07-28 is")]
    Version(String),
}

const fn revision_of(era: Era) -> &'static str {
    match era {
        Era::Legacy => "an older one",
        Era::Modern => revision::MODERN,
    }
}

impl Unserved {
    /// The name of the check, as the audit trail shows it.
    pub(super) const fn check(&self) -> &'static str {
        match self {
            Self::Answer | Self::Method(_) => "method",
            Self::Cursor => "cursor",
            Self::Name(_) => "name",
            Self::Resource(_) => "resource",
            Self::Session(_) | Self::SessionOver => "session",
            Self::Task => "task",
            Self::Translation { .. } | Self::Version(_) => "revision",
            Self::Verb => "verb",
        }
    }

    pub(super) const fn code(&self) -> i32 {
        match self {
            Self::Answer | Self::Verb => fault::INVALID_REQUEST,
            Self::Cursor | Self::Name(_) | Self::Resource(_) => fault::INVALID_PARAMS,
            Self::Method(_) => fault::METHOD_NOT_FOUND,
            Self::Session(_) => Code::ServerUnreachable.number(),
            Self::SessionOver => Code::SessionUnknown.number(),
            Self::Translation { .. } => Code::MethodNotAllowed.number(),
            Self::Task => Code::TaskUnknown.number(),
            Self::Version(_) => fault::UNSUPPORTED_PROTOCOL_VERSION,
        }
    }

    pub(super) const fn status(&self) -> u16 {
        match self {
            Self::Answer | Self::Version(_) => 400,
            Self::Verb => 405,
            Self::Cursor
            | Self::Method(_)
            | Self::Name(_)
            | Self::Resource(_)
            | Self::Session(_)
            | Self::SessionOver
            | Self::Task
            | Self::Translation { .. } => 200,
        }
    }

    /// What the error's `data` says beside the decision: a member's name and its JSON.
    pub(super) fn data(&self) -> Vec<(&'static str, String)> {
        let Self::Version(requested) = self else { return Vec::new() };
        let mut quoted = Vec::new();
        mcp::write_string(&mut quoted, requested);
        let quoted = String::from_utf8(quoted).unwrap_or_default();
        vec![("supported", format!(r#"["{}"]"#, revision::MODERN)), ("requested", quoted)]
    }
}
