//! Reads what a MySQL database holds, as far as the adapter's login may read it: the database of the URL and no other.

use std::collections::{HashMap, HashSet};

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, Row};
use sql::{Catalogue, Column, Dialect, ForeignKey, Kind, Table, Type};

use super::connection::Session;
use super::quoted;
use super::settings::Server;

const TABLES: &str = "\
SELECT TABLE_NAME, TABLE_TYPE, TABLE_COMMENT, COALESCE(ENGINE, '')
FROM information_schema.TABLES
WHERE TABLE_SCHEMA = ? AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')";

/// Ordered so that the columns of a table follow each other.
const COLUMNS: &str = "\
SELECT TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_KEY, COLUMN_COMMENT
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = ? AND FIND_IN_SET('select', PRIVILEGES) > 0
ORDER BY TABLE_NAME, ORDINAL_POSITION";

/// One row per column of a foreign key, in the key's order.
const FOREIGN_KEYS: &str = "\
SELECT TABLE_NAME, CONSTRAINT_NAME, COLUMN_NAME, REFERENCED_TABLE_SCHEMA, REFERENCED_TABLE_NAME,
       REFERENCED_COLUMN_NAME
FROM information_schema.KEY_COLUMN_USAGE
WHERE TABLE_SCHEMA = ? AND REFERENCED_TABLE_NAME IS NOT NULL
ORDER BY TABLE_NAME, CONSTRAINT_NAME, ORDINAL_POSITION";

/// What may be a JSON column of MariaDB: text of this kind with a check on it, which only the table's text shows to a login
/// that may do no more than read.
const MAYBE_DOCUMENTS: &str = "\
SELECT TABLE_NAME, COLUMN_NAME
FROM information_schema.COLUMNS
WHERE TABLE_SCHEMA = ? AND DATA_TYPE = 'longtext' AND COLLATION_NAME = 'utf8mb4_bin'
ORDER BY TABLE_NAME";

const ENGINES: &str = "SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES'";

/// What was found.
pub(super) struct Found {
    pub(super) catalogue: Catalogue,
    /// Tables whose engine cannot take a change back.
    pub(super) permanent: HashSet<String>,
}

/// What [`TABLES`] says of one.
struct Facts {
    kind: Kind,
    comment: Option<String>,
}

/// The tables and views of the database.
pub(super) async fn catalogue(session: &mut Session, database: &str) -> Result<Found, Error> {
    let documents = match session.server {
        Server::MariaDb => documents(&mut session.conn, database).await?,
        Server::MySql => HashSet::new(),
    };
    let conn = &mut session.conn;
    let transactional: HashSet<String> = conn.query(ENGINES).await?.into_iter().collect();
    let tables: Vec<(String, String, String, String)> = conn.exec(TABLES, (database,)).await?;
    let columns: Vec<Row> = conn.exec(COLUMNS, (database,)).await?;
    let mut foreign_keys = foreign_keys(conn.exec(FOREIGN_KEYS, (database,)).await?, database);
    let mut permanent = HashSet::new();
    let mut facts = HashMap::new();
    for (name, kind, comment, engine) in tables {
        let kind = if kind == "VIEW" { Kind::View } else { Kind::Table };
        if kind == Kind::Table && !transactional.contains(&engine) {
            permanent.insert(name.clone());
        }
        // Of a view the server says there that it is one, or that it is broken.
        let comment = said(comment).filter(|_| kind == Kind::Table);
        facts.insert(name, Facts { kind, comment });
    }
    let mut found: Vec<Table> = Vec::new();
    for row in columns {
        let Some((name, column)) = column(row, &documents) else { continue };
        match found.last_mut() {
            Some(table) if table.name == name => table.columns.push(column),
            _ => {
                let Some(facts) = facts.remove(&name) else { continue };
                found.push(Table {
                    schema: Some(database.to_owned()),
                    kind: facts.kind,
                    columns: vec![column],
                    foreign_keys: foreign_keys.remove(&name).unwrap_or_default(),
                    comment: facts.comment,
                    name,
                });
            }
        }
    }
    let catalogue = Catalogue { dialect: Dialect::MySql, home: database.to_owned(), tables: found };
    Ok(Found { catalogue, permanent })
}

/// The JSON columns of MariaDB, as table and column. Where the login may read some columns of a table only, its text is not
/// shown, and JSON is the text it is stored as.
async fn documents(conn: &mut Conn, database: &str) -> Result<HashSet<(String, String)>, Error> {
    let maybe: Vec<(String, String)> = conn.exec(MAYBE_DOCUMENTS, (database,)).await?;
    let mut documents = HashSet::new();
    let mut last: Option<(String, String)> = None;
    for (table, column) in maybe {
        let shown = match &last {
            Some((name, shown)) if *name == table => shown.clone(),
            _ => {
                let query = format!("SHOW CREATE TABLE {}.{}", quoted(database), quoted(&table));
                match conn.query_first::<(String, String), _>(query).await {
                    Ok(row) => row.map(|(_, shown)| shown).unwrap_or_default(),
                    Err(Error::Server(_)) => String::new(),
                    Err(error) => return Err(error),
                }
            }
        };
        if shown.contains(&format!("CHECK (json_valid({}))", quoted(&column))) {
            documents.insert((table.clone(), column));
        }
        last = Some((table, shown));
    }
    Ok(documents)
}

/// The table and the column that a row of [`COLUMNS`] is about.
fn column(mut row: Row, documents: &HashSet<(String, String)>) -> Option<(String, Column)> {
    let mut text = |index: usize| row.take_opt::<String, _>(index)?.ok();
    let (table, name, type_name) = (text(0)?, text(1)?, text(2)?);
    let is_document = documents.contains(&(table.clone(), name.clone()));
    let column = Column {
        ty: if is_document { Type::Json } else { Dialect::MySql.column_type(&type_name) },
        type_name: if is_document { "json".to_owned() } else { type_name },
        nullable: text(3)? == "YES",
        primary_key: text(4)? == "PRI",
        comment: text(5).and_then(said),
        name,
    };
    Some((table, column))
}

type KeyColumn = (String, String, String, String, String, String);

fn foreign_keys(rows: Vec<KeyColumn>, database: &str) -> HashMap<String, Vec<ForeignKey>> {
    let mut all: HashMap<String, Vec<ForeignKey>> = HashMap::new();
    let mut last = None;
    for (table, constraint, column, other_schema, other_table, other_column) in rows {
        let here = Some((table.clone(), constraint));
        let keys = all.entry(table).or_default();
        if here != last {
            keys.push(ForeignKey {
                columns: Vec::new(),
                // Where names ignore case, the server may spell the database otherwise than the URL does.
                schema: Some(match other_schema.eq_ignore_ascii_case(database) {
                    true => database.to_owned(),
                    false => other_schema,
                }),
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

fn said(comment: String) -> Option<String> {
    Some(comment).filter(|comment| !comment.is_empty())
}
