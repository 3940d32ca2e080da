//! A role's rights in words, for people.

use policy::document::{DatabaseGrants, Role};

/// One line for each right, in the order of the document.
pub(crate) fn in_words(role: &Role) -> Vec<String> {
    let mut lines = Vec::new();
    if role.everything {
        lines.push("everything that no rule denies".to_owned());
    }
    for (section, rules) in role.sections() {
        lines.extend(rules.iter().map(|rule| format!("{section}: {rule}")));
    }
    for (server, asks) in &role.asks {
        let pages = asks.elicitation.hosts.iter().map(|host| format!("a page on {host}"));
        let fixed = [(asks.sampling, "sampling"), (asks.roots, "roots"), (asks.elicitation.form, "a form")];
        let fixed = fixed.into_iter().filter(|(granted, _)| *granted).map(|(_, what)| what.to_owned());
        let asked: Vec<_> = fixed.chain(pages).collect();
        lines.push(format!(
            "asks: {server}: {}",
            if asked.is_empty() { "nothing".to_owned() } else { asked.join(", ") }
        ));
    }
    for (database, grants) in &role.databases {
        describe(database, grants, &mut lines);
    }
    lines
}

fn describe(database: &str, grants: &DatabaseGrants, lines: &mut Vec<String>) {
    for (table, verbs) in &grants.tables {
        let verbs: Vec<_> = verbs.iter().map(|verb| verb.name()).collect();
        lines.push(format!("{database}.{table}: {}", verbs.join(", ")));
    }
    for (table, columns) in &grants.columns {
        lines.push(format!("{database}.{table}: only columns {}", columns.join(", ")));
    }
    for (table, columns) in &grants.deny_columns {
        lines.push(format!("{database}.{table}: no columns {}", columns.join(", ")));
    }
    if let Some(rows) = grants.max_rows {
        lines.push(format!("{database}: at most {rows} rows an answer"));
    }
    if grants.raw_sql {
        lines.push(format!("{database}: SQL text"));
    }
    if grants.ddl {
        lines.push(format!("{database}: changes of the schema"));
    }
}
