//! `trigate nodes`: which gateways and adapters are connected, and under which revision each runs.

use proto::v1::{IssuerKeys, ListNodesRequest, Node, NodeKind};
use serde_json::{Value, json};

use crate::args::{Format, FormatArgs, TargetArgs};
use crate::instant;
use crate::output::{self, Sheet};
use crate::target::{Absent, answer};

/// Options of `trigate nodes`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<List>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    format: FormatArgs,
}

/// `trigate nodes list` says the same as `trigate nodes`.
#[derive(Debug, clap::Subcommand)]
enum List {
    /// List the nodes that are connected
    List,
}

impl Args {
    /// Prints the nodes.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let mut admin = self.target.connect(Absent::Refuse).await?;
        let listed = answer(admin.client.list_nodes(ListNodesRequest {}).await)?;
        match self.format.output {
            Format::Json => output::json(&listed.nodes.iter().map(to_json).collect::<Value>())?,
            Format::Table => {
                table(&listed.nodes)?;
                issuers(&listed.issuers)?;
            }
        }
        Ok(())
    }
}

fn kind(node: &Node) -> &'static str {
    match node.kind() {
        NodeKind::Adapter => "adapter",
        NodeKind::Gateway => "gateway",
        NodeKind::Unspecified => "unknown",
    }
}

fn to_json(node: &Node) -> Value {
    json!({
        "node": node.node,
        "kind": kind(node),
        "revision": node.revision,
        "nack": node.nack,
        "connected": instant::for_programs(node.connected.as_ref()),
    })
}

fn table(nodes: &[Node]) -> std::io::Result<()> {
    let mut sheet = Sheet::new(&["node", "kind", "revision", "connected", "refused"]);
    for node in nodes {
        let connected = instant::for_people(node.connected.as_ref());
        sheet.row([
            node.node.clone(),
            kind(node).to_owned(),
            node.revision.to_string(),
            connected,
            node.nack.clone(),
        ]);
    }
    sheet.print("no node is connected")
}

/// How it stands with the keys of issuers, where there are any.
fn issuers(issuers: &[IssuerKeys]) -> std::io::Result<()> {
    if issuers.is_empty() {
        return Ok(());
    }
    let mut sheet = Sheet::new(&["issuer", "keys", "heard", "problem"]);
    for issuer in issuers {
        let heard = match &issuer.heard {
            Some(_) => instant::for_people(issuer.heard.as_ref()),
            None => "never".to_owned(),
        };
        sheet.row([issuer.issuer.clone(), issuer.keys.to_string(), heard, issuer.problem.clone()]);
    }
    output::line("")?;
    sheet.print("")
}
