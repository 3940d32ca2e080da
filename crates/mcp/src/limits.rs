//! How much one JSON document may ask of the process that reads it.
//!
//! The limits are checked while the bytes are scanned, so that a hostile document costs no more
//! than the part of it that is within them.

/// Bounds on one JSON document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Length of the document in bytes.
    pub bytes: usize,
    /// Arrays and objects open at the same time.
    pub depth: usize,
    /// Values in the whole document, containers included.
    pub members: usize,
}

impl Default for Limits {
    /// 4 MiB is the body limit of the MCP SDKs; deeper or wider documents than these have not been seen.
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024, depth: 64, members: 100_000 }
    }
}
