//! Structured query or SQL text to checked, rewritten, printed statement.
