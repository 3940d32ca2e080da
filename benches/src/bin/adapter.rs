//! `adapter`: the adapter benchmark.

use benches::adapter::{Options, run};
use clap::Parser;

fn main() -> anyhow::Result<()> {
    run(&Options::parse())
}
