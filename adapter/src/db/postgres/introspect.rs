//! Reads what a PostgreSQL database holds, as far as the adapter's login may read it.
//!
//! Partitions are left out (their table is there), and so is what belongs to the engine.

use std::collections::HashMap;

use deadpool_postgres::Object;
use sql::{Catalogue, Column, Dialect, ForeignKey, Kind, Table};
use tokio_postgres::{Error, Row};

/// One row per column, ordered so that the columns of a table follow each other.
const COLUMNS: &str = "\
SELECT n.nspname::text, c.relname::text, c.relkind::text, pg_catalog.obj_description(c.oid, 'pg_class'),
       a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_catalog.col_description(c.oid, a.attnum),
       EXISTS (SELECT 1 FROM pg_catalog.pg_index i
               WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)),
       CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, NULL)
            ELSE pg_catalog.format_type(a.atttypid, NULL) END
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT')
ORDER BY n.nspname, c.relname, a.attnum";

/// One row per column of a foreign key, in the key's order.
const FOREIGN_KEYS: &str = "\
SELECT n.nspname::text, c.relname::text, k.conname::text, fn.nspname::text, fc.relname::text,
       a.attname::text, fa.attname::text
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class fc ON fc.oid = k.confrelid
JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace
CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey))
  WITH ORDINALITY AS u (own, other, position)
JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.own
JOIN pg_catalog.pg_attribute fa ON fa.attrelid = k.confrelid AND fa.attnum = u.other
WHERE k.contype = 'f' AND NOT c.relispartition
ORDER BY n.nspname, c.relname, k.conname, u.position";

/// Schema and name.
type Key = (String, String);

/// The tables and views of all schemas.
pub(super) async fn catalogue(client: &Object) -> Result<Catalogue, Error> {
    let (columns, keys) =
        futures::try_join!(client.query_typed(COLUMNS, &[]), client.query_typed(FOREIGN_KEYS, &[]))?;
    let mut foreign_keys = foreign_keys(&keys)?;
    let mut tables: Vec<Table> = Vec::new();
    for row in &columns {
        let (schema, name): Key = (row.try_get(0)?, row.try_get(1)?);
        let column = column(row)?;
        match tables.last_mut() {
            Some(table) if table.schema.as_ref() == Some(&schema) && table.name == name => {
                table.columns.push(column)
            }
            _ => {
                let kind = match row.try_get::<_, &str>(2)? {
                    "v" | "m" => Kind::View,
                    _ => Kind::Table,
                };
                let key = (schema, name);
                let foreign_keys = foreign_keys.remove(&key).unwrap_or_default();
                let comment = row.try_get(3)?;
                tables.push(Table {
                    schema: Some(key.0),
                    name: key.1,
                    kind,
                    columns: vec![column],
                    foreign_keys,
                    comment,
                });
            }
        }
    }
    Ok(Catalogue { dialect: Dialect::Postgres, home: "public".to_owned(), tables })
}

fn column(row: &Row) -> Result<Column, Error> {
    let base: &str = row.try_get(9)?;
    Ok(Column {
        name: row.try_get(4)?,
        // A domain behaves as its base type; its own name is what people declared.
        ty: Dialect::Postgres.column_type(base),
        type_name: row.try_get(5)?,
        nullable: !row.try_get::<_, bool>(6)?,
        primary_key: row.try_get(8)?,
        comment: row.try_get(7)?,
    })
}

fn foreign_keys(rows: &[Row]) -> Result<HashMap<Key, Vec<ForeignKey>>, Error> {
    let mut all: HashMap<Key, Vec<ForeignKey>> = HashMap::new();
    let mut last: Option<(Key, String)> = None;
    for row in rows {
        let table: Key = (row.try_get(0)?, row.try_get(1)?);
        let constraint: String = row.try_get(2)?;
        let here = Some((table.clone(), constraint));
        let keys = all.entry(table).or_default();
        if here != last {
            keys.push(ForeignKey {
                columns: Vec::new(),
                schema: Some(row.try_get(3)?),
                table: row.try_get(4)?,
                references: Vec::new(),
            });
            last = here;
        }
        if let Some(key) = keys.last_mut() {
            key.columns.push(row.try_get(5)?);
            key.references.push(row.try_get(6)?);
        }
    }
    Ok(all)
}
