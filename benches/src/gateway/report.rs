//! The tables for people, the JSON for programs, and the section of the page that is written by this.

mod aims;
mod machine;

use std::fmt::Write;

use serde_json::{Value, json};

use crate::gateway::options::Options;
use crate::gateway::plan::Kind;
use crate::gateway::report::machine::Machine;
use crate::gateway::round::{MemoryOf, Rounds};
use crate::gateway::stage::{Stage, Variant};
use crate::gateway::summary::{Figures, Summary};
use crate::spread::Spread;

/// An Envoy that uses less than this of its core at saturation was not what held the requests up.
const BUSY: f64 = 0.9;

/// All that was found.
#[derive(Debug)]
pub(crate) struct Report {
    machine: Machine,
    rounds: usize,
    seconds: f64,
    memory: Vec<MemoryOf>,
    summaries: Vec<Summary>,
    /// The filter's counters at the end.
    counters: Vec<(String, u64)>,
}

impl Report {
    pub(crate) fn new(
        stage: &Stage,
        options: &Options,
        memory: Vec<MemoryOf>,
        summaries: Vec<Summary>,
    ) -> anyhow::Result<Self> {
        stage.settle()?;
        Ok(Self {
            machine: Machine::describe(stage, options)?,
            rounds: options.rounds,
            seconds: options.seconds,
            memory,
            summaries,
            counters: stage.counters()?,
        })
    }

    /// The tables.
    pub(crate) fn markdown(&self) -> String {
        let mut text = self.machine.markdown();
        let _ = write!(text, " {} rounds of {} s each.", self.rounds, self.seconds);
        for summary in self.summaries.iter().filter(|summary| !summary.dropped.is_empty()) {
            let _ = write!(text, " Rounds left out of {}: {:?}.", summary.measurement.name, summary.dropped);
        }
        let starved = self.starved();
        if !starved.is_empty() {
            let starved = starved.join(", ");
            let _ = write!(
                text,
                " **Not all of its core was used by Envoy at saturation, so something else held requests up, in {starved}.**"
            );
        }
        text.push('\n');
        let is = |kind: Kind| move |summary: &&Summary| summary.measurement.kind == kind;
        let saturation: Vec<_> = self.summaries.iter().filter(is(Kind::Saturation)).collect();
        let unloaded: Vec<_> = self.summaries.iter().filter(is(Kind::Unloaded)).collect();
        let rate: Vec<_> = self
            .summaries
            .iter()
            .filter(|summary| matches!(summary.measurement.kind, Kind::Rate(_)))
            .collect();
        table(&mut text, "Throughput at saturation, × plain (requests/s)", &saturation, |figures| {
            format!("{} ({:.0})", ratio(figures.throughput), figures.per_second)
        });
        table(&mut text, "CPU time of a request at saturation, × plain (µs)", &saturation, |figures| {
            format!("{} ({:.1})", ratio(figures.cpu), figures.cpu_us)
        });
        table(&mut text, "One connection: p50 above plain, µs (p50)", &unloaded, |figures| {
            format!("{} ({:.0})", difference(figures.p50_added), figures.p50_us)
        });
        table(&mut text, "Fixed rate: p50 above plain, µs (p50); p99 × plain (p99)", &rate, |figures| {
            let (p50, p99) = (difference(figures.p50_added), ratio(figures.p99));
            format!("{p50} ({:.0}); {p99} ({:.0})", figures.p50_us, figures.p99_us)
        });
        self.write_memory(&mut text);
        self.write_aims(&mut text);
        if !self.counters.is_empty() {
            let counters: Vec<String> =
                self.counters.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let _ = writeln!(text, "\nThe filter's counters at the end: {}.", counters.join(", "));
        }
        text
    }

