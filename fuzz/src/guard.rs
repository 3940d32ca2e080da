//! Target `sql`: statements against the guard of gate 3. What must hold of every text, `judge` says.

mod judge;
mod mutate;
#[cfg(feature = "oracle")]
mod oracle;
#[path = "../../crates/sql/tests/shop/schema.rs"]
mod shop;

use judge::Guarded;
use mutate::Mutator;

use crate::{
    dice::Dice,
    target::{Target, Verdict},
};

pub(crate) struct Guards {
    guards: Vec<Guarded>,
    mutator: Mutator,
}

impl Guards {
    pub(crate) fn new(seed: u64) -> Self {
        let guards = Guarded::all();
        Self { mutator: Mutator::new(seed, &guards), guards }
    }
}

impl Target for Guards {
    /// Whose dialect, and the statement.
    type Input = (usize, String);

    fn next(&mut self, _: &mut Dice) -> (usize, String) {
        self.mutator.next(&self.guards)
    }

    fn judge(&self, (which, text): &(usize, String)) -> Verdict {
        self.guards[*which].judge(text)
    }

    fn show(&self, (which, text): &(usize, String)) -> String {
        format!("{}: {text}", self.guards[*which].name)
    }
}
