//! Running the load: every server in every round, in shuffled order, each answer checked before its speed counts.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::adapter::options::Options;
use crate::adapter::plan::{Engine, Question, Variant};
use crate::adapter::probe;
use crate::adapter::stage::{Place, Stage};
use crate::child::pinned;
use crate::dice::Dice;
use crate::load::Outcome;

/// One question to one engine.
pub(crate) type Measurement = (Engine, Question);

/// In each round, one outcome of each variant that could be asked.
pub(crate) type Rounds = BTreeMap<Measurement, Vec<BTreeMap<Variant, Outcome>>>;

/// Runs all rounds.
pub(crate) fn all(stage: &Stage, options: &Options) -> anyhow::Result<Rounds> {
    let mut dice = Dice(options.seed);
    let mut rounds = Rounds::new();
    for engine in Engine::ALL {
        for question in Question::ALL {
            for variant in Variant::ALL {
                prove(stage, variant, (engine, question))?;
            }
        }
    }
    for round in 1..=options.rounds {
        for engine in Engine::ALL {
            for question in Question::ALL {
                eprintln!("round {round} of {}: {}, {}", options.rounds, engine.name(), question.name());
                let mut order = Variant::ALL;
                dice.shuffle(&mut order);
                let mut outcomes = BTreeMap::new();
                for variant in order {
                    if let Some(outcome) = put(stage, options, variant, (engine, question))? {
                        outcomes.insert(variant, outcome);
                    }
                    // What one leaves behind must not burden the next.
                    std::thread::sleep(Duration::from_millis(100));
                }
                rounds.entry((engine, question)).or_default().push(outcomes);
            }
        }
    }
    Ok(rounds)
}

/// Asks once, and looks for the last row in the answer.
fn prove(stage: &Stage, variant: Variant, (engine, question): Measurement) -> anyhow::Result<()> {
    let (Some(place), Some(call)) = (stage.place(variant, engine), question.call(variant, engine)) else {
        return Ok(());
    };
    let is_right = |answer: &str| answer.contains(&question.proof()) && !answer.contains("\"isError\":true");
    let mut answer = probe::ask(place, &call)?;
    // A server that has just begun may not know its keys or tables yet.
    let deadline = Instant::now() + Duration::from_secs(10);
    while !is_right(&answer) && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(200));
        answer = probe::ask(place, &call)?;
    }
    ensure!(
        is_right(&answer),
        "{} on {}, {}: the answer is not right: {}",
        variant.name(),
        engine.name(),
        question.name(),
        answer.chars().take(500).collect::<String>()
    );
    Ok(())
}

fn put(
    stage: &Stage,
    options: &Options,
    variant: Variant,
    (engine, question): Measurement,
) -> anyhow::Result<Option<Outcome>> {
    let seconds = options.seconds.to_string();
    let connections = question.connections().to_string();
    if let (Variant::Raw, Question::Rows(rows)) = (variant, question) {
        let mut command = pinned(&stage.cores.tested, &beside("raw")?);
        command.args(["--url", stage.databases.url(engine), "--rows", &rows.to_string()]);
        command.args(["--connections", &connections, "--seconds", &seconds]);
        return finished(command, "raw").map(Some);
    }
    let (Some(place), Some(call)) = (stage.place(variant, engine), question.call(variant, engine)) else {
        return Ok(None);
    };
    let body = options.work.join("body.json");
    fs::write(&body, call)?;
    let mut command = pinned(&stage.cores.rest, &beside("load")?);
    command
        .arg("--target")
        .arg(place.address.to_string())
        .args(["--path", &place.path])
        .arg("--body")
        .arg(&body);
    command.args([
        "--pid",
        &place.running.pid().to_string(),
        "--connections",
        &connections,
        "--seconds",
        &seconds,
    ]);
    for header in &place.headers {
        command.args(["--header", header]);
    }
    finished(command, &describe(place, question)).map(Some)
}

fn describe(place: &Place, question: Question) -> String {
    format!("{} on {}, {}", place.variant.name(), place.engine.name(), question.name())
}

fn finished(mut command: std::process::Command, what: &str) -> anyhow::Result<Outcome> {
    let output = command.stderr(Stdio::piped()).output().context("cannot start the load by `taskset`")?;
    ensure!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr).trim());
    serde_json::from_slice(&output.stdout).context("the load printed something else than its outcome")
}

/// Another program of this package.
fn beside(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    ensure!(path.is_file(), "no `{}`: build it with `cargo build --release -p benches`", path.display());
    Ok(path)
}
