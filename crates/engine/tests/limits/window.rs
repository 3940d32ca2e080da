//! What a rate promises, held against many random courses: in no time do more pass than the burst and the rate times that
//! time, and who keeps to the rate is never refused.

use engine::Effect;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::bench::Bench;

/// Numbers that look random and are the same each time (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

#[test]
fn no_window_holds_more_than_the_burst_and_the_rate() {
    for seed in 0..40 {
        let mut dice = Dice(seed);
        let (count, burst) = (1 + dice.below(600), 1 + dice.below(20));
        let limit = format!("{{ rate: {count}/min, burst: {burst} }}");
        let bench = Bench::new(&format!("{{ tools: [ {{ allow: s.*, limit: {limit} }} ] }}"), "", "");
        let workers = [bench.worker(), bench.worker()];
        let interval = 60_000 / count + 1;
        let mut passed = Vec::new();
        for _ in 0..200 {
            // Rushes and pauses.
            let pause = if dice.below(3) == 0 { dice.below(interval * burst) } else { dice.below(3) };
            bench.clock.set(bench.clock.get() + pause);
            let turn = usize::try_from(dice.below(2)).unwrap();
            if matches!(workers[turn].call("one", "x").0, Effect::Forward(_)) {
                passed.push(bench.clock.get());
            }
        }
        assert!(passed.len() >= usize::try_from(burst).unwrap().min(200), "{limit} lets too few through");
        for (first, from) in passed.iter().enumerate() {
            for (calls, to) in passed[first..].iter().enumerate() {
                let most = burst + (to - from) * count / 60_000;
                assert!((calls as u64) < most, "{limit}: {} calls in {} ms", calls + 1, to - from);
            }
        }
    }
}

#[test]
fn who_keeps_to_the_rate_is_never_refused() {
    for count in [1, 7, 59, 60, 61, 600] {
        let limit = format!("{{ rate: {count}/min, burst: 1 }}");
        let bench = Bench::new(&format!("{{ tools: [ {{ allow: s.*, limit: {limit} }} ] }}"), "", "");
        let worker = bench.worker();
        for call in 0..100 {
            assert_eq!(bench.passed(&worker, "one", 1), 1, "call {call} of {limit}");
            // A clock of milliseconds: the next whole one.
            bench.clock.set(bench.clock.get() + 60_000_u64.div_ceil(count));
        }
    }
}
