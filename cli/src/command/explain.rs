//! `trigate explain`: what the rules make of a call, and why. It asks a control plane, or reads a file.

use std::path::PathBuf;
use std::sync::Arc;

use policy::Catalogue;
use proto::v1::{Claim, ExplainRequest, ExplainResponse, explain_request::Target};
use serde_json::{Value, json};

use crate::args::{Format, FormatArgs, TargetArgs};
use crate::command::policy::read_valid;
use crate::failure::Unacceptable;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// Options of `trigate explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who calls: the holder of this key, by its id or name
    #[arg(long, conflicts_with = "role", required_unless_present = "role")]
    key: Option<String>,
    /// Who calls: anyone of this role
    #[arg(long)]
    role: Option<String>,
    /// A claim of the caller; may be given again
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = crate::claims::pair)]
    claims: Vec<Claim>,
    /// The server or database
    #[arg(long)]
    server: String,
    #[command(flatten)]
    call: Call,
    /// The arguments, a JSON object; without them: could any be allowed, as lists ask
    #[arg(long, value_name = "JSON")]
    args: Option<String>,
    /// Explain this document instead of the control plane's newest
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    format: FormatArgs,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Call {
    /// The tool that is called
    #[arg(long)]
    tool: Option<String>,
    /// The prompt that is got
    #[arg(long)]
    prompt: Option<String>,
    /// The URI of the resource that is read
    #[arg(long, value_name = "URI")]
    resource: Option<String>,
}

impl Args {
    /// Asks and prints the answer.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let request = ExplainRequest {
            key: self.key.unwrap_or_default(),
            role: self.role.unwrap_or_default(),
            claims: self.claims,
            server: self.server,
            target: self.call.target(),
            arguments: self.args.unwrap_or_default(),
        };
        let explained = match &self.config {
            Some(file) => {
                let document = policy::parse(&read_valid(file)?).map_err(anyhow::Error::from)?.document;
                control_plane::explain(&document, 0, Arc::new(Catalogue::default()), &request)
                    .map_err(Unacceptable::Question)?
            }
            None => {
                let mut admin = self.target.connect(Absent::Refuse).await?;
                answer(admin.client.explain(request).await)?
            }
        };
        match self.format.output {
            Format::Json => output::json(&to_json(&explained))?,
            Format::Table => print(&explained)?,
        }
        Ok(())
    }
}

impl Call {
    fn target(self) -> Option<Target> {
        let tool = self.tool.map(Target::Tool);
        tool.or(self.prompt.map(Target::Prompt)).or(self.resource.map(Target::Resource))
    }
}

fn to_json(explained: &ExplainResponse) -> Value {
    let considered = explained.considered.iter().map(
        |rule| json!({ "rule": rule.rule, "place": rule.place, "outcome": rule.outcome, "why": rule.why }),
    );
    json!({
        "revision": explained.revision,
        "decision": decision(explained),
        "rule": explained.rule,
        "message": explained.message,
        "code": explained.code,
        "considered": considered.collect::<Value>(),
        "change": explained.change,
        "limits": explained.limits,
    })
}

fn decision(explained: &ExplainResponse) -> &'static str {
    if explained.allowed { "allow" } else { "deny" }
}

fn print(explained: &ExplainResponse) -> std::io::Result<()> {
    output::line(&format!("{}: {}", decision(explained), output::printable(&explained.rule)))?;
    if !explained.message.is_empty() {
        output::line(&format!("{} {}", explained.code, output::printable(&explained.message)))?;
    }
    explained
        .limits
        .iter()
        .try_for_each(|limit| output::line(&format!("limit: {}", output::printable(limit))))?;
    output::line("")?;
    let mut sheet = Sheet::new(&["rule", "place", "outcome", "why"]);
    for rule in &explained.considered {
        sheet.row([rule.rule.clone(), rule.place.clone(), rule.outcome.clone(), rule.why.clone()]);
    }
    sheet.print("the role has no rule here")?;
    if explained.change.is_empty() {
        return Ok(());
    }
    output::line("")?;
    output::line("the smallest change that would allow it:")?;
    explained.change.iter().try_for_each(|change| output::line(&format!("  {}", output::printable(change))))
}