    /// Measurements at saturation in which an Envoy was not the bottleneck.
    fn starved(&self) -> Vec<String> {
        let saturation = self.summaries.iter().filter(|summary| summary.measurement.kind == Kind::Saturation);
        let each = saturation.flat_map(|summary| {
            summary
                .figures
                .iter()
                .map(|(variant, figures)| (summary.measurement.name, *variant, figures.busy))
        });
        each.filter(|(_, variant, busy)| *variant != Variant::Direct && *busy < BUSY)
            .map(|(name, variant, busy)| format!("{name} {} ({:.0} %)", variant.name(), busy * 100.0))
            .collect()
    }

    fn write_memory(&self, text: &mut String) {
        text.push_str("\n**Resident memory of Envoy, MiB (anonymous part)**\n\n");
        text.push_str("| | at start | after calls of 300 B | after calls of 64 KiB | after lists of 500 |\n|---|---|---|---|---|\n");
        for row in &self.memory {
            let _ = write!(text, "| {} |", row.variant.name());
            for memory in [row.start, row.after_small_calls, row.after_large_calls, row.after_lists] {
                let mib = |kib: u64| kib as f64 / 1024.0;
                let _ = write!(text, " {:.0} ({:.0}) |", mib(memory.resident_kib), mib(memory.anonymous_kib));
            }
            text.push('\n');
        }
    }

    fn write_aims(&self, text: &mut String) {
        let aims = aims::of(&self.summaries);
        if aims.is_empty() {
            return;
        }
        text.push_str("\n**Aims**\n\n| aim | found | |\n|---|---|---|\n");
        for aim in aims {
            let _ = writeln!(
                text,
                "| {} | {} | {} |",
                aim.text,
                aim.found,
                if aim.met { "met" } else { "missed" }
            );
        }
    }

    /// Everything, raw outcomes included.
    pub(crate) fn json(&self, rounds: &[Rounds]) -> Value {
        let measurements: Vec<Value> = self
            .summaries
            .iter()
            .zip(rounds)
            .map(|(summary, rounds)| {
                json!({
                    "name": summary.measurement.name,
                    "kind": summary.measurement.kind,
                    "connections": summary.measurement.connections,
                    "rounds_left_out": summary.dropped,
                    "variants": summary.figures,
                    "trigate_to_native": summary.against_native,
                    "trigate_to_noop": summary.against_noop,
                    "rounds": rounds.outcomes,
                })
            })
            .collect();
        let counters: serde_json::Map<String, Value> =
            self.counters.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
        json!({
            "machine": self.machine,
            "rounds": self.rounds,
            "seconds": self.seconds,
            "measurements": measurements,
            "memory": self.memory,
            "filter_counters": counters,
        })
    }
}

fn table(text: &mut String, title: &str, columns: &[&Summary], cell: impl Fn(&Figures) -> String) {
    let Some(first) = columns.first() else { return };
    let _ = write!(text, "\n**{title}**\n\n| |");
    for column in columns {
        let _ = write!(text, " {} |", column.measurement.title);
    }
    let _ = writeln!(text, "\n|---|{}", "---|".repeat(columns.len()));
    for variant in first.figures.keys() {
        let _ = write!(text, "| {} |", variant.name());
        for column in columns {
            let figures = column.figures.get(variant).map(&cell).unwrap_or_default();
            let _ = write!(text, " {figures} |");
        }
        text.push('\n');
    }
}

fn ratio(spread: Spread) -> String {
    if spread.min == spread.max {
        return format!("{:.2}", spread.median);
    }
    format!("{:.2} [{:.2}–{:.2}]", spread.median, spread.min, spread.max)
}

fn difference(spread: Spread) -> String {
    if spread.min == spread.max {
        return format!("{:+.0}", spread.median);
    }
    format!("{:+.0} [{:+.0} to {:+.0}]", spread.median, spread.min, spread.max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_round_has_no_range() {
        let same = Spread { median: 0.5, min: 0.5, max: 0.5 };
        assert_eq!((ratio(same), difference(same)), ("0.50".to_owned(), "+0".to_owned()));
        let range = Spread { median: 40.0, min: -3.0, max: 51.4 };
        assert_eq!(difference(range), "+40 [-3 to +51]");
    }
}
