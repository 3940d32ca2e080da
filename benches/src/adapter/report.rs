//! The tables for people and the JSON for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use crate::adapter::options::Options;
use crate::adapter::plan::{Engine, Question, Variant};
use crate::adapter::round::{Measurement, Rounds};
use crate::load::Outcome;
use crate::procfs::Memory;
use crate::spread::Spread;

type Memories = BTreeMap<Variant, (Memory, Memory)>;

/// The tables.
pub(crate) fn markdown(options: &Options, rounds: &Rounds, memory: &Memories) -> String {
    let mut text = format!("{} rounds of {} s each.\n", options.rounds, options.seconds);
    for engine in Engine::ALL {
        let _ = write!(
            text,
            "\n**{}: answers a second, and CPU time of an answer in the server, µs**\n\n|",
            engine.name()
        );
        for question in Question::ALL {
            let _ = write!(text, " | {}", question.name());
        }
        text.push_str(" |\n|---|---|---|---|---|\n");
        for variant in Variant::ALL {
            let _ = write!(text, "| {} |", variant.name());
            for question in Question::ALL {
                let found = rounds.get(&(engine, question)).and_then(|rounds| cell(rounds, variant));
                let _ = write!(text, " {} |", found.unwrap_or_else(|| "–".to_owned()));
            }
            text.push('\n');
        }
    }
    text.push_str("\n**Latency of 100 rows on 8 connections, p50 / p99, ms**\n\n| | PostgreSQL | SQLite |\n|---|---|---|\n");
    for variant in Variant::ALL {
        let _ = write!(text, "| {} |", variant.name());
        for engine in Engine::ALL {
            let latency =
                rounds.get(&(engine, Question::Rows(100))).and_then(|rounds| latency(rounds, variant));
            let _ = write!(text, " {} |", latency.unwrap_or_else(|| "–".to_owned()));
        }
        text.push('\n');
    }
    text.push_str("\n**Resident memory of the server, MiB**\n\n| | before | after |\n|---|---|---|\n");
    for (variant, (before, after)) in memory.iter().filter(|(variant, _)| **variant != Variant::RunSql) {
        let name = if *variant == Variant::Query { "trigate" } else { variant.name() };
        let mib = |memory: &Memory| memory.resident_kib as f64 / 1024.0;
        let _ = writeln!(text, "| {name} | {:.0} | {:.0} |", mib(before), mib(after));
    }
    text.push_str("\n**Aims**\n\n| aim | found | |\n|---|---|---|\n");
    for (aim, found, met) in aims(rounds, memory) {
        let _ = writeln!(text, "| {aim} | {found} | {} |", if met { "met" } else { "missed" });
    }
    text
}

fn of(rounds: &[BTreeMap<Variant, Outcome>], variant: Variant, value: fn(&Outcome) -> f64) -> Option<Spread> {
    Spread::of(rounds.iter().filter_map(|round| round.get(&variant)).map(value).collect())
}

fn cpu(outcome: &Outcome) -> f64 {
    outcome.cpu_us.unwrap_or(0.0)
}

fn cell(rounds: &[BTreeMap<Variant, Outcome>], variant: Variant) -> Option<String> {
    let speed = of(rounds, variant, |outcome| outcome.per_second)?.median;
    Some(format!("{speed:.0} ({:.0})", of(rounds, variant, cpu)?.median))
}

fn latency(rounds: &[BTreeMap<Variant, Outcome>], variant: Variant) -> Option<String> {
    let p50 = of(rounds, variant, |outcome| outcome.latency_us.p50)?.median;
    let p99 = of(rounds, variant, |outcome| outcome.latency_us.p99)?.median;
    Some(format!("{:.2} / {:.2}", p50 / 1e3, p99 / 1e3))
}

/// Ours to the best of the others, round by round.
fn against(rounds: &[BTreeMap<Variant, Outcome>], best: fn(Variant) -> bool) -> Option<Spread> {
    let ratio = |round: &BTreeMap<Variant, Outcome>| {
        let ours = round.get(&Variant::Query)?.per_second;
        let others =
            round.iter().filter(|(variant, _)| best(**variant)).map(|(_, outcome)| outcome.per_second);
        others.max_by(f64::total_cmp).map(|best| ours / best)
    };
    Spread::of(rounds.iter().filter_map(ratio).collect())
}

fn aims(rounds: &Rounds, memory: &Memories) -> Vec<(String, String, bool)> {
    let mut aims = Vec::new();
    let at = |measurement: Measurement| rounds.get(&measurement).map(Vec::as_slice).unwrap_or_default();
    let range = |spread: Spread| format!("{:.2} [{:.2}–{:.2}]", spread.median, spread.min, spread.max);
    for (engine, times) in [(Engine::Postgres, 5.0), (Engine::Sqlite, 8.0)] {
        let hundred = at((engine, Question::Rows(100)));
        if let Some(cpu) = of(hundred, Variant::Query, cpu) {
            let aim = format!("{}, 100 rows: at most 160 µs of CPU", engine.name());
            aims.push((aim, format!("{:.0} µs", cpu.median), cpu.median <= 160.0));
        }
        if let Some(spread) = against(hundred, Variant::is_peer) {
            let aim = format!("{}, 100 rows: {times} times the best peer", engine.name());
            aims.push((aim, range(spread), spread.median >= times));
        }
        if let Some(spread) = against(at((engine, Question::Rows(10_000))), |variant| variant == Variant::Raw)
        {
            let aim = format!("{}, 10000 rows: within 1.5 of the driver alone", engine.name());
            aims.push((aim, range(spread), spread.median >= 1.0 / 1.5));
        }
    }
    if let Some((_, after)) = memory.get(&Variant::Query) {
        let mib = after.resident_kib as f64 / 1024.0;
        aims.push(("resident memory below 40 MiB".to_owned(), format!("{mib:.0} MiB"), mib < 40.0));
    }
    aims
}

/// Every single outcome.
pub(crate) fn json(rounds: &Rounds, memory: &Memories) -> Value {
    let measurements = rounds.iter().map(|((engine, question), outcomes)| {
        json!({ "engine": engine, "question": question.name(), "rounds": outcomes })
    });
    let memory = memory
        .iter()
        .map(|(variant, (before, after))| json!({ "variant": variant, "before": before, "after": after }));
    json!({ "measurements": measurements.collect::<Value>(), "memory": memory.collect::<Value>() })
}
