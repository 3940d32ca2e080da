//! `trigate serve`: the adapter alone, over HTTP, with a control plane of its own in the same process.
//!
//! The control plane also listens, on a free port of the loopback address, so that `trigate apikey revoke` and the like
//! reach what is running.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use adapter::{Config, Node, Transport};
use anyhow::Context;
use control_plane::{ControlPlane, tokens};
use policy::Document;
use proto::v1::CreateApiKeyRequest;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::args::{BoundsArgs, StateArgs};
use crate::databases::{self, Login, NamedDatabase};
use crate::document::{self, Edits, Settled, Wanted};
use crate::state::{Beacon, StateDir};
use crate::target::{Admin, answer};
use crate::{output, serving};

/// Options of `trigate serve`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The document, trigate.yaml
    #[arg(long, env = "TRIGATE_CONFIG", value_name = "FILE", required_unless_present = "databases")]
    config: Option<PathBuf>,
    /// A database, as [NAME=]URL, instead of those of the document; several may be given
    #[arg(long = "db", value_name = "[NAME=]URL", conflicts_with = "config")]
    databases: Vec<NamedDatabase>,
    /// Use the databases of --db although their login may do what no rule could hold back, such as a superuser's
    #[arg(long, requires = "databases")]
    allow_unsafe_login: bool,
    /// Take the document even where it undoes edits made in the store
    #[arg(long, requires = "config")]
    replace: bool,
    /// Address clients connect to
    #[arg(long, env = "TRIGATE_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:10002")]
    listen: SocketAddr,
    #[command(flatten)]
    bounds: BoundsArgs,
    #[command(flatten)]
    state: StateArgs,
}

impl Args {
    /// Serves until a signal says stop.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        serving::tell("trigate", "warn");
        let wanted =
            Wanted::read(self.config.as_deref(), if self.replace { Edits::Replace } else { Edits::Keep })?;
        let state = StateDir::create(&self.state.state_dir)?;
        let _locks = (state.hold()?, state.hold_store()?);
        let stop = serving::stop_signal()?;
        let listener = TcpListener::bind(self.listen)
            .await
            .map_err(|source| serving::cannot_listen(self.listen, "--listen", source))?;
        let address = listener.local_addr()?;
        let plane = ControlPlane::open(&state.store_url(), state.plane_options()?).await?;
        let mut admin = Admin::in_process(&plane);
        let settled =
            settle(&mut admin, &state, wanted, (&self.databases, Login::of(self.allow_unsafe_login))).await?;
        print(address, &settled.document)?;
        first_key(&mut admin, &settled.document).await?;
        let node = Node {
            policy: Transport::in_process(plane.policy_service()),
            audit: Transport::in_process(plane.audit_service()),
            name: serving::node("adapter"),
        };
        let config = Config {
            listener,
            node,
            allowed_hosts: Vec::new(),
            bounds: self.bounds.bounds(),
            launcher: None,
        };
        run(config, plane, &state, stop).await
    }
}

/// Serves clients, and the commands that change what they may do.
async fn run(
    config: Config,
    plane: ControlPlane,
    state: &StateDir,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let tokens = tokens::load_or_create(state.path())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen on 127.0.0.1")?;
    let url = format!("http://{}", listener.local_addr()?);
    state.set_beacon(&Beacon { url, pid: std::process::id() })?;
    let (stopping, stopped) = watch::channel(());
    let until_stopped = |mut stopped: watch::Receiver<()>| async move {
        let _ = stopped.changed().await;
    };
    let adapter = adapter::serve(config, until_stopped(stopped.clone()));
    let plane = plane.serve(listener, tokens, until_stopped(stopped));
    let outcome = tokio::select! {
        outcome = adapter => outcome.context("the adapter stopped"),
        outcome = plane => outcome.context("the control plane stopped"),
        () = stop => Ok(()),
    };
    drop(stopping);
    state.remove("control-plane.json");
    outcome
}

/// The document of the file, or the store's with the databases of the command line.
async fn settle(
    admin: &mut Admin,
    state: &StateDir,
    wanted: Wanted,
    (databases, login): (&[NamedDatabase], Login),
) -> anyhow::Result<Settled> {
    if databases.is_empty() {
        return document::settle(admin, state, &wanted).await;
    }
    let stored = document::stored(admin).await?;
    let document = stored.map_or_else(Document::default, |settled| settled.document);
    let text = databases::serve(document, databases, login).to_yaml();
    document::apply(admin, state, "--db", &text).await?;
    document::stored(admin).await?.context("the store has no document")
}

/// Makes a key where there is none, and prints it once.
async fn first_key(admin: &mut Admin, document: &Document) -> anyhow::Result<()> {
    let role = document.roles.keys().find(|role| *role == databases::READER);
    let (true, Some(role)) = (document.keys.is_empty(), role) else { return Ok(()) };
    let request = CreateApiKeyRequest {
        role: role.clone(),
        name: "first".to_owned(),
        expires: None,
        claims: Vec::new(),
    };
    let created = answer(admin.client.create_api_key(request).await)?;
    Ok(output::line(&format!("key of role `{role}`, shown once: {}", created.text))?)
}

fn print(address: SocketAddr, document: &Document) -> anyhow::Result<()> {
    output::line(&format!("MCP   http://{address}/mcp"))?;
    for name in document.databases.keys() {
        output::line(&format!("MCP   http://{address}/{name}/mcp"))?;
        output::line(&format!("REST  http://{address}/api/v1/{name}/_table"))?;
    }
    Ok(())
}
