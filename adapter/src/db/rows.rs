//! Rows as JSON text, written once, with two bounds: how many rows and how many bytes.

use sql::{Checked, OutputColumn};

use crate::cell;

/// A finished result.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Rows {
    /// A JSON array of objects.
    pub(crate) json: Vec<u8>,
    /// How many rows are in it.
    pub(crate) count: u64,
    /// Why there are no more rows in it, if there were more.
    pub(crate) cut: Option<Cut>,
}

/// What ended a result before its last row.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Cut {
    /// The result is as large as one may be.
    Bytes,
    /// The limit of rows.
    Rows,
}

/// Whether the driver should go on reading.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Next {
    /// Another row would be taken.
    Read,
    /// The result is finished.
    Stop,
}

/// Collects rows.
pub(crate) struct RowsWriter {
    out: Vec<u8>,
    /// `"name":` of every column, escaped once.
    keys: Vec<Vec<u8>>,
    row_limit: u64,
    byte_limit: usize,
    count: u64,
    cut: Option<Cut>,
}

impl RowsWriter {
    /// For the columns and the row limit of a statement.
    pub(crate) fn new(statement: &Checked, byte_limit: usize) -> Self {
        Self::with_columns(statement.columns(), statement.row_limit(), byte_limit)
    }

    fn with_columns(columns: &[OutputColumn], row_limit: u64, byte_limit: usize) -> Self {
        let keys = columns.iter().map(|column| key(&column.name)).collect();
        Self { out: vec![b'['], keys, row_limit, byte_limit, count: 0, cut: None }
    }

    /// Takes one row; `write` appends the value of the column with the given index.
    ///
    /// # Errors
    /// Those of `write`.
    pub(crate) fn row<E>(
        &mut self,
        mut write: impl FnMut(usize, &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<Next, E> {
        if self.count >= self.row_limit {
            self.cut = Some(Cut::Rows);
            return Ok(Next::Stop);
        }
        let before = self.out.len();
        if self.count > 0 {
            self.out.push(b',');
        }
        self.out.push(b'{');
        for (index, key) in self.keys.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(key);
            write(index, &mut self.out)?;
        }
        self.out.push(b'}');
        if self.out.len() > self.byte_limit {
            self.out.truncate(before);
            self.cut = Some(Cut::Bytes);
            return Ok(Next::Stop);
        }
        self.count += 1;
        Ok(Next::Read)
    }

    /// The finished result.
    pub(crate) fn finish(mut self) -> Rows {
        self.out.push(b']');
        Rows { json: self.out, count: self.count, cut: self.cut }
    }
}

fn key(name: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(name.len() + 3);
    cell::text(&mut key, name);
    key.push(b':');
    key
}

impl Cut {
    /// What the caller can do about it.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            Cut::Bytes => {
                "there are more rows, but the answer would be too large: ask for fewer fields, or page with `limit` and `offset`"
            }
            Cut::Rows => "there are more rows: page with `limit` and `offset`, or narrow the filter",
        }
    }
}
