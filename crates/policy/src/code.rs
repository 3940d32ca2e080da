//! The JSON-RPC error codes of refusals: all of them, in one table.
//!
//! They lie outside -32768..-32000, which JSON-RPC and MCP keep for themselves. `docs/refusals.md` explains each; a test
//! checks that it lists every one.

/// What kind of refusal a client is told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// No caller was recognised.
    Unauthenticated,
    /// A deny rule matched, or no rule did.
    DeniedByRule,
    /// The role has no allow rule for this server at all.
    NoAccessToServer,
    /// No rule allows the method, which MCP does not define for clients.
    MethodNotAllowed,
    /// The request comes from an origin, or names a host, that the policy does not list.
    OriginRefused,
    /// The node has not received a policy yet.
    NoPolicy,
    /// The audit buffer is full and the policy says to refuse rather than to lose events.
    AuditFull,
    /// The server's own credential could not be resolved.
    CredentialUnresolved,
    /// The server's answer could not be judged and was held back.
    AnswerWithheld,
    /// The filter itself failed. Envoy says this, for the filter no longer can.
    GateFailed,
    /// The server cannot be reached. Envoy says this.
    ServerUnreachable,
    /// No endpoint has this path.
    NoEndpoint,
    /// A rule would allow the call if it met a condition.
    ConditionUnmet,
    /// A condition could not be evaluated for the call.
    ConditionFailed,
    /// A rule would allow the call if its arguments met a schema.
    ArgumentsInvalid,
    /// The schema the arguments are held to is not there, or cannot be checked.
    SchemaUnusable,
    /// The session id was not sealed for this caller on this endpoint, or its time is over.
    SessionUnknown,
    /// A session cannot be sealed, because the node has no key for it.
    SessionUnsealed,
    /// The server asks of the client what no rule lets it ask.
    AskRefused,
    /// The server sends a message or a type of result that no rule lets it send.
    MessageRefused,
    /// The task id was not sealed for this caller on this endpoint.
    TaskUnknown,
    /// The tool's definition was never approved.
    ToolNotApproved,
    /// The tool's definition changed since it was approved.
    ToolChanged,
    /// The tool's name cannot be told from another.
    ToolNameRefused,
    /// The caller is known, but has no role here.
    NoRole,
    /// The caller's token lacks scopes that a rule asks for.
    InsufficientScope,
    /// The keys of a token's issuer are not there.
    KeysMissing,
    /// The server's answer contains what the role must not receive.
    ContentRefused,
    /// The server's answer is longer than the role may receive.
    ResultTooLong,
    /// The arguments contain what the role must not send.
    ArgumentsRefused,
    /// A limit has no room for the call.
    LimitExceeded,
    /// A limit cannot be counted.
    LimitUncounted,
}

impl Code {
    /// Every code, in the order of their numbers.
    pub const ALL: [Code; 32] = [
        Code::Unauthenticated,
        Code::DeniedByRule,
        Code::NoAccessToServer,
        Code::MethodNotAllowed,
        Code::OriginRefused,
        Code::NoPolicy,
        Code::AuditFull,
        Code::CredentialUnresolved,
        Code::AnswerWithheld,
        Code::GateFailed,
        Code::ServerUnreachable,
        Code::NoEndpoint,
        Code::ConditionUnmet,
        Code::ConditionFailed,
        Code::ArgumentsInvalid,
        Code::SchemaUnusable,
        Code::SessionUnknown,
        Code::SessionUnsealed,
        Code::AskRefused,
        Code::MessageRefused,
        Code::TaskUnknown,
        Code::ToolNotApproved,
        Code::ToolChanged,
        Code::ToolNameRefused,
        Code::NoRole,
        Code::InsufficientScope,
        Code::KeysMissing,
        Code::ContentRefused,
        Code::ResultTooLong,
        Code::ArgumentsRefused,
        Code::LimitExceeded,
        Code::LimitUncounted,
    ];

