//! `trigate audit`: what the gates decided, asked of the store or followed as it is stored.

use std::time::Duration;

use clap::ValueEnum;
use jiff::Timestamp;
use proto::v1::{AuditEvent, AuditFilter, Decision, Gate, QueryAuditRequest, TailAuditRequest};
use serde_json::{Value, json};
use tonic::Streaming;

use crate::args::TargetArgs;
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// What can be asked of the audit.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Print the decisions that meet every condition, oldest first
    Query(Query),
    /// Print decisions as they are made, until Ctrl-C
    Tail(Tail),
}

/// Options of `trigate audit query`.
#[derive(Debug, clap::Args)]
pub(crate) struct Query {
    /// The newest this many (0 = all)
    #[arg(long, default_value_t = 100)]
    limit: u32,
    #[command(flatten)]
    conditions: Conditions,
    #[command(flatten)]
    shared: Shared,
}

/// Options of `trigate audit tail`.
#[derive(Debug, clap::Args)]
pub(crate) struct Tail {
    /// Begin with this many stored decisions
    #[arg(long, default_value_t = 10)]
    last: u32,
    #[command(flatten)]
    conditions: Conditions,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, clap::Args)]
struct Shared {
    #[command(flatten)]
    target: TargetArgs,
    /// Format of the result
    #[arg(long, short, value_enum, default_value_t = Format::Table)]
    output: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma-separated values with headings
    Csv,
    /// `query`: one JSON array; `tail`: one JSON object a line
    Json,
    /// For people
    Table,
}

#[derive(Debug, clap::Args)]
struct Conditions {
    /// Not before: "2026-11-17 14:00" (local time), RFC 3339, or a span back such as 2h
    #[arg(long, value_name = "TIME", value_parser = instant::past)]
    since: Option<Timestamp>,
    /// Not after
    #[arg(long, value_name = "TIME", value_parser = instant::past)]
    until: Option<Timestamp>,
    /// Role of the caller
    #[arg(long, default_value = "", hide_default_value = true)]
    role: String,
    /// Name of the key or subject
    #[arg(long, default_value = "", hide_default_value = true)]
    subject: String,
    /// Id of the key
    #[arg(long, default_value = "", hide_default_value = true)]
    key_id: String,
    /// Server or database
    #[arg(long, default_value = "", hide_default_value = true)]
    server: String,
    /// Tool, prompt or resource
    #[arg(long, default_value = "", hide_default_value = true, visible_alias = "tool")]
    name: String,
    /// The rows of one call, of both gates
    #[arg(long, default_value = "", hide_default_value = true)]
    decision_id: String,
    /// What was decided
    #[arg(long, value_enum)]
    decision: Option<Decided>,
    /// Which gate decided
    #[arg(long, value_enum)]
    gate: Option<Decider>,
    /// Only where secrets or personal data were found
    #[arg(long)]
    findings: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decided {
    Allowed,
    Denied,
    /// Allowed, but the database or the adapter failed
    Failed,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Decider {
    /// The gateway, between agent and MCP server
    Mcp,
    /// The adapter, between MCP server and database
    Database,
    /// No gate: approvals, and what the control plane itself found
    ControlPlane,
}

impl Conditions {
    fn into_filter(self) -> AuditFilter {
        AuditFilter {
            since: self.since.map(instant::to_proto),
            until: self.until.map(instant::to_proto),
            role: self.role,
            subject: self.subject,
            key_id: self.key_id,
            server: self.server,
            name: self.name,
            decision_id: self.decision_id,
            decision: self.decision.map_or(Decision::Unspecified, Decided::to_proto).into(),
            gate: self.gate.map_or(Gate::Unspecified, Decider::to_proto).into(),
            findings: self.findings,
        }
    }
}

impl Decided {
    fn to_proto(self) -> Decision {
        match self {
            Decided::Allowed => Decision::Allowed,
            Decided::Denied => Decision::Denied,
            Decided::Failed => Decision::Failed,
        }
    }
}

impl Decider {
    fn to_proto(self) -> Gate {
        match self {
            Decider::Database => Gate::Database,
            Decider::Mcp => Gate::Mcp,
            Decider::ControlPlane => Gate::ControlPlane,
        }
    }
}

impl Command {
    /// Does it and prints the outcome.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        match self {
            Command::Query(args) => args.run().await,
            Command::Tail(args) => args.run().await,
        }
    }
}

impl Query {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let request = QueryAuditRequest { filter: Some(self.conditions.into_filter()), limit: self.limit };
        let events = answer(admin.client.query_audit(request).await)?;
        match self.shared.output {
            Format::Csv => print_csv(events).await,
            Format::Json => print_array(events).await,
            Format::Table => print_table(events).await,
        }
    }
}

impl Tail {
    async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.shared.target.connect(Absent::Refuse).await?;
        let request = TailAuditRequest { filter: Some(self.conditions.into_filter()), last: self.last };
        let mut events = answer(admin.client.tail_audit(request).await)?;
        match self.shared.output {
            Format::Csv => return print_csv(events).await,
            Format::Json => {
                while let Some(event) = next(&mut events).await? {
                    output::line(&to_json(&event).to_string())?;
                }
            }
            Format::Table => {
                while let Some(event) = next(&mut events).await? {
                    output::line(&output::printable(&cells(&event).join("  ")))?;
                }
            }
        }
        Ok(())
    }
}

