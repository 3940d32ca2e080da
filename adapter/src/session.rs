//! One request of a known caller: under which revision, as whom, at which databases, and what the audit keeps of it.

use std::sync::Arc;
use std::time::Duration;

use engine::KeptArguments;
use mcp::{Json, Limits};
use policy::document::{OnFull, ToolShape};
use policy::{Arguments, DatabaseRights, Decision, Denial, Operation, Subject};
use proto::v1::{AuditEvent, Gate as AuditGate};
use sql::Scope;

use crate::databases::{Age, OpenDatabase};
use crate::failure::Failure;
use crate::gate::Gate;
use crate::revision::Revision;
use crate::rights;
use crate::telemetry::Origin;

/// A request that was let in.
pub(crate) struct Session {
    /// Shared by all requests.
    pub(crate) gate: Arc<Gate>,
    /// Fixed for the whole request.
    pub(crate) revision: Arc<Revision>,
    /// Who calls.
    pub(crate) caller: Caller,
    /// Which databases the URL names.
    pub(crate) target: Target,
    /// JSON-RPC method, or HTTP method of a REST call.
    pub(crate) method: String,
    /// The arguments as the audit keeps them.
    pub(crate) arguments: KeptArguments,
}

/// A caller and where the call belongs.
pub(crate) struct Caller {
    pub(crate) subject: Subject,
    pub(crate) via: Via,
    pub(crate) decision_id: String,
    pub(crate) trace_id: String,
    pub(crate) endpoint: String,
    /// What the call continues, for whoever traces calls.
    pub(crate) origin: Origin,
}

/// How the caller was recognised.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Via {
    /// By the gateway, which has already applied the rules on tools.
    Gateway,
    /// By its own key, or by the role it was started with: the rules on tools hold here too.
    Direct,
    /// Locally and without a role: may read everything.
    Owner,
}

/// The databases a URL stands for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Target {
    /// Every database the caller has rights in.
    All,
    /// This one.
    One(String),
}

/// What became of a decision.
#[derive(Debug, Default)]
pub(crate) struct Recorded<'a> {
    /// Database it is about; empty if about none.
    pub(crate) database: &'a str,
    /// The tool.
    pub(crate) name: &'a str,
    /// The rule that let it through.
    pub(crate) rule: String,
    /// The statement that ran.
    pub(crate) statement: String,
    /// The tables it read.
    pub(crate) tables: Vec<String>,
    /// The rows it gave, or changed.
    pub(crate) rows: u64,
    /// How long all of it took.
    pub(crate) took: Duration,
}

impl Session {
    /// The databases within the target that the caller has rights in, in order of their names.
    pub(crate) fn databases(&self) -> Vec<&str> {
        let has = |name: &&str| match (&self.target, self.caller.via) {
            (Target::One(one), _) if one != name => false,
            (_, Via::Owner) => true,
            _ => self.revision.rules().database_rights(&self.caller.subject.role, name).is_some(),
        };
        self.revision.names().filter(has).collect()
    }

    /// The database a call is for, from its `database` argument.
    ///
    /// # Errors
    /// There is none such for this caller, or several and none was named.
    pub(crate) fn database(&self, named: Option<&str>) -> Result<&str, Failure> {
        let own = self.databases();
        match (named, own.as_slice()) {
            (None, [only]) => Ok(only),
            (None, []) => Err(Failure::NoDatabase { role: self.caller.subject.role.clone() }),
            (None, several) => Err(Failure::WhichDatabase { choices: several.join("`, `") }),
            (Some(named), _) => own
                .iter()
                .find(|name| **name == named)
                .copied()
                .ok_or_else(|| Failure::UnknownDatabase { database: named.chars().take(128).collect() }),
        }
    }

    /// Whether the rules on tools let the caller use a tool on a database. The rule that did is in the answer.
    ///
    /// # Errors
    /// They do not, or the decision could not be recorded and the policy wants it to be.
    pub(crate) fn permit(
        &self,
        database: &str,
        tool: &str,
        arguments: Option<&[u8]>,
    ) -> Result<String, Failure> {
        let rules = self.revision.rules();
        if self.gate.audit.is_full() && rules.audit().on_full == OnFull::Refuse {
            return Err(Failure::Denied(Denial::audit_full()));
        }
        match self.caller.via {
            Via::Gateway => Ok("assertion of the gateway".to_owned()),
            Via::Owner => Ok("local caller without a role".to_owned()),
            Via::Direct => {
                let limits = Limits { bytes: usize::MAX, ..Limits::default() };
                let read = arguments.and_then(|bytes| Json::parse(bytes, &limits).ok());
                // What cannot be judged is no object, and meets no rule that looks into it.
                let arguments = Arguments::Known(read.unwrap_or(Json::NULL));
                let operation = Operation::CallTool { name: tool.into(), arguments };
                match rules.decide(&self.caller.subject, database, &operation) {
                    Decision::Permit(permit) => Ok(permit.rule().to_owned()),
                    Decision::Deny(denial) => Err(Failure::Denied(denial)),
                }
            }
        }
    }

