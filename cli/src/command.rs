//! The commands: one file each, with its options and what it does.

use anyhow::Result;

mod apikey;
mod audit;
mod catalog;
mod completions;
mod control_plane;
mod credential;
mod db;
mod explain;
mod ext_proc;
mod mcp;
mod nodes;
mod pins;
pub(crate) mod policy;
mod role;
mod serve;
mod server;
mod sessions;
mod up;

/// What can be asked of `trigate`.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Create, list and revoke the keys agents connect with
    #[command(subcommand, visible_alias = "key")]
    Apikey(apikey::Command),
    /// Ask what was allowed and denied, then or now
    #[command(subcommand)]
    Audit(audit::Command),
    /// Look at what the servers offer, and who may use it
    #[command(subcommand)]
    Catalog(catalog::Command),
    /// Print a completion script for a shell
    Completions(completions::Args),
    /// Serve the gRPC control plane alone
    ControlPlane(control_plane::Args),
    /// Store, list and remove the secrets the gateway authenticates with at servers
    #[command(subcommand)]
    Credential(credential::Command),
    /// Look at a database: does it answer, what is in it, what a role sees, which grants a login needs
    #[command(subcommand)]
    Db(db::Command),
    /// Say what the rules make of a call, why, and what would have to change
    Explain(explain::Args),
    /// Serve gate 2 to Envoys that run no wasm, through their ext_proc filter
    ExtProc(ext_proc::Args),
    /// Serve databases to one MCP client on standard input and output
    Mcp(mcp::Args),
    /// List the gateways and adapters that are connected
    Nodes(nodes::Args),
    /// Hold servers to the tools that were approved
    #[command(subcommand)]
    Pins(pins::Command),
    /// Check, apply and compare policy documents
    #[command(subcommand)]
    Policy(policy::Command),
    /// Add roles and change what they may do
    #[command(subcommand)]
    Role(role::Command),
    /// Serve databases over MCP and REST, without a gateway
    Serve(serve::Args),
    /// Add, check, list and remove upstream servers; import and export them
    #[command(subcommand)]
    Server(server::Command),
    /// Replace the keys that legacy session ids are sealed with
    Sessions(sessions::Args),
    /// Run the whole gateway on this machine
    Up(up::Args),
}

impl Command {
    /// Runs it to its end.
    pub(crate) async fn run(self) -> Result<()> {
        match self {
            Command::Apikey(command) => command.run().await,
            Command::Audit(command) => command.run().await,
            Command::Catalog(command) => command.run().await,
            Command::Completions(args) => args.run(),
            Command::ControlPlane(args) => args.run().await,
            Command::Credential(command) => command.run().await,
            Command::Db(command) => command.run().await,
            Command::Explain(args) => args.run().await,
            Command::ExtProc(args) => args.run().await,
            Command::Mcp(args) => args.run().await,
            Command::Nodes(args) => args.run().await,
            Command::Pins(command) => command.run().await,
            Command::Policy(command) => command.run().await,
            Command::Role(command) => command.run().await,
            Command::Serve(args) => args.run().await,
            Command::Server(command) => command.run().await,
            Command::Sessions(args) => args.run().await,
            Command::Up(args) => args.run().await,
        }
    }
}
