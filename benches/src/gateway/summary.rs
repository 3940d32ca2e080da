//! From the outcomes of rounds to what is reported: medians, and ratios to plain Envoy of the same round.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::gateway::plan::{Kind, Measurement};
use crate::gateway::round::Rounds;
use crate::gateway::stage::Variant;
use crate::load::Outcome;
use crate::spread::Spread;

/// A round whose plain value is below this share of the median ran in a slow phase of the machine: it is left out.
const SLOW: f64 = 0.8;

/// One measurement, all variants.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) measurement: &'static Measurement,
    /// Numbers of the rounds left out, from 1.
    pub(crate) dropped: Vec<usize>,
    pub(crate) figures: BTreeMap<Variant, Figures>,
    /// Requests per second of trigate to those of the native filter.
    pub(crate) against_native: Option<Spread>,
    /// CPU time that trigate adds to plain, to what a filter adds that does nothing.
    pub(crate) against_noop: Option<Spread>,
}

/// One measurement, one variant: medians over the rounds, and comparisons with plain in pairs.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Figures {
    pub(crate) per_second: f64,
    pub(crate) cpu_us: f64,
    /// Share of one core that the tested process used.
    pub(crate) busy: f64,
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
    /// Requests per second to plain's.
    pub(crate) throughput: Spread,
    /// CPU time to plain's.
    pub(crate) cpu: Spread,
    /// p50 above plain's, in µs.
    pub(crate) p50_added: Spread,
    /// p99 to plain's.
    pub(crate) p99: Spread,
}

/// Sums up all measurements.
pub(crate) fn of(all: &[Rounds]) -> Vec<Summary> {
    all.iter().map(summary).collect()
}

fn summary(rounds: &Rounds) -> Summary {
    let speeds: Vec<f64> = rounds.outcomes.iter().map(|round| speed(rounds.measurement, round)).collect();
    let bar = Spread::of(speeds.clone()).map_or(0.0, |speeds| speeds.median * SLOW);
    let is_slow: Vec<bool> = speeds.iter().map(|speed| *speed < bar).collect();
    let kept: Vec<&BTreeMap<Variant, Outcome>> =
        rounds.outcomes.iter().zip(&is_slow).filter(|(_, slow)| !**slow).map(|(round, _)| round).collect();
    // Of a round in which a filter seems to cost nothing, nothing can be said.
    let dear =
        |round: &&&BTreeMap<Variant, Outcome>| added(round, Variant::Noop).is_some_and(|added| added > 0.0);
    let added_to_noop = kept.iter().filter(dear);
    let added_to_noop = added_to_noop
        .filter_map(|round| Some(added(round, Variant::Trigate)? / added(round, Variant::Noop)?));
    let against_noop = Spread::of(added_to_noop.collect());
    let variants = rounds.outcomes.first().into_iter().flat_map(BTreeMap::keys);
    Summary {
        measurement: rounds.measurement,
        dropped: (1..).zip(&is_slow).filter(|(_, slow)| **slow).map(|(number, _)| number).collect(),
        figures: variants.filter_map(|variant| Some((*variant, figures(&kept, *variant)?))).collect(),
        against_native: pairs(&kept, Variant::Trigate, Variant::Native, |ours, native| {
            ours.per_second / native.per_second
        }),
        against_noop,
    }
}

/// How fast the machine was in a round, by plain Envoy.
fn speed(measurement: &Measurement, round: &BTreeMap<Variant, Outcome>) -> f64 {
    let Some(plain) = round.get(&Variant::Plain) else { return 0.0 };
    match measurement.kind {
        Kind::Saturation => plain.per_second,
        // At a given rate only latency tells; and of that only its middle.
        Kind::Unloaded | Kind::Rate(_) => 1.0 / plain.latency_us.p50,
    }
}

fn figures(rounds: &[&BTreeMap<Variant, Outcome>], variant: Variant) -> Option<Figures> {
    let median = |value: fn(&Outcome) -> f64| {
        Some(Spread::of(rounds.iter().filter_map(|round| round.get(&variant)).map(value).collect())?.median)
    };
    let paired = |value: fn(&Outcome, &Outcome) -> f64| pairs(rounds, variant, Variant::Plain, value);
    Some(Figures {
        per_second: median(|outcome| outcome.per_second)?,
        cpu_us: median(cpu)?,
        busy: median(|outcome| cpu(outcome) * outcome.per_second / 1e6)?,
        p50_us: median(|outcome| outcome.latency_us.p50)?,
        p99_us: median(|outcome| outcome.latency_us.p99)?,
        throughput: paired(|own, plain| own.per_second / plain.per_second)?,
        cpu: paired(|own, plain| cpu(own) / cpu(plain))?,
        p50_added: paired(|own, plain| own.latency_us.p50 - plain.latency_us.p50)?,
        p99: paired(|own, plain| own.latency_us.p99 / plain.latency_us.p99)?,
    })
}

/// CPU time of a request that a variant takes above plain.
fn added(round: &BTreeMap<Variant, Outcome>, variant: Variant) -> Option<f64> {
    Some(cpu(round.get(&variant)?) - cpu(round.get(&Variant::Plain)?))
}

fn cpu(outcome: &Outcome) -> f64 {
    outcome.cpu_us.unwrap_or(0.0)
}

fn pairs(
    rounds: &[&BTreeMap<Variant, Outcome>],
    one: Variant,
    other: Variant,
    value: fn(&Outcome, &Outcome) -> f64,
) -> Option<Spread> {
    Spread::of(rounds.iter().filter_map(|round| Some(value(round.get(&one)?, round.get(&other)?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::plan::MEASUREMENTS;
    use crate::load::Latency;

    fn outcome(per_second: f64) -> Outcome {
        let latency_us = Latency { p50: 100.0, p90: 100.0, p99: 100.0, max: 100.0 };
        Outcome {
            answers: 1,
            seconds: 1.0,
            per_second,
            cpu_us: Some(1e6 / per_second),
            own_cpu_us: 5.0,
            latency_us,
            answer_bytes: 100,
        }
    }

    #[track_caller]
    fn check(plain_and_ours: &[(f64, f64)], expected: (&[usize], f64)) {
        let outcomes = plain_and_ours
            .iter()
            .map(|(plain, ours)| {
                BTreeMap::from([(Variant::Plain, outcome(*plain)), (Variant::Trigate, outcome(*ours))])
            })
            .collect();
        let summary = summary(&Rounds { measurement: &MEASUREMENTS[0], outcomes });
        let ratio = summary.figures[&Variant::Trigate].throughput.median;
        assert_eq!((summary.dropped.as_slice(), ratio), expected);
    }

    #[test]
    fn the_ratio_is_the_median_of_ratios_within_rounds() {
        check(&[(100.0, 50.0), (110.0, 66.0), (90.0, 63.0)], (&[], 0.6));
    }

    #[test]
    fn a_round_in_a_slow_phase_is_left_out() {
        check(&[(100.0, 50.0), (40.0, 40.0), (100.0, 50.0)], (&[2], 0.5));
    }
}
