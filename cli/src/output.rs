//! Prints results: tables for people, JSON and CSV for programs. Knows no command.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, presets};
use serde_json::Value;

/// A result in columns, the same for every format.
pub(crate) struct Sheet {
    headings: &'static [&'static str],
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// An empty sheet.
    pub(crate) fn new(headings: &'static [&'static str]) -> Sheet {
        Sheet { headings, rows: Vec::new() }
    }

    /// Adds one row, in the order of the headings.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| printable(&cell)).collect());
    }

    /// Prints it as aligned columns, or `empty` where it has no rows.
    pub(crate) fn print(&self, empty: &str) -> io::Result<()> {
        if self.rows.is_empty() {
            return line(empty);
        }
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_header(self.headings.iter().map(|heading| heading.to_uppercase()));
        table.add_rows(&self.rows);
        table.lines().try_for_each(|text| line(text.strip_prefix(' ').unwrap_or(&text).trim_end()))
    }
}

/// One line on standard output.
pub(crate) fn line(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Text as it is, with a line break at its end.
pub(crate) fn text(text: &str) -> io::Result<()> {
    line(text.strip_suffix('\n').unwrap_or(text))
}

/// One JSON document, indented.
pub(crate) fn json(value: &Value) -> io::Result<()> {
    line(&format!("{value:#}"))
}

/// One CSV record (RFC 4180).
pub(crate) fn csv<'a>(cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
    let cells: Vec<String> = cells.into_iter().map(csv_cell).collect();
    line(&cells.join(","))
}

fn csv_cell(cell: &str) -> String {
    // A spreadsheet runs what begins like a formula, and callers choose some of this text.
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// What callers chose must not steer the terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|char| if char.is_control() && char != '\n' { '\u{fffd}' } else { char }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, expected: &str) {
        assert_eq!(csv_cell(cell), expected);
    }

    #[test]
    fn csv_quotes_what_would_break_a_record() {
        check("plain", "plain");
        check("a,b", "\"a,b\"");
        check("say \"hi\"", "\"say \"\"hi\"\"\"");
        check("two\nlines", "\"two\nlines\"");
    }

    #[test]
    fn csv_disarms_formulas() {
        check("=HYPERLINK(1)", "'=HYPERLINK(1)");
        check("@sum", "'@sum");
    }

    #[test]
    fn escape_sequences_do_not_reach_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
    }
}
