//! The database boundary: the adapter alone (`trigate serve`, `trigate mcp`) before real SQLite and PostgreSQL.
//!
//! What differs between engines must not differ for an agent: each question is put to both, and the answers compared.

mod attacks;
mod direct;
mod parity;
mod shop;
mod stdio;
mod useful;
