//! The order in which variants are measured: another one in each round, the same in each run.

/// Pseudo-random numbers (xorshift64): the order only has to differ from round to round.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = if self.0 == 0 { 1 } else { self.0 };
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 32) as usize % bound.max(1)
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shuffle_keeps_all_and_reaches_every_order() {
        let mut dice = Dice(1);
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let mut items = [1, 2, 3];
            dice.shuffle(&mut items);
            assert_eq!(items.iter().sum::<i32>(), 6);
            seen.insert(items);
        }
        assert_eq!(seen.len(), 6);
    }
}
