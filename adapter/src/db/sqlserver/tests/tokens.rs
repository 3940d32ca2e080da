//! What a server says, as bytes (MS-TDS 2.2.7).

/// An answer of the script.
#[derive(Clone)]
pub(super) enum Answer {
    /// The server says nothing until it is interrupted.
    Never,
    Tokens(Vec<u8>),
}

/// Version and encryption (2: not supported), the offsets counted from the beginning.
pub(super) const PRELOGIN: &[u8] = &[0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xFF, 16, 0, 0, 0, 0, 0, 2];

/// LOGINACK: T-SQL, TDS 7.4, a name of one letter, version 16.
pub(super) const LOGIN: &[u8] = &[0xAD, 12, 0, 1, 0x74, 0, 0, 4, 1, b'm', 0, 16, 0, 0, 0];

/// DONE: there is a count.
const COUNT: u16 = 0x10;
/// DONE: it failed.
const ERROR: u16 = 0x02;

pub(super) fn done(status: u16, count: u64) -> Vec<u8> {
    [&[0xFD][..], &status.to_le_bytes(), &[0, 0], &count.to_le_bytes()].concat()
}

/// A change of so many rows.
pub(super) fn changed(count: u64) -> Answer {
    Answer::Tokens(done(COUNT, count))
}

/// An error of the server's, with a text that nobody may see.
pub(super) fn error(number: u32, class: u8, message: &str) -> Answer {
    let mut body = number.to_le_bytes().to_vec();
    body.extend([1, class]);
    body.extend(u16::try_from(message.len()).unwrap().to_le_bytes());
    body.extend(utf16(message));
    body.extend([0, 0, 1, 0, 0, 0]);
    let length = u16::try_from(body.len()).unwrap().to_le_bytes();
    Answer::Tokens([vec![0xAA], length.to_vec(), body, done(ERROR, 0)].concat())
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A column: its type's bytes, and the bytes of its value in each row.
pub(super) struct Column {
    pub(super) ty: Vec<u8>,
    pub(super) values: Vec<Vec<u8>>,
}

impl Column {
    pub(super) fn new(ty: &[u8], values: &[&[u8]]) -> Self {
        Self { ty: ty.to_vec(), values: values.iter().map(|value| value.to_vec()).collect() }
    }

    /// Text of at most 4000 characters.
    pub(super) fn text(values: &[Option<&str>]) -> Self {
        let values = values.iter().map(|value| match value {
            None => vec![0xFF, 0xFF],
            Some(text) => {
                let bytes = utf16(text);
                [u16::try_from(bytes.len()).unwrap().to_le_bytes().to_vec(), bytes].concat()
            }
        });
        Self { ty: vec![0xE7, 0x40, 0x1F, 9, 4, 0xD0, 0, 0x34], values: values.collect() }
    }
}

/// A result of columns that all have as many rows.
pub(super) fn rows(columns: &[Column]) -> Answer {
    let mut out = vec![0x81];
    out.extend(u16::try_from(columns.len()).unwrap().to_le_bytes());
    for column in columns {
        // No user type; may be NULL; no name.
        out.extend([0, 0, 0, 0, 1, 0]);
        out.extend(&column.ty);
        out.push(0);
    }
    let count = columns[0].values.len();
    for row in 0..count {
        out.push(0xD1);
        columns.iter().for_each(|column| out.extend(&column.values[row]));
    }
    out.extend(done(COUNT, u64::try_from(count).unwrap()));
    Answer::Tokens(out)
}
