//! Rows as JSON text, written once, with two bounds: how many rows and how many bytes.
//!
//! They are one JSON array in the answer, or lines that leave in pieces while the database is still being read, so that
//! a long result is never held as a whole.

use std::time::Duration;

use bytes::Bytes;
use sql::cursor::CursorPlan;
use sql::{Checked, OutputColumn};
use tokio::sync::mpsc;

use crate::cell;
use crate::config::Bounds;

/// Lines leave once there are this many bytes of them.
const PIECE: usize = 32 << 10;
/// What a row is first taken to need.
const ROW: usize = 256;
/// How many rows room is made for before the first has come.
const EXPECTED: u64 = 100;

/// Where rows go.
#[derive(Debug)]
pub(crate) enum Sink {
    /// Into [`Rows::json`].
    Answer,
    /// One JSON object per line, in pieces of many lines; [`Rows::json`] stays empty. The statement ends when nobody
    /// receives them any more.
    Lines(mpsc::Sender<Bytes>),
}

/// A finished result.
#[derive(Debug, Default, Eq, PartialEq)]
pub(crate) struct Rows {
    /// A JSON array of objects.
    pub(crate) json: Vec<u8>,
    /// How many rows are in it.
    pub(crate) count: u64,
    /// Why there are no more rows in it, if there were more.
    pub(crate) cut: Option<Cut>,
    /// Where the next page begins, if there is one and the statement's order allows to say so.
    pub(crate) next_cursor: Option<String>,
}

/// What ended a result before its last row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cut {
    /// The result is as large as one may be.
    Bytes,
    /// Nobody receives the lines any more.
    Gone,
    /// The limit of rows.
    Rows,
}

/// Whether the driver should go on reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// [`RowsWriter::flush`] comes first.
    Flush,
    /// Another row would be taken.
    Read,
    /// The result is finished.
    Stop,
}

/// Collects rows.
pub(crate) struct RowsWriter {
    out: Vec<u8>,
    columns: Vec<Shown>,
    sink: Sink,
    patience: Duration,
    row_limit: u64,
    byte_limit: usize,
    /// Bytes that have left.
    sent: usize,
    count: u64,
    cut: Option<Cut>,
    cursor: Option<CursorPlan>,
    /// The values of the cursor's columns in a row that may be the last, each as JSON.
    last: Vec<u8>,
    ends: Vec<usize>,
    /// Which row that is, counted from 1.
    last_row: u64,
}

/// How a column takes part in a row.
enum Shown {
    /// Its value is for the cursor.
    Hidden,
    /// `{"name":` or `,"name":`, escaped once.
    Key(Vec<u8>),
}

impl RowsWriter {
    /// For the columns and the row limit of a statement.
    pub(crate) fn new(statement: &Checked, bounds: &Bounds, sink: Sink) -> Self {
        let rows = Self::with_columns(statement.columns(), statement.row_limit(), bounds, sink);
        Self { cursor: statement.cursor().cloned(), ..rows }
    }

    /// For columns and a row limit.
    pub(crate) fn with_columns(
        columns: &[OutputColumn],
        row_limit: u64,
        bounds: &Bounds,
        sink: Sink,
    ) -> Self {
        let (byte_limit, expected) = match sink {
            Sink::Answer => (bounds.result_bytes, row_limit.min(EXPECTED)),
            Sink::Lines(_) => (bounds.stream_bytes, 0),
        };
        let mut out = Vec::with_capacity(match sink {
            Sink::Answer => usize::try_from(expected).unwrap_or(0) * ROW,
            Sink::Lines(_) => PIECE + PIECE / 4,
        });
        if matches!(sink, Sink::Answer) {
            out.push(b'[');
        }
        Self {
            out,
            columns: shown(columns),
            sink,
            patience: bounds.statement,
            row_limit,
            byte_limit,
            sent: 0,
            count: 0,
            cut: None,
            cursor: None,
            last: Vec::new(),
            ends: Vec::new(),
            last_row: 0,
        }
    }

