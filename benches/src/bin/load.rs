//! `load`: sends MCP requests, checks every answer and prints what it measured as JSON.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use benches::frames::Request;
use benches::load::{Options, Pace, run};
use clap::Parser;

/// An MCP load generator: closed loop, or a fixed rate with latency counted from when a request was due
#[derive(Debug, Parser)]
struct Args {
    /// Address of the server
    #[arg(long, value_name = "ADDR")]
    target: SocketAddr,
    /// Path of the endpoint
    #[arg(long, default_value = "/mcp20")]
    path: String,
    /// Further header, `name: value`
    #[arg(long = "header", value_name = "HEADER")]
    headers: Vec<String>,
    /// Send tools/call with a body of so many bytes; without it, tools/list
    #[arg(long, value_name = "BYTES")]
    call: Option<usize>,
    /// Send the message in this file; its id is 1000000000
    #[arg(long, value_name = "FILE", conflicts_with = "call")]
    body: Option<PathBuf>,
    /// Connections
    #[arg(long, default_value_t = 32)]
    connections: usize,
    /// Requests per second; without it, a closed loop
    #[arg(long)]
    rate: Option<f64>,
    /// Seconds to measure
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Seconds before that
    #[arg(long, default_value_t = 0.3)]
    warm_up: f64,
    /// Process whose CPU time is read
    #[arg(long)]
    pid: Option<u32>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let request = match (&args.body, args.call) {
        (Some(file), _) => Request::Body(
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
        ),
        (None, Some(size)) => Request::Call(size),
        (None, None) => Request::List,
    };
    let options = Options {
        target: args.target,
        path: args.path,
        headers: args.headers,
        request,
        connections: args.connections,
        pace: args.rate.map_or(Pace::Closed, Pace::Rate),
        warm_up: Duration::from_secs_f64(args.warm_up),
        measured: Duration::from_secs_f64(args.seconds),
        pid: args.pid,
    };
    println!("{}", serde_json::to_string(&run(&options)?)?);
    Ok(())
}
