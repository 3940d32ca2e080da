//! Every refusal's wire form: HTTP status and JSON-RPC error. The only such mapping of gate 2.

mod data;
mod limited;
mod own;
pub(crate) mod several;

use mcp::{Fault, Frame, FrameError, Json, Limits, fault, revision};
use policy::{Code, Denial};

pub(crate) use self::limited::limited;
pub(crate) use self::own::{accepted, answered, ended};
use self::{data::Data, several::Unserved};
use crate::{DecisionId, Record, Reply, Unauthenticated, inspection::Withheld, mirror::Mismatch};

/// A refusal that comes from the gate itself, before or beside the policy's rules.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("the arguments were not sent: {}", .0.in_arguments())]
    Arguments(content::Refusal),
    #[error(
        "the audit buffer is full and the policy says to refuse what cannot be recorded; try again shortly"
    )]
    AuditFull,
    #[error("a {0} request carries no body")]
    BodyWithoutPost(&'static str),
    #[error("the content-encoding of a request must be absent: the gate judges the bytes it forwards")]
    ContentEncoding,
    #[error("the content-type of a request must be application/json in UTF-8")]
    ContentType,
    #[error("the credential for server `{0}` is not available to the gateway; ask its operator")]
    CredentialUnresolved(String),
    #[error(
        "the request does not declare the extension `{0}` that its method belongs to, among its client capabilities"
    )]
    Undeclared(&'static str),
    #[error("the header `{0}` was sent more than once")]
    DuplicateHeader(&'static str),
    #[error(
        "this server needs {0}, which the gateway's proxy cannot send: it lets heads go before bodies are judged; ask its operator for \
         strict mode"
    )]
    HeadGone(&'static str),
    #[error("the host is not one that this gateway serves")]
    Host,
    #[error("the method is not one of POST, GET and DELETE")]
    HttpMethod,
    #[error("{0}")]
    Mirror(Mismatch),
    #[error("an MCP request of revision 2026-07-28 is a POST")]
    ModernVerb,
    #[error("no MCP endpoint has this path")]
    NoEndpoint,
    #[error(
        "the gateway has no policy yet, so everything is denied; it asks the control plane again by itself"
    )]
    NoPolicy,
    #[error("{0}")]
    MissingParam(policy::MissingParam),
    #[error("requests from this origin are not allowed")]
    Origin,
    #[error("the path of the request is missing, given twice or not UTF-8")]
    Path,
    #[error("an endpoint takes no query string; credentials go into headers")]
    Query,
    #[error(
        "the session is not known for this caller on this endpoint, or it is over; begin a new one with initialize"
    )]
    SessionUnknown,
    #[error("the server began a session that the gateway cannot seal, so it was not handed out")]
    SessionUnsealed,
    #[error("{0}")]
    Several(Unserved),
    #[error("the task is not known for this caller on this endpoint")]
    TaskUnknown,
    #[error("the request is larger than {0} bytes")]
    TooLarge(usize),
    #[error("a request with trailers is not accepted")]
    Trailers,
    #[error("{0}")]
    Unauthenticated(Unauthenticated, Option<String>),
}