    /// As [`Session::permit`], for a tool that is about no database in particular: one of them has to let it be used.
    ///
    /// # Errors
    /// None does.
    pub(crate) fn permit_any(&self, tool: &str, arguments: Option<&[u8]>) -> Result<String, Failure> {
        let mut refused = Failure::NoDatabase { role: self.caller.subject.role.clone() };
        for database in self.databases() {
            match self.permit(database, tool, arguments) {
                Ok(rule) => return Ok(rule),
                Err(failure) => refused = failure,
            }
        }
        Err(refused)
    }

    /// Which tools are made of a database.
    pub(crate) fn tool_shape(&self, database: &str) -> ToolShape {
        self.revision.rules().tool_shape(database)
    }

    /// What a statement of the caller may cost at most, by the engine's own estimate.
    pub(crate) fn max_cost(&self, database: &str) -> Option<f64> {
        let most = self.granted(database)?.max_cost?;
        // Nobody counts costs beyond 2^53.
        #[expect(clippy::cast_precision_loss, reason = "an estimate is compared with it")]
        Some(most as f64)
    }

    /// What is known of the caller, for rules on rows.
    pub(crate) fn claims(&self) -> sql::Claims {
        rights::of_caller(&self.caller.subject.claims)
    }

    fn granted(&self, database: &str) -> Option<&DatabaseRights> {
        self.revision.rules().database_rights(&self.caller.subject.role, database)
    }

    /// Whether the list of tools shows a tool for a database: exactly where [`Session::permit`] lets it be used.
    pub(crate) fn shows(&self, database: &str, tool: &str) -> bool {
        self.caller.via != Via::Direct
            || self.revision.rules().shows(&self.caller.subject, database, mcp::list::ListKind::Tools, tool)
    }

    /// The open database of a name that [`Session::database`] gave.
    ///
    /// # Errors
    /// Its URL cannot be used.
    pub(crate) fn open(&self, database: &str) -> Result<&Arc<OpenDatabase>, Failure> {
        match self.revision.database(database) {
            Some(Ok(open)) => Ok(open),
            Some(Err(error)) => Err(Failure::Url(error.clone())),
            None => Err(Failure::UnknownDatabase { database: database.to_owned() }),
        }
    }

    /// What the caller may see of a database.
    ///
    /// # Errors
    /// The database did not answer.
    pub(crate) async fn scope(&self, database: &str, age: Age) -> Result<Arc<Scope>, Failure> {
        let snapshot = self.open(database)?.snapshot(age).await.map_err(Failure::Database)?;
        let rules = self.revision.rules();
        let role = &self.caller.subject.role;
        // A scope is kept by the role's name, which no role of a document can share with the owner's.
        let kept_as = if self.caller.via == Via::Owner { "\0owner" } else { role };
        Ok(snapshot.scope(rules.revision(), kept_as, || match self.caller.via {
            Via::Owner => rights::read_everything(),
            _ => rules
                .database_rights(role, database)
                .map(|granted| rights::of_role(granted, &self.revision.mask_key(database)))
                .unwrap_or_default(),
        }))
    }

    /// Records that a call was let through.
    pub(crate) fn record_allowed(&self, recorded: Recorded<'_>) {
        let event = self.event(recorded);
        self.gate.audit.publish(AuditEvent { decision: proto::v1::Decision::Allowed.into(), ..event });
    }

    /// Records that a call was refused, or let through and failed.
    pub(crate) fn record_failure(&self, recorded: Recorded<'_>, failure: &Failure) {
        let decision =
            if failure.is_refusal() { proto::v1::Decision::Denied } else { proto::v1::Decision::Failed };
        let rule = failure.rule().map_or_else(|| recorded.rule.clone(), str::to_owned);
        let event = self.event(Recorded { rule, ..recorded });
        self.gate.audit.publish(AuditEvent {
            decision: decision.into(),
            reason: failure.in_full(),
            code: failure.code(),
            ..event
        });
    }

    fn event(&self, recorded: Recorded<'_>) -> AuditEvent {
        AuditEvent {
            time: Some(timestamp(crate::gate::now_ms())),
            decision_id: self.caller.decision_id.clone(),
            trace_id: self.caller.trace_id.clone(),
            gate: AuditGate::Database.into(),
            node: self.gate.node.clone(),
            subject: self.caller.subject.name.clone(),
            key_id: self.caller.subject.key_id.clone(),
            role: self.caller.subject.role.clone(),
            endpoint: self.caller.endpoint.clone(),
            server: recorded.database.to_owned(),
            method: self.method.clone(),
            name: recorded.name.to_owned(),
            rule: recorded.rule,
            revision: self.revision.rules().revision(),
            arguments_digest: self.arguments.digest.clone(),
            arguments: self.arguments.text.clone(),
            statement: recorded.statement,
            tables: recorded.tables,
            duration_us: u64::try_from(recorded.took.as_micros()).unwrap_or(u64::MAX),
            rows: recorded.rows,
            ..AuditEvent::default()
        }
    }
}

/// Milliseconds as the contract has time.
pub(crate) fn timestamp(ms: u64) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: i64::try_from(ms / 1000).unwrap_or(i64::MAX),
        nanos: i32::try_from(ms % 1000 * 1_000_000).unwrap_or(0),
    }
}
