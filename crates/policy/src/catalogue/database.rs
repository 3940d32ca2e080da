//! The tools that are made of a database where each is for all tables, with the arguments each takes.
//!
//! The adapter reads the arguments, and a test there holds the two together. Here they serve to find misspelt names in
//! conditions before the first call does.

const TOOLS: [(&str, &[&str]); 9] = [
    ("aggregate", &["database", "table", "fields", "filter", "group", "having", "order", "limit", "offset"]),
    ("delete", &["database", "table", "filter", "returning", "dry_run"]),
    ("describe_table", &["database", "table"]),
    ("insert", &["database", "table", "rows", "on_conflict", "returning", "dry_run"]),
    ("list_databases", &[]),
    ("list_tables", &["database", "search", "limit", "cursor"]),
    ("query", &["database", "table", "fields", "filter", "order", "limit", "offset", "cursor"]),
    ("run_sql", &["database", "sql", "params", "dry_run"]),
    ("update", &["database", "table", "filter", "set", "returning", "dry_run"]),
];

/// The arguments a tool takes; none where there is no such tool.
#[must_use]
pub fn arguments(tool: &str) -> Option<&'static [&'static str]> {
    TOOLS.iter().find(|(name, _)| *name == tool).map(|(_, arguments)| *arguments)
}
