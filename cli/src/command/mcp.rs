//! `trigate mcp`: the adapter on standard input and output, started by the client that uses it.

use std::path::PathBuf;

use adapter::{Node, StdioConfig, Transport};
use control_plane::ControlPlane;
use policy::Document;
use proto::v1::{ApplyPolicyRequest, Claim, GetPolicyRequest};

use crate::args::{BoundsArgs, TargetArgs};
use crate::claims;
use crate::command::policy::read_valid;
use crate::databases::{self, Login, NamedDatabase};
use crate::failure::Unacceptable;
use crate::serving;
use crate::target::{Absent, Admin, answer};

/// Options of `trigate mcp`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A database, as [NAME=]URL; several may be given
    #[arg(long = "db", value_name = "[NAME=]URL", required_unless_present = "config")]
    databases: Vec<NamedDatabase>,
    /// Use the databases of --db although their login may do what no rule could hold back, such as a superuser's
    #[arg(long, requires = "databases")]
    allow_unsafe_login: bool,
    /// The document with roles, and databases where none is given by --db
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The role the client acts in, of --config or of the state directory; may read every table by default
    #[arg(long)]
    role: Option<String>,
    /// What rules on rows may compare with, such as region=EU; a name given again makes a list
    #[arg(long = "claim", value_name = "NAME=VALUE", value_parser = claims::pair, requires = "role")]
    claims: Vec<Claim>,
    #[command(flatten)]
    bounds: BoundsArgs,
    #[command(flatten)]
    target: TargetArgs,
}

impl Args {
    /// Serves until the client closes standard input.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        serving::tell("trigate", "warn");
        let mut document = self.document().await?;
        if !self.databases.is_empty() {
            document = databases::serve(document, &self.databases, Login::of(self.allow_unsafe_login));
        }
        if let Some(role) = self.role.as_ref().filter(|role| !document.roles.contains_key(*role)) {
            return Err(Unacceptable::UnknownRole { role: role.clone() }.into());
        }
        let plane = ControlPlane::open("sqlite::memory:", control_plane::Options::default()).await?;
        let request = ApplyPolicyRequest {
            document: document.for_adapter().to_yaml(),
            comment: String::new(),
            expected_revision: 0,
        };
        answer(Admin::in_process(&plane).client.apply_policy(request).await)?;
        let node = Node {
            policy: Transport::in_process(plane.policy_service()),
            audit: Transport::in_process(plane.audit_service()),
            name: serving::node("mcp"),
        };
        let claims = policy::claims::of_pairs(
            self.claims.iter().map(|claim| (claim.name.as_str(), claim.value.as_str())),
        );
        adapter::serve_stdio(StdioConfig { node, role: self.role, claims, bounds: self.bounds.bounds() })
            .await?;
        Ok(())
    }

    /// The document that roles come from.
    async fn document(&self) -> anyhow::Result<Document> {
        let text = match (&self.config, &self.role) {
            (Some(file), _) => read_valid(file)?,
            (None, Some(_)) => {
                let mut admin = self.target.connect(Absent::Refuse).await?;
                answer(admin.client.get_policy(GetPolicyRequest { revision: 0 }).await)?.document
            }
            (None, None) => return Ok(Document::default()),
        };
        Ok(policy::parse(&text)?.document)
    }
}
