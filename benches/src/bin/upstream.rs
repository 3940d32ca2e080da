//! `upstream`: the MCP server behind the gateway. Prints the address it listens on.

use std::net::{SocketAddr, TcpListener};

use anyhow::Context;
use clap::Parser;

/// A fast MCP server with two endpoints, /mcp20 and /mcp500, named for the tools they list
#[derive(Debug, Parser)]
struct Args {
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let listener =
        TcpListener::bind(args.listen).with_context(|| format!("cannot listen on {}", args.listen))?;
    println!("{}", listener.local_addr()?);
    benches::upstream::serve(&listener).context("cannot go on serving")
}
