//! `ids=1,2`: rows by their primary key, as a condition of the one grammar there is.

use sql::{Column, ScopedTable, Type};

/// The condition that rows of a table meet which have one of the ids, and the filter as well.
///
/// # Errors
/// The table has no primary key of one column, as far as the caller sees, or an id does not fit it.
pub(super) fn condition(table: &ScopedTable, ids: &[String], filter: Option<&str>) -> Result<String, String> {
    let mut keys = table.columns.iter().filter(|column| column.primary_key);
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(format!("`{}` has no primary key of one column here; use `filter`", table.label));
    };
    if ids.is_empty() {
        return Err("`ids` names no row".to_owned());
    }
    let values = ids.iter().map(|id| literal(key, id)).collect::<Result<Vec<_>, _>>()?;
    let chosen = format!("{} IN ({})", quoted(&key.name), values.join(", "));
    match filter {
        None => Ok(chosen),
        // Read alone first: then no parenthesis of it can end ours.
        Some(filter) => match sql::parse_filter(filter) {
            Ok(_) => Ok(format!("({filter}) AND {chosen}")),
            Err(error) => Err(format!("filter: {error}")),
        },
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(key: &Column, id: &str) -> Result<String, String> {
    match key.ty {
        Type::Decimal | Type::Integer | Type::Real => {
            let digits = id.strip_prefix('-').unwrap_or(id);
            let is_number = !digits.is_empty()
                && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
                && digits.bytes().filter(|byte| *byte == b'.').count() <= 1
                && digits.starts_with(|first: char| first.is_ascii_digit())
                && digits.ends_with(|last: char| last.is_ascii_digit());
            if is_number { Ok(id.to_owned()) } else { Err(format!("ids: `{}` holds numbers", key.name)) }
        }
        _ => Ok(format!("'{}'", id.replace('\'', "''"))),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sql::{Catalogue, Columns, Dialect, Kind, Operation, Rights, Scope, Table, TableRights};

    use super::*;

    #[track_caller]
    fn check(ty: Type, ids: &[&str], filter: Option<&str>, expected: Result<&str, &str>) {
        let key = Column {
            name: "id".into(),
            type_name: String::new(),
            ty,
            nullable: false,
            primary_key: true,
            comment: None,
        };
        let table = Table {
            schema: None,
            name: "orders".into(),
            kind: Kind::Table,
            columns: vec![key],
            foreign_keys: Vec::new(),
            comment: None,
        };
        let catalogue = Catalogue { dialect: Dialect::Sqlite, home: "main".into(), tables: vec![table] };
        let all = TableRights {
            operations: BTreeSet::from([Operation::Read]),
            columns: Columns::All,
            ..TableRights::default()
        };
        let rights = Rights { tables: [("*".to_owned(), all)].into(), ..Rights::default() };
        let scope = Scope::new(&catalogue, &rights);
        let ids: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        let condition = condition(scope.table("orders").unwrap(), &ids, filter);
        match expected {
            Ok(expected) => assert_eq!(condition.unwrap(), expected),
            Err(expected) => assert!(condition.as_ref().unwrap_err().contains(expected), "{condition:?}"),
        }
    }

    #[test]
    fn ids_and_filter_both_hold() {
        check(Type::Integer, &["1", "-2"], None, Ok(r#""id" IN (1, -2)"#));
        check(Type::Integer, &["1"], Some("a = 1 OR b = 2"), Ok(r#"(a = 1 OR b = 2) AND "id" IN (1)"#));
    }

    #[test]
    fn an_id_is_a_value_and_nothing_else() {
        check(Type::Text, &["a') OR ('a' = 'a"], None, Ok(r#""id" IN ('a'') OR (''a'' = ''a')"#));
        check(Type::Integer, &["1) OR (1 = 1"], None, Err("holds numbers"));
        check(Type::Integer, &["."], None, Err("holds numbers"));
    }

    #[test]
    fn a_filter_cannot_step_out_of_its_parentheses() {
        check(Type::Integer, &["1"], Some("a = 1) OR (b = 2"), Err("filter: "));
    }
}
