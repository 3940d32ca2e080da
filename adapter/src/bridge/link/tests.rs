//! Sharing one process.
