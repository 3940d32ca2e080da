//! What a server does towards the client beside answering: it asks for something, or sends what MCP does not define.
//!
//! Modern servers ask within results (`inputRequests`), legacy ones by requests on a stream or by an error that names
//! pages to open. Each question is held against the role's `asks`, each method and type of result that MCP does not
//! know against its `methods`.

mod plain;

pub(crate) use plain::spells_letters;

use mcp::{Frame, Json, Kind, Limits, Object, Outcome, revision::Era};
use policy::{Ask, Denial, Operation};

use crate::{
    inspection::{Verdict, Withheld},
    standing::Standing,
};

/// The extension whose results are `task`s.
const TASKS: &str = "io.modelcontextprotocol/tasks";
/// Where a modern request says what its client can do.
const CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";

/// Notifications that a server may send whatever the role.
const NOTIFICATIONS: [&str; 11] = [
    "notifications/cancelled",
    "notifications/elicitation/complete",
    "notifications/message",
    "notifications/progress",
    "notifications/prompts/list_changed",
    "notifications/resources/list_changed",
    "notifications/resources/updated",
    "notifications/subscriptions/acknowledged",
    "notifications/tasks",
    "notifications/tasks/status",
    "notifications/tools/list_changed",
];

/// What has to be known of a request to judge what its answer asks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asks {
    era: Era,
    tasks: bool,
}

impl Asks {
    /// For the answer to a message, or to a GET.
    pub(crate) fn of(frame: Option<&Frame<'_>>) -> Self {
        let Some(Frame::Request(request)) = frame else { return Self { era: Era::Legacy, tasks: false } };
        let params = request.params.as_ref();
        Self {
            era: mcp::revision::era(&request.method, params),
            tasks: params.is_some_and(|params| declares(params, TASKS)),
        }
    }

    /// The extension a permitted operation belongs to, where the request does not declare it.
    pub(crate) fn undeclared(self, operation: &Operation<'_>) -> Option<&'static str> {
        let task = matches!(operation, Operation::Task { .. });
        (task && self.era == Era::Modern && !self.tasks).then_some(TASKS)
    }

    /// Judges one message.
    pub(crate) fn message(
        self,
        document: &[u8],
        server: &str,
        limits: &Limits,
        standing: &Standing,
    ) -> Verdict {
        if plain::is_plain(document) {
            return Verdict::Keep;
        }
        let judge = Judge { asks: self, server, standing };
        match Frame::parse(document, limits) {
            Ok(frame) => judge.frame(&frame).map_or_else(Verdict::Withheld, |()| Verdict::Keep),
            Err(error) => Verdict::Withheld(Withheld::unjudged(error)),
        }
    }
}

/// Whether a modern request declares an extension.
fn declares(params: &Object<'_>, extension: &str) -> bool {
    let capabilities = params.get("_meta").and_then(|meta| meta.member(CAPABILITIES));
    capabilities.and_then(|capabilities| capabilities.member("extensions")?.member(extension)).is_some()
}

/// One message against the rules of one caller on one server.
struct Judge<'j> {
    asks: Asks,
    server: &'j str,
    standing: &'j Standing,
}

type Judged = Result<(), Withheld>;

impl Judge<'_> {
    fn frame(&self, frame: &Frame<'_>) -> Judged {
        match frame {
            Frame::Notification(notification) => {
                if !NOTIFICATIONS.contains(&notification.method.as_ref()) {
                    self.named(&notification.method)?;
                }
                notification.params.as_ref().map_or(Ok(()), |params| self.input_requests(params.get(INPUTS)))
            }
            // MCP forbids requests of a server in the modern era, whatever they ask.
            Frame::Request(request) if self.asks.era == Era::Modern => self.named(&request.method),
            Frame::Request(request) => self.asked(&request.method, request.params.as_ref().map(Object::json)),
            Frame::Response(response) => match response.outcome {
                Outcome::Error(error) => self.error(error),
                Outcome::Result(result) => self.result(result),
            },
        }
    }

    fn result(&self, result: Json<'_>) -> Judged {
        match result.member("resultType").map(Json::as_str) {
            None => {}
            Some(Some(kind)) => match kind.as_ref() {
                "complete" | "input_required" => {}
                "task" if self.asks.tasks => {}
                kind => self.named(&format!("result:{kind}"))?,
            },
            Some(None) => return Err(Withheld::unjudged("its `resultType` is no text")),
        }
        self.input_requests(result.member(INPUTS))?;
        // A task that is done carries the result of what it was made for.
        match result.member("result").filter(|inner| inner.kind() == Kind::Object) {
            Some(inner) => self.result(inner),
            None => Ok(()),
        }
    }

    /// The questions of a result or of a task that waits for answers.
    fn input_requests(&self, requests: Option<Json<'_>>) -> Judged {
        let Some(requests) = requests.filter(|requests| requests.kind() != Kind::Null) else { return Ok(()) };
        let unread = || Withheld::unjudged("its `inputRequests` are not requests by name");
        for (_, request) in requests.object().ok_or_else(unread)?.iter() {
            let method = request.member("method").and_then(Json::as_str).ok_or_else(unread)?;
            self.asked(&method, request.member("params"))?;
        }
        Ok(())
    }

    fn asked(&self, method: &str, params: Option<Json<'_>>) -> Judged {
        match method {
            "ping" => Ok(()),
            "sampling/createMessage" => self.ask(&Ask::Sampling),
            "roots/list" => self.ask(&Ask::Roots),
            "elicitation/create" => self.elicitation(params),
            method => self.named(method),
        }
    }

    fn elicitation(&self, params: Option<Json<'_>>) -> Judged {
        let field = |name: &str| params.and_then(|params| params.member(name));
        match field("mode").map(Json::as_str) {
            // Before there were modes, there were forms. One that names a page all the same is not plainly either.
            None if field("url").is_none() => self.ask(&Ask::Form),
            Some(Some(mode)) if mode == "form" && field("url").is_none() => self.ask(&Ask::Form),
            Some(Some(mode)) if mode == "url" => self.page(field("url")),
            _ => Err(Withheld::unjudged("it asks the user in a way that is neither form nor page")),
        }
    }

    fn page(&self, url: Option<Json<'_>>) -> Judged {
        let url = url.and_then(Json::as_str);
        self.ask(&Ask::Page { url: url.as_deref().unwrap_or_default() })
    }

    /// The legacy error -32042 names pages to open (2025-11-25, "URL elicitation required"); whatever the code, such
    /// names are judged.
    fn error(&self, error: Json<'_>) -> Judged {
        let Some(pages) = error.member("data").and_then(|data| data.member("elicitations")) else {
            return Ok(());
        };
        let unread = || Withheld::unjudged("it asks to open pages that cannot be read");
        pages.array().ok_or_else(unread)?.into_iter().try_for_each(|page| self.page(page.member("url")))
    }

    fn ask(&self, ask: &Ask<'_>) -> Judged {
        let rules = self.standing.revision.rules();
        rules.may_ask(&self.standing.subject, self.server, ask).map_err(|denial| withheld(&denial))
    }

    /// What MCP does not define has to be allowed by its name.
    fn named(&self, name: &str) -> Judged {
        let rules = self.standing.revision.rules();
        rules.may_send(&self.standing.subject, self.server, name).map_err(|denial| withheld(&denial))
    }
}

const INPUTS: &str = "inputRequests";

fn withheld(denial: &Denial) -> Withheld {
    Withheld { code: denial.code(), reason: denial.public() }
}
