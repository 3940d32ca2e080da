//! `raw`: the drivers alone, as a floor for the adapter benchmark. Prints what it measured as JSON.

use std::time::Duration;

use clap::Parser;

/// Read rows with the driver and nothing else, in a closed loop
#[derive(Debug, Parser)]
struct Args {
    /// `sqlite://PATH` or `postgres://…`
    #[arg(long)]
    url: String,
    /// Rows of one answer
    #[arg(long, default_value_t = 100)]
    rows: u32,
    /// Connections; SQLite has one
    #[arg(long, default_value_t = 8)]
    connections: usize,
    /// Seconds to measure
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let measured = Duration::from_secs_f64(args.seconds);
    println!(
        "{}",
        serde_json::to_string(&benches::raw::run(&args.url, args.rows, args.connections, measured)?)?
    );
    Ok(())
}
