//! New texts of old ones: tokens are dropped, doubled, swapped, replaced by words that have mattered before, and parts of one
//! statement are put into another.

use crate::judge::Guarded;

/// Words that attacks were made of, and edges of what a parser takes.
const SPICE: [&str; 60] = [
    "ssn", "credit_card", "salaries", "secrets", "customers", "orders", "c", "*", "c.*", "email", "phone", "region",
    "UNION", "UNION ALL", "EXCEPT", "TABLE", "LATERAL", "NATURAL JOIN", "USING (ssn)", "CROSS JOIN", "WITH", "RECURSIVE",
    "AS", "INTO", "RETURNING *", "FOR UPDATE", "OFFSET 0", "LIMIT 0", "ORDER BY 1", "GROUP BY 2", "HAVING", "FILTER",
    "OVER ()", "DISTINCT ON (ssn)", "EXISTS", "ANY", "ALL", "NULL", "DEFAULT", "(", ")", ",", ";", "--", "/*!", "*/",
    "''", "'", "\"ssn\"", "`ssn`", "[ssn]", "$1", "?", "@p1", "::text", "||", "pg_read_file('x')", "current_setting('x')",
    "\u{feff}", "1e308",
];

/// Makes texts without end, the same from the same seed.
pub(crate) struct Mutator {
    state: u64,
    tokens: Vec<Vec<Vec<String>>>,
}

impl Mutator {
    /// Over the corpora of all dialects.
    pub(crate) fn new(seed: u64, guards: &[Guarded]) -> Self {
        let tokens = guards.iter().map(|guard| guard.texts.iter().map(|text| tokens(text)).collect()).collect();
        Self { state: seed.max(1), tokens }
    }

    /// One text, and whom it is for.
    pub(crate) fn next<'g>(&mut self, guards: &'g [Guarded]) -> (&'g Guarded, String) {
        let which = self.below(guards.len());
        let mut text = self.pick(which);
        for _ in 0..=self.below(4) {
            self.change(which, &mut text);
        }
        (&guards[which], text.concat())
    }

    fn pick(&mut self, which: usize) -> Vec<String> {
        let at = self.below(self.tokens[which].len());
        self.tokens[which][at].clone()
    }

    fn change(&mut self, which: usize, text: &mut Vec<String>) {
        if text.is_empty() {
            *text = self.pick(which);
        }
        let (at, other) = (self.below(text.len()), self.below(text.len()));
        match self.below(7) {
            0 => {
                text.remove(at);
            }
            1 => text.insert(other, text[at].clone()),
            2 => text.swap(at, other),
            3 => {
                let spice = SPICE[self.below(SPICE.len())];
                text[at] = format!(" {spice} ");
            }
            4 => {
                let spice = SPICE[self.below(SPICE.len())];
                text.insert(at, format!(" {spice} "));
            }
            5 => {
                let part = self.pick(which);
                let (from, to) = (self.below(part.len()), self.below(part.len()));
                let part = part[from.min(to)..from.max(to)].to_vec();
                text.splice(at..at, part);
            }
            _ => text[at] = text[other].clone(),
        }
    }

    /// Pseudo-random (xorshift64).
    fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 32) as usize % bound.max(1)
    }
}

/// Words, strings, blanks and signs, each as it stands.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut quote = None;
    for c in text.chars() {
        let joins = match (quote, found.last().and_then(|last| last.chars().last())) {
            (Some(_), _) => true,
            (None, Some(last)) => (c.is_alphanumeric() || c == '_') && (last.is_alphanumeric() || last == '_'),
            (None, None) => false,
        };
        match found.last_mut().filter(|_| joins) {
            Some(last) => last.push(c),
            None => found.push(c.to_string()),
        }
        quote = match quote {
            Some(open) if open == c => None,
            None if c == '\'' || c == '"' || c == '`' => Some(c),
            same => same,
        };
    }
    found
}
