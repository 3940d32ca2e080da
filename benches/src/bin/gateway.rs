//! `gateway`: the gateway benchmark.

use benches::gateway::{Options, run};
use clap::Parser;

fn main() -> anyhow::Result<()> {
    run(&Options::parse())
}
