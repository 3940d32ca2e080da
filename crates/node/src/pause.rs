//! How long to wait before a broken stream is opened again.

/// First and longest pause, in milliseconds. Short: healing is the control plane's return plus at most this.
const PAUSE_MS: std::ops::RangeInclusive<u64> = 100..=2_000;

/// A pause that doubles with each break and begins anew once the stream works.
#[derive(Clone, Copy, Debug)]
pub struct Pause(u64);

impl Default for Pause {
    fn default() -> Self {
        Self(*PAUSE_MS.start())
    }
}

impl Pause {
    /// A message arrived: the stream works.
    pub const fn works(&mut self) {
        self.0 = *PAUSE_MS.start();
    }

    /// The stream is gone: milliseconds until the next attempt.
    pub fn broke(&mut self) -> u64 {
        let pause = self.0;
        self.0 = (pause * 2).min(*PAUSE_MS.end());
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_to_its_bound_and_begins_anew() {
        let mut pause = Pause::default();
        let waits: Vec<_> = (0..7).map(|_| pause.broke()).collect();
        assert_eq!(waits, [100, 200, 400, 800, 1600, 2000, 2000]);
        pause.works();
        assert_eq!(pause.broke(), 100);
    }
}
