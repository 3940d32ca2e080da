//! PostgreSQL's own grammar as a second opinion on what is printed: one statement, of the kind that was said, that reads
//! no table but those that were said.

use sql::{Checked, Effect};

/// What it objects to.
pub(crate) fn objection(checked: &Checked) -> Option<String> {
    let parsed = match pg_query::parse(checked.sql()) {
        Ok(parsed) => parsed,
        Err(error) => return Some(format!("PostgreSQL does not read it ({error}): {}", checked.sql())),
    };
    if parsed.protobuf.stmts.len() != 1 {
        return Some(format!("{} statements: {}", parsed.protobuf.stmts.len(), checked.sql()));
    }
    let kinds = parsed.statement_types();
    let reads = matches!(checked.effect(), Effect::Read);
    if reads && kinds != ["SelectStmt"] {
        return Some(format!("{kinds:?} where only reading was said: {}", checked.sql()));
    }
    let said = checked.tables();
    let stranger = parsed.tables().into_iter().find(|table| {
        let name = table.rsplit('.').next().unwrap_or(table);
        // The names of its own WITH are no tables.
        !said.iter().any(|label| label == name) && !parsed.cte_names.iter().any(|cte| cte == name)
    });
    stranger.map(|table| format!("it reads `{table}`, which was not said: {}", checked.sql()))
}
