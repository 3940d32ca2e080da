//! The same question asked of the database itself, without Trigate: as it is, or over views that say in the database's own
//! words what the agent's role may see.

use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use serde_json::{Value, json};

use crate::shop::Direct;

/// Tables of which the agent sees all.
const WHOLE: [&str; 8] =
    ["categories", "products", "order_items", "payments", "employees", "events", "stock", "order_totals"];
/// What it sees of the others, with a name for the schema they are in. A hashed column is left out: its key is a secret.
const CUSTOMERS: &str = "SELECT id, name, CASE WHEN length(phone) > 4 THEN LAST4 WHEN phone IS NULL THEN NULL ELSE '****' END \
    AS phone, region, city, birth_date, created_at, active, referrer_id FROM REAL.customers";
const ORDERS: &str = "SELECT * FROM REAL.orders WHERE region = 'EU'";

/// Whose eyes a question is asked through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Eyes {
    Agent,
    Analyst,
}

impl Direct {
    /// Makes what the agent sees.
    pub(crate) fn prepare(&self) -> Result<()> {
        match self {
            Direct::MariaDb(server) => {
                server.run("CREATE DATABASE agent")?;
                for (name, query) in views("shop", "CONCAT('****', RIGHT(phone, 4))") {
                    // Copies: MariaDB cannot answer every question about a view (a window over a correlated sub-query).
                    server.run(&format!("CREATE TABLE agent.{name} AS {query}"))?;
                }
            }
            Direct::Postgres(cluster) => {
                cluster.run("CREATE SCHEMA agent")?;
                for (name, query) in views("public", "'****' || right(phone, 4)") {
                    cluster.run(&format!("CREATE VIEW agent.{name} AS {query}"))?;
                }
            }
            // SQLite's are temporary, made for each question.
            Direct::Sqlite(_) => {}
        }
        Ok(())
    }

    /// The rows as lists of values, or nothing where the database refuses the question.
    pub(crate) fn rows(&self, sql: &str, eyes: Eyes) -> Result<Option<Vec<Vec<Value>>>> {
        match self {
            Direct::MariaDb(server) => {
                let database = if eyes == Eyes::Agent { "agent" } else { "shop" };
                let Ok(printed) = server.run(&format!("USE {database}; SET time_zone = '+00:00'; {sql}"))
                else {
                    return Ok(None);
                };
                let lines = printed.lines().filter(|line| !line.is_empty());
                Ok(Some(
                    lines.map(|line| line.split('\t').map(|cell| json!(unescaped(cell))).collect()).collect(),
                ))
            }
            Direct::Postgres(cluster) => {
                let schema = if eyes == Eyes::Agent { "agent" } else { "public" };
                let asked = format!(
                    "SET search_path = {schema}; SET TimeZone = 'UTC'; SET IntervalStyle = 'iso_8601'; \
                     SELECT coalesce(json_agg(to_json(q)), '[]') FROM ({sql}) AS q"
                );
                let Ok(printed) = cluster.run(&asked) else { return Ok(None) };
                // Columns of one name would meet in one member: their number is not compared, see `values`.
                let rows: Vec<Value> = serde_json::from_str(&printed).with_context(|| printed.clone())?;
                Ok(Some(rows.iter().map(values).collect()))
            }
            Direct::Sqlite(path) => {
                let connection = rusqlite::Connection::open(path)?;
                if eyes == Eyes::Agent {
                    // A temporary view goes before a table of the same name, unless the schema is said.
                    for (name, query) in views("main", "'****' || substr(phone, -4)") {
                        connection.execute_batch(&format!("CREATE TEMP VIEW {name} AS {query}"))?;
                    }
                }
                Ok(sqlite(&connection, sql).ok())
            }
        }
    }
}

fn views(schema: &str, last4: &str) -> Vec<(&'static str, String)> {
    let whole = WHOLE.iter().map(|table| (*table, format!("SELECT * FROM {schema}.{table}")));
    let cut = [("customers", CUSTOMERS), ("orders", ORDERS)]
        .map(|(table, query)| (table, query.replace("REAL", schema).replace("LAST4", last4)));
    whole.chain(cut).collect()
}

fn sqlite(connection: &rusqlite::Connection, sql: &str) -> rusqlite::Result<Vec<Vec<Value>>> {
    let mut prepared = connection.prepare(sql)?;
    let width = prepared.column_count();
    let mut found = prepared.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let cell = |index| {
            Ok(match row.get_ref(index)? {
                ValueRef::Null => Value::Null,
                ValueRef::Integer(value) => json!(value),
                ValueRef::Real(value) => json!(value),
                ValueRef::Text(value) => json!(String::from_utf8_lossy(value)),
                ValueRef::Blob(value) => json!(value),
            })
        };
        rows.push((0..width).map(cell).collect::<rusqlite::Result<_>>()?);
    }
    Ok(rows)
}

/// The values of a row that is an object.
pub(crate) fn values(row: &Value) -> Vec<Value> {
    row.as_object().map(|row| row.values().cloned().collect()).unwrap_or_default()
}

/// `mariadb --batch` writes these four with a backslash.
fn unescaped(cell: &str) -> String {
    cell.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\")
}

/// Rows in a form in which different spellings of one value are one: the order of columns, `1.50` and `1.5`, `true` and 1,
/// the zone of a moment in UTC.
pub(crate) fn canonical(rows: &[Vec<Value>]) -> Vec<Vec<String>> {
    let row = |row: &Vec<Value>| {
        let mut cells: Vec<String> = row.iter().map(cell).collect();
        cells.sort();
        // PostgreSQL's rows come as objects, in which columns of one name are one.
        cells.dedup();
        cells
    };
    rows.iter().map(row).collect()
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => number_text(f64::from(u8::from(*value))),
        Value::Number(number) => number.as_f64().map_or(number.to_string(), number_text),
        Value::String(text) => match (text.parse::<f64>(), serde_json::from_str::<Value>(text)) {
            (Ok(number), _) if number.is_finite() => number_text(number),
            (_, Ok(inner @ (Value::Array(_) | Value::Object(_)))) => cell(&inner),
            _ => moment(text),
        },
        Value::Array(items) => format!("[{}]", items.iter().map(cell).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| format!("{name}:{}", cell(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

/// Nine digits: engines differ in the last ones of what they divide.
fn number_text(number: f64) -> String {
    format!("{:e}", format!("{number:.9e}").parse::<f64>().unwrap_or(number))
}

/// `2026-01-31T10:00:00.50Z` and `2026-01-31 10:00:00.5+00:00` are one moment.
fn moment(text: &str) -> String {
    let looks =
        text.len() >= 19 && text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(13) == Some(&b':');
    if !looks {
        return text.to_owned();
    }
    let text = text.replacen('T', " ", 1);
    let text =
        ["Z", "+00:00", "+00"].iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(&text).to_owned();
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
