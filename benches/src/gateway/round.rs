//! Running the load: all variants in every round, in shuffled order.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};
use serde::Serialize;

use crate::child::pinned;
use crate::dice::Dice;
use crate::frames::Request;
use crate::gateway::options::Options;
use crate::gateway::plan::{Kind, MEASUREMENTS, Measurement};
use crate::gateway::stage::{Place, Stage, Variant};
use crate::load::Outcome;
use crate::procfs::Memory;

/// The outcomes of one measurement: in each round, one of each variant.
#[derive(Debug)]
pub(crate) struct Rounds {
    pub(crate) measurement: &'static Measurement,
    pub(crate) outcomes: Vec<BTreeMap<Variant, Outcome>>,
}

/// Memory of one variant's Envoy.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct MemoryOf {
    pub(crate) variant: Variant,
    pub(crate) start: Memory,
    pub(crate) after_small_calls: Memory,
    pub(crate) after_large_calls: Memory,
    pub(crate) after_lists: Memory,
}

/// Measures memory before and after load. It is also the warm-up: V8 compiles what is used often once more.
pub(crate) fn memory(stage: &Stage, options: &Options) -> anyhow::Result<Vec<MemoryOf>> {
    let mut found = Vec::new();
    for place in stage.places.iter().filter(|place| place.variant != Variant::Direct) {
        eprintln!("warm-up and memory: {}", place.variant.name());
        let after = |name: &str| {
            let measurement = MEASUREMENTS.iter().find(|measurement| measurement.name == name);
            let measurement = measurement.with_context(|| format!("no measurement `{name}`"))?;
            put(
                stage,
                place,
                measurement,
                &["--connections", "64", "--seconds", &options.seconds.to_string()],
            )?;
            stage.settle()?;
            Memory::of(place.pid())
        };
        found.push(MemoryOf {
            variant: place.variant,
            start: Memory::of(place.pid())?,
            after_small_calls: after("call-300")?,
            after_large_calls: after("call-64k")?,
            after_lists: after("list-500")?,
        });
    }
    Ok(found)
}

/// Runs all rounds of all measurements.
pub(crate) fn all(
    stage: &Stage,
    options: &Options,
    measurements: &[&'static Measurement],
) -> anyhow::Result<Vec<Rounds>> {
    let mut all: Vec<Rounds> =
        measurements.iter().map(|measurement| Rounds { measurement, outcomes: Vec::new() }).collect();
    let mut order: Vec<&Place> =
        stage.places.iter().filter(|place| options.variants.contains(&place.variant)).collect();
    let mut dice = Dice(options.seed);
    for round in 1..=options.rounds {
        for rounds in &mut all {
            eprintln!("round {round} of {}: {}", options.rounds, rounds.measurement.name);
            dice.shuffle(&mut order);
            let mut outcomes = BTreeMap::new();
            for place in &order {
                stage.settle()?;
                let connections = rounds.measurement.connections.to_string();
                let seconds = options.seconds.to_string();
                let arguments = ["--connections", &connections, "--seconds", &seconds];
                outcomes.insert(place.variant, put(stage, place, rounds.measurement, &arguments)?);
            }
            rounds.outcomes.push(outcomes);
        }
    }
    Ok(all)
}

/// Puts one load on one variant.
fn put(
    stage: &Stage,
    place: &Place,
    measurement: &Measurement,
    arguments: &[&str],
) -> anyhow::Result<Outcome> {
    let mut command: Command = pinned(&stage.cores.rest, &stage.load);
    command.arg("--target").arg(place.address.to_string()).args(["--path", measurement.path]);
    command.arg("--pid").arg(place.pid().to_string());
    command.arg("--header").arg(format!("authorization: Bearer {}", stage.key)).args(arguments);
    if let Request::Call(size) = measurement.request {
        command.arg("--call").arg(size.to_string());
    }
    if let Kind::Rate(rate) = measurement.kind {
        command.arg("--rate").arg(rate.to_string());
    }
    let output =
        command.stderr(Stdio::piped()).output().context("cannot start the load generator by `taskset`")?;
    ensure!(
        output.status.success(),
        "{} on {}: {}",
        measurement.name,
        place.variant.name(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    serde_json::from_slice(&output.stdout)
        .context("the load generator printed something else than its outcome")
}
