//! New texts of old ones: tokens are dropped, doubled, swapped, replaced by words that have mattered before, and parts of one
//! statement are put into another.

use std::ops::Range;

use crate::dice::Dice;
use crate::guard::judge::Guarded;

/// Words that attacks were made of, and edges of what a parser takes.
const SPICE: &[&str] = &[
    "ssn",
    "credit_card",
    "salaries",
    "secrets",
    "customers",
    "orders",
    "c",
    "*",
    "c.*",
    "email",
    "phone",
    "region",
    "id",
    "o",
    "information_schema.tables",
    "pg_catalog.pg_class",
    "sqlite_master",
    "sys.objects",
    "mysql.user",
    "SELECT",
    "FROM",
    "WHERE",
    "JOIN",
    "ON",
    "UNION",
    "UNION ALL",
    "EXCEPT",
    "INTERSECT",
    "TABLE",
    "VALUES (1, 2)",
    "LATERAL",
    "NATURAL JOIN",
    "LEFT JOIN",
    "USING (ssn)",
    "USING (id)",
    "CROSS JOIN",
    "WITH",
    "RECURSIVE",
    "AS",
    "INTO",
    "INSERT INTO",
    "UPDATE",
    "DELETE FROM",
    "SET",
    "RETURNING *",
    "FOR UPDATE",
    "OFFSET 0",
    "LIMIT 0",
    "TOP (1)",
    "ORDER BY 1",
    "GROUP BY 2",
    "GROUP BY ROLLUP (1)",
    "HAVING",
    "FILTER",
    "OVER ()",
    "DISTINCT",
    "DISTINCT ON (ssn)",
    "EXISTS",
    "ANY",
    "ALL",
    "AND",
    "OR",
    "NOT",
    "IN",
    "LIKE",
    "ESCAPE",
    "BETWEEN",
    "IS NULL",
    "CASE",
    "WHEN",
    "END",
    "COLLATE",
    "AT TIME ZONE",
    "INTERVAL",
    "NULL",
    "TRUE",
    "DEFAULT",
    "(",
    ")",
    "((((((((",
    ",",
    ";",
    ".",
    "=",
    "<>",
    "-",
    "--",
    "/*!",
    "*/",
    "''",
    "'",
    "E'\\'",
    "N'x'",
    "X'00'",
    "$$x$$",
    "\"ssn\"",
    "`ssn`",
    "[ssn]",
    "$1",
    "?",
    "@p1",
    ":x",
    "::text",
    "||",
    "->>",
    "@>",
    "~",
    "pg_read_file('x')",
    "current_setting('x')",
    "count(*)",
    "sleep(9)",
    "\u{feff}",
    "\u{202e}",
    "\0",
    "0",
    "-1",
    "1e308",
    "0x1F",
    "99999999999999999999",
    "1 = 1",
];

/// Makes texts without end, the same from the same seed.
pub(crate) struct Mutator {
    dice: Dice,
    tokens: Vec<Vec<Vec<String>>>,
}

impl Mutator {
    /// Over the corpora of all dialects.
    pub(crate) fn new(seed: u64, guards: &[Guarded]) -> Self {
        let tokens =
            guards.iter().map(|guard| guard.texts.iter().map(|text| tokens(text)).collect()).collect();
        Self { dice: Dice::new(seed), tokens }
    }