    /// The number in the JSON-RPC error.
    #[must_use]
    pub const fn number(self) -> i32 {
        match self {
            Code::Unauthenticated => 4010,
            Code::DeniedByRule => 4030,
            Code::NoAccessToServer => 4031,
            Code::MethodNotAllowed => 4032,
            Code::OriginRefused => 4033,
            Code::NoPolicy => 4034,
            Code::AuditFull => 4035,
            Code::CredentialUnresolved => 4036,
            Code::AnswerWithheld => 4037,
            Code::GateFailed => 4038,
            Code::ServerUnreachable => 4039,
            Code::NoEndpoint => 4040,
            Code::ConditionUnmet => 4041,
            Code::ConditionFailed => 4042,
            Code::ArgumentsInvalid => 4043,
            Code::SchemaUnusable => 4044,
            Code::SessionUnknown => 4045,
            Code::SessionUnsealed => 4046,
            Code::AskRefused => 4047,
            Code::MessageRefused => 4048,
            Code::TaskUnknown => 4049,
            Code::ToolNotApproved => 4050,
            Code::ToolChanged => 4051,
            Code::ToolNameRefused => 4052,
            Code::NoRole => 4053,
            Code::InsufficientScope => 4054,
            Code::KeysMissing => 4055,
            Code::ContentRefused => 4057,
            Code::ResultTooLong => 4058,
            Code::ArgumentsRefused => 4059,
            Code::LimitExceeded => 4060,
            Code::LimitUncounted => 4061,
        }
    }

    /// A short name, for metrics and logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Code::Unauthenticated => "unauthenticated",
            Code::DeniedByRule => "denied_by_rule",
            Code::NoAccessToServer => "no_access_to_server",
            Code::MethodNotAllowed => "method_not_allowed",
            Code::OriginRefused => "origin_refused",
            Code::NoPolicy => "no_policy",
            Code::AuditFull => "audit_full",
            Code::CredentialUnresolved => "credential_unresolved",
            Code::AnswerWithheld => "answer_withheld",
            Code::GateFailed => "gate_failed",
            Code::ServerUnreachable => "server_unreachable",
            Code::NoEndpoint => "no_endpoint",
            Code::ConditionUnmet => "condition_unmet",
            Code::ConditionFailed => "condition_failed",
            Code::ArgumentsInvalid => "arguments_invalid",
            Code::SchemaUnusable => "schema_unusable",
            Code::SessionUnknown => "session_unknown",
            Code::SessionUnsealed => "session_unsealed",
            Code::AskRefused => "ask_refused",
            Code::MessageRefused => "message_refused",
            Code::TaskUnknown => "task_unknown",
            Code::ToolNotApproved => "tool_not_approved",
            Code::ToolChanged => "tool_changed",
            Code::ToolNameRefused => "tool_name_refused",
            Code::NoRole => "no_role",
            Code::InsufficientScope => "insufficient_scope",
            Code::KeysMissing => "keys_missing",
            Code::ContentRefused => "content_refused",
            Code::ResultTooLong => "result_too_long",
            Code::ArgumentsRefused => "arguments_refused",
            Code::LimitExceeded => "limit_exceeded",
            Code::LimitUncounted => "limit_uncounted",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn the_table_of_refusals_lists_every_code() {
        let page = include_str!("../../../docs/refusals.md");
        for code in Code::ALL {
            let row = format!("| {} | `{}` |", code.number(), code.name());
            assert!(page.contains(&row), "docs/refusals.md has no row that begins with {row}");
        }
        let rows = page.lines().filter(|line| line.starts_with("| 4")).count();
        assert_eq!(rows, Code::ALL.len(), "docs/refusals.md lists a code that does not exist");
    }

    #[test]
    fn codes_stay_outside_the_reserved_range() {
        for code in Code::ALL {
            assert!(!(-32768..=-32000).contains(&code.number()));
        }
    }
}
