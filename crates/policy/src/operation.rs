//! What is asked, taken from a frame: the one place that knows which MCP method needs which right.
//!
//! A method it does not know is [`Operation::Other`], which no rule can allow: nothing slips by because it was not thought
//! of. The operation goes to [`RuleSet::decide`](crate::RuleSet::decide).

mod params;

use std::borrow::Cow;

use mcp::list::ListKind;
use mcp::{Frame, Json, Notification, Request, revision};
use thiserror::Error;

use crate::operation::params::Params;

/// What a caller wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation<'a> {
    /// A legacy client's answer to a question of the server.
    Answer,
    /// Call a tool.
    CallTool {
        /// Name of the tool.
        name: Cow<'a, str>,
        /// What it is called with.
        arguments: Arguments<'a>,
    },
    /// Complete an argument.
    Complete {
        /// Name of the prompt or URI of the resource whose argument it is.
        reference: Cow<'a, str>,
    },
    /// End a legacy session (HTTP DELETE).
    EndSession,
    /// Get a prompt.
    GetPrompt {
        /// Name of the prompt.
        name: Cow<'a, str>,
        /// What it is filled in with.
        arguments: Arguments<'a>,
    },
    /// What a connection consists of: `initialize`, `ping`, `server/discover` and the like.
    Lifecycle {
        /// The method.
        method: Cow<'a, str>,
    },
    /// List tools, prompts, resources or templates of resources.
    List(ListKind),
    /// Listen to notifications.
    Listen {
        /// `tools_list_changed`, `prompts_list_changed`, `resources_list_changed`, or the URI of a resource.
        topics: Vec<String>,
    },
    /// Open a legacy stream of server messages (HTTP GET).
    OpenStream,
    /// Anything else.
    Other {
        /// The method.
        method: Cow<'a, str>,
    },
    /// Read a resource.
    ReadResource {
        /// Its URI.
        uri: Cow<'a, str>,
    },
    /// Be told of changes of a resource.
    Subscribe {
        /// Its URI.
        uri: Cow<'a, str>,
    },
    /// Look after a task.
    Task {
        /// What to do with it: `get`, `update`, `cancel`, `list`, `result`.
        verb: &'static str,
        /// Its id; a list has none.
        id: Option<Cow<'a, str>>,
    },
    /// A method that wants an answer, sent without an id so that nobody would see one. Never permitted.
    Unanswerable {
        /// The method.
        method: Cow<'a, str>,
    },
    /// No longer be told of changes of a resource.
    Unsubscribe {
        /// Its URI.
        uri: Cow<'a, str>,
    },
}

/// The arguments of a call, as far as they are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arguments<'a> {
    /// The member `arguments` of the parameters; `{}` where there is none.
    Known(Json<'a>),
    /// Any: the question is whether some arguments could be allowed. Lists ask it, and so does whoever judges an exchange
    /// again after its frame is gone.
    Unknown,
}

/// A request lacks the parameter that says what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{method}` needs the parameter `{param}` ({expected})")]
pub struct MissingParam {
    /// The method.
    pub method: String,
    /// The parameter that is missing or of the wrong type.
    pub param: &'static str,
    /// What it has to be.
    pub expected: &'static str,
}

