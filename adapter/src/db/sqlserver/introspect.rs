//! Reads what a SQL Server database holds, as far as the adapter's login may read it. What people call a comment is here the
//! extended property `MS_Description`.

use std::collections::HashMap;

use sql::{Catalogue, Column, Dialect, ForeignKey, Kind, Table, Type};

use super::super::DatabaseError;
use super::connection::Session;
use super::execute::texts;

/// One row per column, ordered so that the columns of a table follow each other. All fields are text.
const COLUMNS: &str = "\
SELECT s.name, o.name, RTRIM(o.type), CAST(td.value AS nvarchar(4000)), c.name,
       COALESCE(bt.name, t.name),
       COALESCE(bt.name, t.name) + CASE
         WHEN COALESCE(bt.name, t.name) IN ('nvarchar', 'nchar') AND c.max_length > 0
           THEN '(' + CAST(c.max_length / 2 AS nvarchar(10)) + ')'
         WHEN COALESCE(bt.name, t.name) IN ('varchar', 'char', 'varbinary', 'binary') AND c.max_length > 0
           THEN '(' + CAST(c.max_length AS nvarchar(10)) + ')'
         WHEN COALESCE(bt.name, t.name) IN ('varchar', 'nvarchar', 'varbinary') THEN '(max)'
         WHEN COALESCE(bt.name, t.name) IN ('decimal', 'numeric')
           THEN '(' + CAST(c.precision AS nvarchar(10)) + ',' + CAST(c.scale AS nvarchar(10)) + ')'
         ELSE '' END,
       CAST(c.is_nullable AS nvarchar(1)), CAST(cd.value AS nvarchar(4000)),
       CASE WHEN EXISTS (SELECT 1 FROM sys.index_columns AS ic JOIN sys.indexes AS i
              ON i.object_id = ic.object_id AND i.index_id = ic.index_id AND i.is_primary_key = 1
            WHERE ic.object_id = c.object_id AND ic.column_id = c.column_id) THEN N'1' ELSE N'0' END,
       CASE WHEN EXISTS (SELECT 1 FROM sys.check_constraints AS k
            WHERE k.parent_object_id = c.object_id
              AND k.definition IN ('(isjson(' + QUOTENAME(c.name) + ')=(1))', '(isjson(' + QUOTENAME(c.name) + ')>(0))'))
            THEN N'1' ELSE N'0' END
FROM sys.objects AS o
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
JOIN sys.columns AS c ON c.object_id = o.object_id
JOIN sys.types AS t ON t.user_type_id = c.user_type_id
LEFT JOIN sys.types AS bt ON bt.user_type_id = c.system_type_id AND bt.user_type_id = bt.system_type_id
LEFT JOIN sys.extended_properties AS td
  ON td.class = 1 AND td.major_id = o.object_id AND td.minor_id = 0 AND td.name = N'MS_Description'
LEFT JOIN sys.extended_properties AS cd
  ON cd.class = 1 AND cd.major_id = o.object_id AND cd.minor_id = c.column_id AND cd.name = N'MS_Description'
WHERE o.type IN ('U', 'V') AND o.is_ms_shipped = 0
  AND HAS_PERMS_BY_NAME(QUOTENAME(s.name) + N'.' + QUOTENAME(o.name), N'OBJECT', N'SELECT', c.name, N'COLUMN') = 1
ORDER BY s.name, o.name, c.column_id";

/// One row per column of a foreign key, in the key's order.
const FOREIGN_KEYS: &str = "\
SELECT s.name, o.name, k.name, rs.name, r.name, c.name, rc.name
FROM sys.foreign_keys AS k
JOIN sys.objects AS o ON o.object_id = k.parent_object_id
JOIN sys.schemas AS s ON s.schema_id = o.schema_id
JOIN sys.objects AS r ON r.object_id = k.referenced_object_id
JOIN sys.schemas AS rs ON rs.schema_id = r.schema_id
JOIN sys.foreign_key_columns AS kc ON kc.constraint_object_id = k.object_id
JOIN sys.columns AS c ON c.object_id = kc.parent_object_id AND c.column_id = kc.parent_column_id
JOIN sys.columns AS rc ON rc.object_id = kc.referenced_object_id AND rc.column_id = kc.referenced_column_id
ORDER BY s.name, o.name, k.name, kc.constraint_column_id";

/// Schema and name.
type Key = (String, String);

/// The tables and views of all schemas.
pub(super) async fn catalogue(session: &mut Session) -> Result<Catalogue, DatabaseError> {
    let columns = texts(session, COLUMNS).await?;
    let mut foreign_keys = foreign_keys(texts(session, FOREIGN_KEYS).await?);
    let mut tables: Vec<Table> = Vec::new();
    for row in columns {
        let Ok([schema, name, kind, comment, fields @ ..]) = <[Option<String>; 11]>::try_from(row) else {
            return Err(DatabaseError::Changed);
        };
        let (Some(schema), Some(name), Some(column)) = (schema, name, column(fields)) else {
            return Err(DatabaseError::Changed);
        };
        match tables.last_mut() {
            Some(table) if table.schema.as_ref() == Some(&schema) && table.name == name => {
                table.columns.push(column)
            }
            _ => {
                let key = (schema, name);
                let foreign_keys = foreign_keys.remove(&key).unwrap_or_default();
                tables.push(Table {
                    schema: Some(key.0),
                    name: key.1,
                    kind: if kind.as_deref() == Some("V") { Kind::View } else { Kind::Table },
                    columns: vec![column],
                    foreign_keys,
                    comment,
                });
            }
        }
    }
    Ok(Catalogue { dialect: Dialect::SqlServer, home: "dbo".to_owned(), tables })
}

fn column([name, base, declared, nullable, comment, key, document]: [Option<String>; 7]) -> Option<Column> {
    let is_document = document.as_deref() == Some("1");
    Some(Column {
        name: name?,
        // A type of its own name behaves as the one it is made of.
        ty: if is_document { Type::Json } else { Dialect::SqlServer.column_type(&base?) },
        type_name: declared?,
        nullable: nullable.as_deref() == Some("1"),
        primary_key: key.as_deref() == Some("1"),
        comment,
    })
}

fn foreign_keys(rows: Vec<Vec<Option<String>>>) -> HashMap<Key, Vec<ForeignKey>> {
    let mut all: HashMap<Key, Vec<ForeignKey>> = HashMap::new();
    let mut last: Option<(Key, String)> = None;
    for row in rows {
        let fields: Option<Vec<String>> = row.into_iter().collect();
        let Some(Ok([schema, table, constraint, other_schema, other_table, column, other_column])) =
            fields.map(<[String; 7]>::try_from)
        else {
            continue;
        };
        let table: Key = (schema, table);
        let here = Some((table.clone(), constraint));
        let keys = all.entry(table).or_default();
        if here != last {
            keys.push(ForeignKey {
                columns: Vec::new(),
                schema: Some(other_schema),
                table: other_table,
                references: Vec::new(),
            });
            last = here;
        }
        if let Some(key) = keys.last_mut() {
            key.columns.push(column);
            key.references.push(other_column);
        }
    }
    all
}