impl Refusal {
    /// The name of the check, as the audit trail shows it.
    pub(crate) const fn check(&self) -> &'static str {
        match self {
            Self::Arguments(_) => "content",
            Self::AuditFull => "audit",
            Self::BodyWithoutPost(_)
            | Self::ContentEncoding
            | Self::ContentType
            | Self::TooLarge(_)
            | Self::Trailers => "body",
            Self::CredentialUnresolved(_) => "credential",
            Self::HeadGone(_) => "proxy",
            Self::DuplicateHeader(_) | Self::Mirror(_) => "header",
            Self::Host => "host",
            Self::HttpMethod | Self::ModernVerb => "verb",
            Self::MissingParam(_) => "params",
            Self::NoEndpoint | Self::Path | Self::Query => "endpoint",
            Self::NoPolicy => "policy",
            Self::Origin => "origin",
            Self::SessionUnknown | Self::SessionUnsealed => "session",
            Self::Several(unserved) => unserved.check(),
            Self::TaskUnknown => "task",
            Self::Undeclared(_) => "extension",
            Self::Unauthenticated(..) => "authentication",
        }
    }

    pub(crate) const fn code(&self) -> i32 {
        match self {
            Self::Arguments(_) => Code::ArgumentsRefused.number(),
            Self::AuditFull => Code::AuditFull.number(),
            Self::BodyWithoutPost(_)
            | Self::ContentEncoding
            | Self::ContentType
            | Self::DuplicateHeader(_)
            | Self::HttpMethod
            | Self::ModernVerb
            | Self::Path
            | Self::Query
            | Self::TooLarge(_)
            | Self::Trailers => fault::INVALID_REQUEST,
            Self::CredentialUnresolved(_) | Self::HeadGone(_) => Code::CredentialUnresolved.number(),
            Self::Host | Self::Origin => Code::OriginRefused.number(),
            Self::Mirror(_) => fault::HEADER_MISMATCH,
            Self::MissingParam(_) => fault::INVALID_PARAMS,
            Self::NoEndpoint => Code::NoEndpoint.number(),
            Self::NoPolicy => Code::NoPolicy.number(),
            Self::SessionUnknown => Code::SessionUnknown.number(),
            Self::SessionUnsealed => Code::SessionUnsealed.number(),
            Self::Several(unserved) => unserved.code(),
            Self::TaskUnknown => Code::TaskUnknown.number(),
            Self::Undeclared(_) => fault::MISSING_CLIENT_CAPABILITY,
            Self::Unauthenticated(why, _) => why.code().number(),
        }
    }

    const fn status(&self) -> u16 {
        match self {
            // A refusal by a rule, as a client shows it.
            Self::Arguments(_) | Self::TaskUnknown => 200,
            Self::AuditFull | Self::NoPolicy => 503,
            Self::BodyWithoutPost(_)
            | Self::DuplicateHeader(_)
            | Self::Mirror(_)
            | Self::MissingParam(_)
            | Self::Path
            | Self::Query
            | Self::Trailers
            | Self::Undeclared(_) => 400,
            Self::ContentEncoding | Self::ContentType => 415,
            Self::CredentialUnresolved(_) | Self::HeadGone(_) | Self::SessionUnsealed => 502,
            Self::Host | Self::Origin => 403,
            Self::HttpMethod | Self::ModernVerb => 405,
            Self::NoEndpoint | Self::SessionUnknown => 404,
            Self::Several(unserved) => unserved.status(),
            Self::TooLarge(_) => 413,
            Self::Unauthenticated(why, _) => why.status(),
        }
    }

    fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Self::HttpMethod => Some(("allow", "POST, GET, DELETE".to_owned())),
            Self::ModernVerb | Self::Several(Unserved::Verb) => Some(("allow", "POST".to_owned())),
            Self::AuditFull | Self::NoPolicy => Some(("retry-after", "1".to_owned())),
            Self::Unauthenticated(why, _) if why.status() == 503 => Some(("retry-after", "5".to_owned())),
            Self::Unauthenticated(_, challenge) => {
                challenge.as_ref().map(|challenge| ("www-authenticate", challenge.clone()))
            }
            _ => None,
        }
    }

    pub(crate) fn reply(&self, decision: DecisionId, id: Option<&[u8]>) -> Reply {
        let mut data = Data::new(&decision.to_string(), self.check());
        if let Self::Undeclared(extension) = self {
            data.json("requiredCapabilities", &format!(r#"{{"extensions":{{"{extension}":{{}}}}}}"#));
        }
        if let Self::Several(unserved) = self {
            unserved.data().into_iter().for_each(|(name, value)| data.json(name, &value));
        }
        let fault = error(self.code(), self.to_string(), data.end());
        json(self.status(), &fault, id, self.header())
    }
}

/// A refusal by a rule: 200, so that clients show it as the answer it is. A notification has no answer to put it into
/// and gets 400, as MCP has it for what the server does not accept; a GET gets 405, "no stream here".
pub(crate) fn denied(denial: &Denial, decision: DecisionId, asked: Asked<'_>) -> Reply {
    let data = data(decision, denial.rule(), denial.missing());
    let fault = error(denial.code().number(), denial.public(), data);
    match asked {
        Asked::Request(id) => json(200, &fault, Some(id), None),
        Asked::Message => json(400, &fault, None, None),
        Asked::Verb => json(405, &fault, None, Some(("allow", "POST".to_owned()))),
    }
}

/// The refusal of `server/discover`, in the one form that no client takes for the word of a legacy server: -32022 with
/// the revision it speaks. To any other error, or status, some client answers with `initialize`, and goes on without
/// what only the modern era has. What protocol and parsing refuse keeps its own code.
pub(crate) fn undiscovered(reply: Reply, record: &Record) -> Reply {
    if record.code < 0 {
        return reply;
    }
    let limits = Limits::default();
    let id = Json::parse(&reply.body, &limits).ok().and_then(|body| body.member("id"));
    let mut data = Data::new(&record.decision_id, &record.rule);
    data.json("supported", &format!(r#"["{}"]"#, revision::MODERN));
    data.text("requested", revision::MODERN);
    let fault = error(fault::UNSUPPORTED_PROTOCOL_VERSION, record.reason.clone(), data.end());
    let status = if reply.status == 200 { 400 } else { reply.status };
    Reply { status, body: fault.to_json(id.map(Json::bytes)), headers: reply.headers }
}

/// A refusal for want of scopes, to a caller who can ask its issuer for them: 403 with the challenge that says for which
/// (RFC 6750 §3.1, MCP: step-up authorization).
pub(crate) fn unscoped(denial: &Denial, decision: DecisionId, asked: Asked<'_>, challenge: String) -> Reply {
    let data = data(decision, denial.rule(), denial.missing());
    let fault = error(denial.code().number(), denial.public(), data);
    json(403, &fault, asked.id(), Some(("www-authenticate", challenge)))
}

/// What form the refused thing had.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asked<'a> {
    /// A notification or an answer: nothing to answer to.
    Message,
    /// A request, with its id's bytes.
    Request(&'a [u8]),
    /// GET or DELETE.
    Verb,
}

impl<'a> Asked<'a> {
    pub(crate) fn of(frame: &Frame<'a>) -> Self {
        match frame {
            Frame::Request(request) => Self::Request(request.id.bytes()),
            Frame::Notification(_) | Frame::Response(_) => Self::Message,
        }
    }

    /// The id to answer with.
    pub(crate) const fn id(self) -> Option<&'a [u8]> {
        match self {
            Self::Request(id) => Some(id),
            Self::Message | Self::Verb => None,
        }
    }
}

/// A body that is not one well-formed MCP message.
pub(crate) fn unparsable(error: &FrameError, decision: DecisionId) -> Reply {
    let fault = self::error(error.code(), error.to_string(), data(decision, "frame", None));
    json(400, &fault, error.id().as_deref(), None)
}

/// The message that takes the place of an answer that does not go on.
pub(crate) fn withheld(why: &Withheld, id: &[u8], decision: DecisionId) -> Vec<u8> {
    let text = format!("the server's answer was withheld: {}", why.reason);
    error(why.code.number(), text, data(decision, "answer", None)).to_json(Some(id))
}

const fn error(code: i32, message: String, data: String) -> Fault {
    Fault { code, message, data: Some(data) }
}

fn data(decision: DecisionId, rule: &str, missing: Option<&str>) -> String {
    let mut data = Data::new(&decision.to_string(), rule);
    if let Some(missing) = missing {
        data.text("missing", missing);
    }
    data.end()
}

fn json(status: u16, fault: &Fault, id: Option<&[u8]>, extra: Option<(&'static str, String)>) -> Reply {
    let mut headers = vec![("content-type", "application/json".to_owned())];
    headers.extend(extra);
    Reply { status, headers, body: fault.to_json(id) }
}