async fn next(events: &mut Streaming<AuditEvent>) -> anyhow::Result<Option<AuditEvent>> {
    Ok(events.message().await.map_err(crate::failure::Refusal)?)
}

async fn print_table(mut events: Streaming<AuditEvent>) -> anyhow::Result<()> {
    let mut sheet =
        Sheet::new(&["time", "gate", "decision", "subject", "role", "server", "call", "why", "decision id"]);
    while let Some(event) = next(&mut events).await? {
        sheet.row(cells(&event));
    }
    Ok(sheet.print("no decision meets these conditions")?)
}

async fn print_array(mut events: Streaming<AuditEvent>) -> anyhow::Result<()> {
    let mut separator = "[";
    while let Some(event) = next(&mut events).await? {
        output::line(&format!("{separator}{}", to_json(&event)))?;
        separator = ",";
    }
    Ok(output::line(if separator == "[" { "[]" } else { "]" })?)
}

async fn print_csv(mut events: Streaming<AuditEvent>) -> anyhow::Result<()> {
    output::csv(COLUMNS)?;
    while let Some(event) = next(&mut events).await? {
        let value = to_json(&event);
        let cells: Vec<String> = COLUMNS.iter().map(|column| csv_text(value.get(*column))).collect();
        output::csv(cells.iter().map(String::as_str))?;
    }
    Ok(())
}

fn csv_text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(csv_item).collect::<Vec<_>>().join(" "),
        Some(other) => other.to_string(),
    }
}

/// A text as it is, a finding as `2*email:redact`.
fn csv_item(item: &Value) -> String {
    let text = |name: &str| item.get(name).and_then(Value::as_str).unwrap_or_default();
    match (item.as_str(), item.get("count")) {
        (Some(text), _) => text.to_owned(),
        (None, Some(count)) => format!("{count}*{}:{}", text("kind"), text("mode")),
        (None, None) => item.to_string(),
    }
}

fn cells(event: &AuditEvent) -> [String; 9] {
    let why = if event.reason.is_empty() { event.rule.clone() } else { event.reason.clone() };
    [
        instant::for_people(event.time.as_ref()),
        gate(event).to_owned(),
        decision(event).to_owned(),
        event.subject.clone(),
        event.role.clone(),
        event.server.clone(),
        call(event),
        why,
        event.decision_id.clone(),
    ]
}

/// What was called, and of a statement what fits a line: its tables, rows and time. The statement itself is in JSON and CSV.
fn call(event: &AuditEvent) -> String {
    let call = format!("{} {}", event.method, event.name);
    if event.statement.is_empty() {
        return call.trim().to_owned();
    }
    let milliseconds = Duration::from_micros(event.duration_us).as_secs_f64() * 1000.0;
    format!("{call} on {} ({} rows, {milliseconds:.1} ms)", event.tables.join(", "), event.rows)
}

fn gate(event: &AuditEvent) -> &'static str {
    match event.gate() {
        Gate::Database => "database",
        Gate::Mcp => "mcp",
        Gate::ControlPlane => "control plane",
        Gate::Unspecified => "",
    }
}

fn decision(event: &AuditEvent) -> &'static str {
    match event.decision() {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Failed => "failed",
        Decision::Unspecified => "",
    }
}

/// Members of the JSON form, in the order of the CSV form.
const COLUMNS: [&str; 26] = [
    "time",
    "decision_id",
    "trace_id",
    "gate",
    "node",
    "subject",
    "key_id",
    "role",
    "endpoint",
    "server",
    "method",
    "name",
    "decision",
    "rule",
    "reason",
    "code",
    "revision",
    "arguments_digest",
    "arguments",
    "statement",
    "tables",
    "duration_us",
    "rows",
    "findings",
    "era",
    "issuer",
];

fn to_json(event: &AuditEvent) -> Value {
    let findings = event.findings.iter();
    let findings: Vec<Value> = findings
        .map(|found| json!({ "kind": found.kind, "count": found.count, "mode": found.mode }))
        .collect();
    json!({
        "time": instant::for_programs(event.time.as_ref()),
        "decision_id": event.decision_id,
        "trace_id": event.trace_id,
        "gate": gate(event),
        "node": event.node,
        "subject": event.subject,
        "key_id": event.key_id,
        "role": event.role,
        "endpoint": event.endpoint,
        "server": event.server,
        "method": event.method,
        "name": event.name,
        "decision": decision(event),
        "rule": event.rule,
        "reason": event.reason,
        "code": event.code,
        "revision": event.revision,
        "arguments_digest": event.arguments_digest,
        "arguments": event.arguments,
        "statement": event.statement,
        "tables": event.tables,
        "duration_us": event.duration_us,
        "rows": event.rows,
        "findings": findings,
        "era": event.era,
        "issuer": event.issuer,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_a_member_and_every_member_a_column() {
        let value = to_json(&AuditEvent::default());
        let mut members: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
        let mut columns = COLUMNS.to_vec();
        members.sort_unstable();
        columns.sort_unstable();
        assert_eq!(members, columns);
    }
}
