//! What is counted: answers and latencies within the measured time, and CPU time at both ends of it.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::load::Options;
use crate::load::connection::Answered;
use crate::procfs;

/// The result of one load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// Answers in the measured time.
    pub answers: u64,
    /// The measured time.
    pub seconds: f64,
    /// Answers per second.
    pub per_second: f64,
    /// CPU time of the measured process for each answer, in µs.
    pub cpu_us: Option<f64>,
    /// The same of the load generator itself.
    pub own_cpu_us: f64,
    /// Latencies in µs.
    pub latency_us: Latency,
    /// Size of the last answer's body.
    pub answer_bytes: usize,
}

/// Percentiles of latency.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Latency {
    /// Half were faster.
    pub p50: f64,
    /// Nine of ten.
    pub p90: f64,
    /// 99 of 100.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

impl Latency {
    /// Of any number of measurements in nanoseconds.
    pub(crate) fn of(mut nanos: Vec<u64>) -> Self {
        nanos.sort_unstable();
        let at = |share: f64| {
            let rank = (nanos.len() as f64 * share).ceil() as usize;
            nanos.get(rank.saturating_sub(1)).map_or(0.0, |value| *value as f64 / 1000.0)
        };
        Self { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

/// CPU times at one moment.
#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Instant,
    own: Duration,
    measured: Option<Duration>,
}

impl Moment {
    fn now(pid: Option<u32>) -> anyhow::Result<Self> {
        let measured = pid.map(procfs::cpu_time).transpose()?;
        Ok(Self { at: Instant::now(), own: procfs::cpu_time(std::process::id())?, measured })
    }
}

pub(crate) struct Tally {
    begins: Instant,
    measured: Duration,
    pid: Option<u32>,
    start: Option<Moment>,
    nanos: Vec<u64>,
    answer_bytes: usize,
}

impl Tally {
    pub(crate) fn new(options: &Options, begun: Instant) -> Self {
        Self {
            begins: begun + options.warm_up,
            measured: options.measured,
            pid: options.pid,
            start: None,
            nanos: Vec::with_capacity(1 << 20),
            answer_bytes: 0,
        }
    }

    /// Counts an answer, if measuring has begun.
    pub(crate) fn count(&mut self, answered: Answered, now: Instant) {
        if self.start.is_some() {
            self.nanos.push(now.duration_since(answered.due).as_nanos() as u64);
            self.answer_bytes = answered.bytes;
        }
    }

    /// Begins or ends the measurement when its time has come; the outcome at its end.
    pub(crate) fn turn(&mut self, now: Instant) -> anyhow::Result<Option<Outcome>> {
        match self.start {
            None if now >= self.begins => self.start = Some(Moment::now(self.pid)?),
            Some(start) if now >= start.at + self.measured => return self.outcome(start).map(Some),
            _ => {}
        }
        Ok(None)
    }

    fn outcome(&mut self, start: Moment) -> anyhow::Result<Outcome> {
        let end = Moment::now(self.pid)?;
        let nanos = std::mem::take(&mut self.nanos);
        let answers = nanos.len() as u64;
        anyhow::ensure!(answers > 0, "no answer came in the measured time");
        let each = |used: Duration| used.as_secs_f64() * 1e6 / answers as f64;
        let measured = end.measured.zip(start.measured).map(|(end, start)| each(end.saturating_sub(start)));
        let seconds = end.at.duration_since(start.at).as_secs_f64();
        Ok(Outcome {
            answers,
            seconds,
            per_second: answers as f64 / seconds,
            cpu_us: measured,
            own_cpu_us: each(end.own.saturating_sub(start.own)),
            latency_us: Latency::of(nanos),
            answer_bytes: self.answer_bytes,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_value_of_its_rank() {
        let latency = Latency::of((1..=1000).map(|micros| micros * 1000).rev().collect());
        assert_eq!(latency, Latency { p50: 500.0, p90: 900.0, p99: 990.0, max: 1000.0 });
    }
}
