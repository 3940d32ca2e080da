//! `scale`: the benchmark of large policies.

use benches::scale::{Options, run};
use clap::Parser;
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

fn main() -> anyhow::Result<()> {
    run(&Options::parse(), &HEAP)
}
