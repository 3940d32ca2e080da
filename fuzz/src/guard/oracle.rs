//! PostgreSQL's own grammar as a second opinion on what is printed: one statement, of the kind that was said, that takes rows
//! from no table but those that were said, and calls nothing but functions of the system's own schema.

use pg_query::{Error, NodeRef, ParseResult, ParserOptions};
use sql::{Checked, Effect};

/// What it objects to, in the statement or in what runs before it.
pub(crate) fn objection(checked: &Checked) -> Option<String> {
    let (kinds, guards): (&[&str], &[sql::Guard]) = match checked.effect() {
        Effect::Ddl => return None,
        Effect::Read => (&["SelectStmt"], &[]),
        Effect::Write(write) => (&["InsertStmt", "UpdateStmt", "DeleteStmt"], &write.guards),
    };
    let of_guard = |guard: &sql::Guard| of(&guard.sql, &["SelectStmt"], checked.tables());
    of(checked.sql(), kinds, checked.tables()).or_else(|| guards.iter().find_map(of_guard))
}

fn of(sql: &str, kinds: &[&str], said: &[String]) -> Option<String> {
    let objection = match pg_query::parse(sql, ParserOptions::DEFAULT) {
        Ok(parsed) => in_tree(&parsed, kinds, said),
        // Its tree is handed over in a form that takes a hundred levels: no opinion.
        Err(Error::Decode(_)) => None,
        Err(error) => Some(format!("PostgreSQL does not read it ({error})")),
    };
    objection.map(|objection| format!("{objection}: {sql}"))
}

fn in_tree(parsed: &ParseResult, kinds: &[&str], said: &[String]) -> Option<String> {
    let [kind] = parsed.statement_types()[..] else {
        return Some(format!("not one statement but {:?}", parsed.statement_types()));
    };
    if !kinds.contains(&kind) {
        return Some(format!("{kind} where it was to be one of {kinds:?}"));
    }
    let changes = |node: &NodeRef<'_>| match node {
        NodeRef::InsertStmt(_) | NodeRef::UpdateStmt(_) | NodeRef::DeleteStmt(_) | NodeRef::MergeStmt(_) => {
            true
        }
        NodeRef::SelectStmt(select) => select.into_clause.is_some() || !select.locking_clause.is_empty(),
        _ => false,
    };
    let nodes = parsed.protobuf.nodes();
    // The statement's own node is the first; a change within it is not its own.
    let changing = nodes.iter().filter(|(node, ..)| changes(node)).count();
    if changing > usize::from(kind != "SelectStmt") {
        return Some("a change or a lock that was not said".to_owned());
    }
    // Tables have their schema, and what has none is a name of a WITH.
    let is_said = |table: &String| match table.strip_prefix("public.") {
        Some(name) => said.iter().any(|label| label == name),
        None => parsed.cte_names.contains(table),
    };
    if let Some(table) = parsed.tables().into_iter().find(|table| !is_said(table)) {
        return Some(format!("it touches `{table}`, which was not said"));
    }
    let stranger = parsed.functions().into_iter().find(|name| !name.starts_with("pg_catalog."));
    stranger.map(|name| format!("it calls `{name}`, found along a path that others may write to"))
}