    /// How many columns a row has, hidden ones too.
    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Takes one row; `write` appends the value of the column with the given index.
    ///
    /// # Errors
    /// Those of `write`.
    pub(crate) fn row<E>(
        &mut self,
        mut write: impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Next, E> {
        if self.cut.is_some() {
            return Ok(Next::Stop);
        }
        if self.count >= self.row_limit {
            self.cut = Some(Cut::Rows);
            return Ok(Next::Stop);
        }
        let is_answer = matches!(self.sink, Sink::Answer);
        let before = self.out.len();
        if is_answer && self.count > 0 {
            self.out.push(b',');
        }
        let began = self.out.len();
        for (index, column) in self.columns.iter().enumerate() {
            if let Shown::Key(key) = column {
                self.out.extend_from_slice(key);
                write(index, &mut self.out)?;
            }
        }
        // Without a shown column not even the opening brace is there.
        self.out.extend_from_slice(if self.out.len() == began { b"{}" } else { b"}" });
        if !is_answer {
            self.out.push(b'\n');
        }
        if self.sent + self.out.len() > self.byte_limit {
            self.out.truncate(before);
            self.cut = Some(Cut::Bytes);
            return Ok(Next::Stop);
        }
        self.count += 1;
        self.remember(write)?;
        Ok(if !is_answer && self.out.len() >= PIECE { Next::Flush } else { Next::Read })
    }

    /// Keeps what the cursor needs of a row that may be the last: there, or nearly there, a bound is reached.
    fn remember<E>(&mut self, mut write: impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>) -> Result<(), E> {
        let Some(plan) = &self.cursor else { return Ok(()) };
        let written = self.sent + self.out.len();
        if self.count < self.row_limit && written < self.byte_limit / 2 {
            return Ok(());
        }
        self.last.clear();
        self.ends.clear();
        self.last_row = self.count;
        for column in &plan.columns {
            write(*column, &mut self.last)?;
            self.ends.push(self.last.len());
        }
        Ok(())
    }

    /// Where the next page begins.
    fn next_cursor(&self) -> Option<String> {
        let plan = self.cursor.as_ref()?;
        let is_known = self.last_row == self.count && matches!(self.cut, Some(Cut::Bytes | Cut::Rows));
        if !is_known {
            return None;
        }
        let mut from = 0;
        let cells = self.ends.iter().map(|end| {
            let cell = self.last.get(from..*end)?;
            from = *end;
            str::from_utf8(cell).ok()
        });
        Some(sql::cursor::encode(plan.fingerprint, &cells.collect::<Option<Vec<&str>>>()?))
    }

    /// Hands on the lines there are, and waits until somebody takes them.
    pub(crate) async fn flush(&mut self) -> Next {
        let Sink::Lines(lines) = &self.sink else { return Next::Read };
        let piece = std::mem::replace(&mut self.out, Vec::with_capacity(PIECE + PIECE / 4));
        self.sent += piece.len();
        match tokio::time::timeout(self.patience, lines.send(piece.into())).await {
            Ok(Ok(())) => Next::Read,
            Ok(Err(_)) | Err(_) => {
                self.cut = Some(Cut::Gone);
                Next::Stop
            }
        }
    }

    /// The finished result.
    pub(crate) async fn finish(mut self) -> Rows {
        let next_cursor = self.next_cursor();
        match self.sink {
            Sink::Answer => self.out.push(b']'),
            Sink::Lines(_) if self.out.is_empty() => {}
            Sink::Lines(_) => {
                self.flush().await;
                self.out = Vec::new();
            }
        }
        Rows { json: self.out, count: self.count, cut: self.cut, next_cursor }
    }
}

fn shown(columns: &[OutputColumn]) -> Vec<Shown> {
    let mut is_first = true;
    let shown = columns.iter().map(|column| {
        if column.hidden {
            return Shown::Hidden;
        }
        let mut key = Vec::with_capacity(column.name.len() + 4);
        key.push(if is_first { b'{' } else { b',' });
        is_first = false;
        cell::text(&mut key, &column.name);
        key.push(b':');
        Shown::Key(key)
    });
    shown.collect()
}

impl Cut {
    /// What the caller can do about it.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Cut::Bytes => {
                "there are more rows, but the answer would be too large: ask for fewer fields, or page with `limit` and `offset`"
            }
            Cut::Gone => "there are more rows, but nobody took them",
            Cut::Rows => "there are more rows: page with `limit` and `offset`, or narrow the filter",
        }
    }
}

#[cfg(test)]
mod tests {
    use sql::Type;

    use super::*;

    /// Rows of one shown and one hidden column, both the row's number, under bounds.
    async fn check(row_limit: u64, byte_limit: usize, expected: &str, cursor: Option<&[&str]>) {
        let column = |name: &str, hidden| OutputColumn { name: name.to_owned(), ty: Type::Integer, hidden };
        let columns = [column("a", false), column("b", true)];
        let bounds = Bounds { result_bytes: byte_limit, ..Bounds::default() };
        let rows = RowsWriter::with_columns(&columns, row_limit, &bounds, Sink::Answer);
        let mut rows =
            RowsWriter { cursor: Some(CursorPlan { fingerprint: 7, columns: vec![1, 0] }), ..rows };
        for number in 1..=5 {
            let value = |index: usize, out: &mut Vec<u8>| -> Result<(), ()> {
                cell::integer(out, number * if index == 1 { 10 } else { 1 });
                Ok(())
            };
            if rows.row(value).unwrap() == Next::Stop {
                break;
            }
        }
        let rows = rows.finish().await;
        assert_eq!(String::from_utf8(rows.json).unwrap(), expected);
        assert_eq!(rows.next_cursor, cursor.map(|cells| sql::cursor::encode(7, cells)));
    }

    #[tokio::test]
    async fn a_cut_result_says_where_the_next_page_begins() {
        check(2, 1000, r#"[{"a":1},{"a":2}]"#, Some(&["20", "2"])).await;
        check(100, 20, r#"[{"a":1},{"a":2}]"#, Some(&["20", "2"])).await;
    }

    #[tokio::test]
    async fn a_whole_result_has_no_next_page() {
        check(5, 1000, r#"[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5}]"#, None).await;
    }
}
