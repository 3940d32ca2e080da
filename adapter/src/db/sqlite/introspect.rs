//! Reads what a SQLite file holds. Virtual tables are left out: reading them runs code of extensions.

use rusqlite::{Connection, OptionalExtension as _, Row};
use sql::{Catalogue, Column, Dialect, ForeignKey, Kind, Table};

/// The tables and views of the main database.
pub(super) fn catalogue(connection: &Connection) -> rusqlite::Result<Catalogue> {
    let mut relations = connection.prepare(
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'view') \
         AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )?;
    let relations = relations
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut tables = Vec::with_capacity(relations.len());
    for (name, kind) in relations {
        let kind = if kind == "view" { Kind::View } else { Kind::Table };
        match table(connection, name, kind) {
            Ok(table) => tables.push(table),
            // A view over a table that was dropped cannot be read; the rest of the database can.
            Err(_) if kind == Kind::View => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Catalogue { dialect: Dialect::Sqlite, home: "main".to_owned(), tables })
}

/// The names of the triggers.
pub(super) fn triggers(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut triggers = connection.prepare_cached("SELECT name FROM sqlite_schema WHERE type = 'trigger'")?;
    triggers.query_map([], |row| row.get(0))?.collect()
}

fn table(connection: &Connection, name: String, kind: Kind) -> rusqlite::Result<Table> {
    let mut columns = connection.prepare_cached(
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) WHERE hidden <> 1 ORDER BY cid",
    )?;
    let columns = columns.query_map([&name], column)?.collect::<rusqlite::Result<Vec<_>>>()?;
    let foreign_keys = foreign_keys(connection, &name)?;
    Ok(Table { schema: None, name, kind, columns, foreign_keys, comment: None })
}

fn column(row: &Row<'_>) -> rusqlite::Result<Column> {
    let type_name: String = row.get(1)?;
    let primary_key = row.get::<_, i64>(3)? > 0;
    Ok(Column {
        name: row.get(0)?,
        ty: Dialect::Sqlite.column_type(&type_name),
        type_name,
        nullable: row.get::<_, i64>(2)? == 0 && !primary_key,
        primary_key,
        comment: None,
    })
}

/// One row per column of a key; rows of one key share an id and come in order.
fn foreign_keys(connection: &Connection, table: &str) -> rusqlite::Result<Vec<ForeignKey>> {
    let mut rows = connection.prepare_cached(
        "SELECT id, \"table\", \"from\", \"to\", seq FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
    )?;
    let mut rows = rows.query([table])?;
    let mut keys: Vec<(i64, ForeignKey)> = Vec::new();
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let target: String = row.get(1)?;
        let from: String = row.get(2)?;
        let to = match row.get::<_, Option<String>>(3)? {
            Some(to) => to,
            // `REFERENCES t` without columns means the primary key of t.
            None => primary_key_column(connection, &target, row.get(4)?)?.unwrap_or_default(),
        };
        match keys.last_mut() {
            Some((last, key)) if *last == id => {
                key.columns.push(from);
                key.references.push(to);
            }
            _ => keys.push((
                id,
                ForeignKey { columns: vec![from], schema: None, table: target, references: vec![to] },
            )),
        }
    }
    Ok(keys.into_iter().map(|(_, key)| key).collect())
}

fn primary_key_column(
    connection: &Connection,
    table: &str,
    position: i64,
) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached("SELECT name FROM pragma_table_info(?1) WHERE pk = ?2")?
        .query_row((table, position + 1), |row| row.get(0))
        .optional()
}