    /// One text, and whom it is for.
    pub(crate) fn next(&mut self, guards: &[Guarded]) -> (usize, String) {
        let which = self.below(guards.len());
        let mut text = self.pick(which);
        // Often one change only: of many, one is sure to be refused, and hides what the others would do.
        let changes = [1, 1, 1, 2, 4];
        for _ in 0..changes[self.below(changes.len())] {
            self.change(which, &mut text);
        }
        (which, text.concat())
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
        match self.below(14) {
            0 => {
                text.remove(at);
            }
            1 => text.insert(other, text[at].clone()),
            2 => text.swap(at, other),
            3 => text[at] = self.spice(),
            4 => {
                let spice = self.spice();
                text.insert(at, spice);
            }
            5 => {
                let part = self.pick(which);
                let (from, to) = (self.below(part.len()), self.below(part.len()));
                let part = part[from.min(to)..from.max(to)].to_vec();
                text.splice(at..at, part);
            }
            6 => text[at] = text[other].clone(),
            7 => self.combine(which, text),
            8 => {
                let part = self.pick(which);
                let (from, into) = (self.group(&part), self.group(text));
                text.splice(into, part[from].to_vec());
            }
            // What is left is most often a statement.
            _ => self.reword(which, text),
        }
    }

    fn spice(&mut self) -> String {
        format!(" {} ", SPICE[self.below(SPICE.len())])
    }

    /// Two statements in one.
    fn combine(&mut self, which: usize, text: &mut Vec<String>) {
        let (one, other) = (text.concat(), self.pick(which).concat());
        let whole = match self.below(7) {
            0 => format!("{one} UNION {other}"),
            1 => format!("{one} UNION ALL {other}"),
            2 => format!("{one} EXCEPT {other}"),
            3 => format!("WITH customers AS ({one}) {other}"),
            4 => format!("WITH o AS ({one}) SELECT * FROM o, ({other}) AS c"),
            5 => format!("SELECT * FROM ({one}) AS customers LEFT JOIN orders ON EXISTS ({other})"),
            _ => format!("{one}; {other}"),
        };
        *text = tokens(&whole);
    }

    /// Another word of the same kind, and three times of four each time the word is there.
    fn reword(&mut self, which: usize, text: &mut [String]) {
        let words: Vec<usize> = (0..text.len()).filter(|at| kind(&text[*at]).is_some()).collect();
        if words.is_empty() {
            return;
        }
        let old = text[words[self.below(words.len())]].clone();
        let new = (0..20).find_map(|_| {
            // The names of its own tables are the likeliest to mean something.
            let donor = if self.below(3) > 0 { text.to_vec() } else { self.pick(which) };
            let word = &donor[self.below(donor.len())];
            (kind(word) == kind(&old) && *word != old).then(|| word.clone())
        });
        let Some(new) = new else { return };
        let everywhere = self.below(4) > 0;
        let places: Vec<usize> = words.into_iter().filter(|at| text[*at] == old).collect();
        let chosen = self.below(places.len());
        for (place, at) in places.into_iter().enumerate() {
            if everywhere || place == chosen {
                text[at].clone_from(&new);
            }
        }
    }

    /// Something between parentheses, with them, or one token.
    fn group(&mut self, text: &[String]) -> Range<usize> {
        let opens: Vec<usize> = (0..text.len()).filter(|at| text[*at] == "(").collect();
        let from = if opens.is_empty() { self.below(text.len()) } else { opens[self.below(opens.len())] };
        let mut depth = 0;
        let close = text[from..].iter().position(|token| {
            depth += i32::from(token == "(") - i32::from(token == ")");
            depth <= 0
        });
        from..close.map_or(text.len(), |close| from + close + 1)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.dice.below(bound)
    }
}

/// What sort of word it is, where it is one: names, keywords, numbers and strings each take the places of their own.
fn kind(token: &str) -> Option<u8> {
    let first = token.chars().next()?;
    match first {
        '0'..='9' => Some(0),
        'A'..='Z' => Some(1),
        'a'..='z' | '_' => Some(2),
        '\'' => Some(3),
        '=' | '<' | '>' | '+' | '-' | '*' | '/' => Some(4),
        _ => None,
    }
}

/// Words, strings, blanks and signs, each as it stands.
fn tokens(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut quote = None;
    for c in text.chars() {
        let joins = match (quote, found.last().and_then(|last| last.chars().last())) {
            (Some(_), _) => true,
            (None, Some(last)) => {
                (c.is_alphanumeric() || c == '_') && (last.is_alphanumeric() || last == '_')
            }
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