impl<'a> Operation<'a> {
    /// What a frame asks for.
    ///
    /// # Errors
    /// The frame does not say which tool, prompt, resource or task it is about.
    pub fn from_frame(frame: &Frame<'a>) -> Result<Operation<'a>, MissingParam> {
        match frame {
            Frame::Request(request) => Operation::from_request(request),
            Frame::Notification(notification) => Ok(Operation::from_notification(notification)),
            Frame::Response(_) => Ok(Operation::Answer),
        }
    }

    fn from_request(request: &Request<'a>) -> Result<Operation<'a>, MissingParam> {
        let params = Params { method: &request.method, object: request.params.as_ref() };
        let legacy = revision::era(&request.method, request.params.as_ref()) == revision::Era::Legacy;
        Ok(match request.method.as_ref() {
            "tools/call" => Operation::CallTool { name: params.text("name")?, arguments: params.arguments() },
            "prompts/get" => {
                Operation::GetPrompt { name: params.text("name")?, arguments: params.arguments() }
            }
            "resources/read" => Operation::ReadResource { uri: params.text("uri")? },
            // Gone in the modern era, where `subscriptions/listen` took their place.
            "resources/subscribe" if legacy => Operation::Subscribe { uri: params.text("uri")? },
            "resources/unsubscribe" if legacy => Operation::Unsubscribe { uri: params.text("uri")? },
            "completion/complete" => Operation::Complete { reference: params.reference()? },
            "subscriptions/listen" => Operation::Listen { topics: params.topics()? },
            "tasks/get" => Operation::Task { verb: "get", id: Some(params.text("taskId")?) },
            "tasks/update" => Operation::Task { verb: "update", id: Some(params.text("taskId")?) },
            "tasks/cancel" => Operation::Task { verb: "cancel", id: Some(params.text("taskId")?) },
            // Gone in the modern era.
            "tasks/result" if legacy => Operation::Task { verb: "result", id: Some(params.text("taskId")?) },
            "tasks/list" if legacy => Operation::Task { verb: "list", id: None },
            "initialize" | "ping" | "server/discover" | "logging/setLevel" => {
                Operation::Lifecycle { method: request.method.clone() }
            }
            method => match ListKind::from_method(method) {
                Some(kind) => Operation::List(kind),
                None => Operation::Other { method: request.method.clone() },
            },
        })
    }

    fn from_notification(notification: &Notification<'a>) -> Operation<'a> {
        let method = notification.method.clone();
        match method.as_ref() {
            "notifications/initialized"
            | "notifications/cancelled"
            | "notifications/progress"
            | "notifications/roots/list_changed"
            | "notifications/elicitation/complete" => Operation::Lifecycle { method },
            name if name.starts_with("notifications/") => Operation::Other { method },
            _ => Operation::Unanswerable { method },
        }
    }

    /// The same, without the frame it was taken from and so without its arguments: for what is judged again later.
    #[must_use]
    pub fn into_owned(self) -> Operation<'static> {
        let own = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        match self {
            Operation::Answer => Operation::Answer,
            Operation::CallTool { name, .. } => {
                Operation::CallTool { name: own(name), arguments: Arguments::Unknown }
            }
            Operation::Complete { reference } => Operation::Complete { reference: own(reference) },
            Operation::EndSession => Operation::EndSession,
            Operation::GetPrompt { name, .. } => {
                Operation::GetPrompt { name: own(name), arguments: Arguments::Unknown }
            }
            Operation::Lifecycle { method } => Operation::Lifecycle { method: own(method) },
            Operation::List(kind) => Operation::List(kind),
            Operation::Listen { topics } => Operation::Listen { topics },
            Operation::OpenStream => Operation::OpenStream,
            Operation::Other { method } => Operation::Other { method: own(method) },
            Operation::ReadResource { uri } => Operation::ReadResource { uri: own(uri) },
            Operation::Subscribe { uri } => Operation::Subscribe { uri: own(uri) },
            Operation::Task { verb, id } => Operation::Task { verb, id: id.map(own) },
            Operation::Unanswerable { method } => Operation::Unanswerable { method: own(method) },
            Operation::Unsubscribe { uri } => Operation::Unsubscribe { uri: own(uri) },
        }
    }

    /// The JSON-RPC method or, for what is no JSON-RPC, the HTTP method, as the audit records it.
    #[must_use]
    pub fn method(&self) -> &str {
        match self {
            Operation::Answer => "response",
            Operation::CallTool { .. } => "tools/call",
            Operation::Complete { .. } => "completion/complete",
            Operation::EndSession => "DELETE",
            Operation::GetPrompt { .. } => "prompts/get",
            Operation::List(kind) => list_method(*kind),
            Operation::Listen { .. } => "subscriptions/listen",
            Operation::OpenStream => "GET",
            Operation::ReadResource { .. } => "resources/read",
            Operation::Subscribe { .. } => "resources/subscribe",
            Operation::Unsubscribe { .. } => "resources/unsubscribe",
            Operation::Task { verb, .. } => task_method(verb),
            Operation::Lifecycle { method }
            | Operation::Other { method }
            | Operation::Unanswerable { method } => method,
        }
    }

    /// What the tool or prompt is called with. Nothing else has arguments, and for rules those are `{}`.
    #[must_use]
    pub fn arguments(&self) -> Arguments<'_> {
        match self {
            Operation::CallTool { arguments, .. } | Operation::GetPrompt { arguments, .. } => *arguments,
            _ => Arguments::Known(Json::EMPTY_OBJECT),
        }
    }

    /// Name of the tool or prompt, URI of the resource or id of the task, as the audit records it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Operation::CallTool { name, .. } | Operation::GetPrompt { name, .. } => Some(name),
            Operation::Complete { reference } => Some(reference),
            Operation::ReadResource { uri }
            | Operation::Subscribe { uri }
            | Operation::Unsubscribe { uri } => Some(uri),
            Operation::Task { id, .. } => id.as_deref(),
            _ => None,
        }
    }
}

fn list_method(kind: ListKind) -> &'static str {
    match kind {
        ListKind::Prompts => "prompts/list",
        ListKind::ResourceTemplates => "resources/templates/list",
        ListKind::Resources => "resources/list",
        ListKind::Tools => "tools/list",
    }
}

fn task_method(verb: &str) -> &'static str {
    match verb {
        "update" => "tasks/update",
        "cancel" => "tasks/cancel",
        "list" => "tasks/list",
        "result" => "tasks/result",
        _ => "tasks/get",
    }
}
