//! The time of a decision under a small and a large policy, taken in turn.

use std::hint::black_box;
use std::rc::Rc;
use std::time::Instant;

use anyhow::ensure;
use engine::{DecisionId, Effect, Event, Exchange, Gauge, Head, Moment};

use crate::dice::Dice;
use crate::frames;
use crate::scale::documents::{self, PATH, Size};
use crate::spread::Spread;

/// Callers of each policy that take part.
const CALLERS: usize = 500;
/// What the server answers.
const ANSWER: &[u8] = br#"{"jsonrpc":"2.0","id":1000000000,"result":{"content":[{"type":"text","text":"ok"}],"isError":false}}"#;

/// What was found.
#[derive(Debug)]
pub(crate) struct Decisions {
    pub(crate) small_us: f64,
    pub(crate) large_us: f64,
    /// The large policy's time to the small one's, in pairs.
    pub(crate) ratio: Spread,
}

/// Compares, in so many rounds.
pub(crate) fn compare(rounds: usize) -> anyhow::Result<Decisions> {
    let (small, large) = (Scene::of(Size::SMALL)?, Scene::of(Size::KEYS)?);
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.push((small.run()?, large.run()?));
    }
    let median = |of: fn(&(f64, f64)) -> f64| {
        Spread::of(times.iter().map(of).collect()).map_or(0.0, |spread| spread.median)
    };
    let ratio = Spread::of(times.iter().map(|(small, large)| large / small).collect());
    Ok(Decisions {
        small_us: median(|pair| pair.0),
        large_us: median(|pair| pair.1),
        ratio: ratio.unwrap_or(Spread { median: 0.0, min: 0.0, max: 0.0 }),
    })
}

/// A policy and what its callers send.
struct Scene {
    moment: Moment,
    requests: Vec<(Head, String)>,
}

impl Scene {
    fn of(size: Size) -> anyhow::Result<Self> {
        let revision = documents::Snapshot::of(size)?.revision()?;
        let moment =
            Moment { now_ms: 1_780_000_000_000, revision: Some(Rc::new(revision)), audit: Gauge::Open };
        let mut dice = Dice(7);
        let requests = (0..CALLERS).map(|_| {
            let caller = dice.below(size.keys);
            let body = frames::call(&documents::tool_of(size, caller), 300);
            let bearer = format!("Bearer {}", documents::key(caller));
            let pairs = [
                (":method", "POST"),
                (":path", PATH),
                (":authority", "127.0.0.1:8080"),
                ("content-type", "application/json"),
                ("accept", "application/json, text/event-stream"),
                ("content-length", "300"),
                ("authorization", &bearer),
            ];
            (head(&pairs), body)
        });
        Ok(Self { moment, requests: requests.collect() })
    }

    /// Takes every caller's exchange from head to end, some times over; µs each.
    fn run(&self) -> anyhow::Result<f64> {
        const TIMES: usize = 4;
        let answer = head(&[(":status", "200"), ("content-type", "application/json")]);
        let start = Instant::now();
        for (request, body) in self.requests.iter().cycle().take(self.requests.len() * TIMES) {
            let mut exchange = Exchange::new(DecisionId::new(1, 2));
            black_box(exchange.handle(&Event::RequestHead(request), &self.moment));
            let step = exchange.handle(&Event::RequestBody(body.as_bytes()), &self.moment);
            ensure!(matches!(step.effect, Effect::Forward(_)), "a call is refused: {:?}", step.effect);
            black_box(exchange.handle(&Event::ResponseHead(&answer), &self.moment));
            black_box(exchange.handle(&Event::ResponseChunk { bytes: ANSWER, last: true }, &self.moment));
        }
        Ok(start.elapsed().as_secs_f64() * 1e6 / (self.requests.len() * TIMES) as f64)
    }
}

fn head(pairs: &[(&str, &str)]) -> Head {
    let headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.as_bytes().to_vec())).collect();
    Head { headers, ..Head::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_caller_of_a_policy_may_call_its_tool() {
        let size = Size { roles: 3, keys: 20 };
        assert!(Scene::of(size).unwrap().run().unwrap() > 0.0);
    }
}
