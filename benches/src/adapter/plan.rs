//! What is asked of whom.

use serde::Serialize;
use serde_json::{Value, json};

use crate::frames::FIRST_ID;
use crate::raw::{FIRST_ROW, statement};

/// Who is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Variant {
    /// The driver alone, in its own process.
    Raw,
    /// Our `query`.
    Query,
    /// Our `run_sql`.
    RunSql,
    DbHub,
    Toolbox,
    Faucet,
}

impl Variant {
    pub(crate) const ALL: [Variant; 6] =
        [Variant::Raw, Variant::Query, Variant::RunSql, Variant::DbHub, Variant::Toolbox, Variant::Faucet];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Variant::Raw => "driver alone",
            Variant::Query => "trigate query",
            Variant::RunSql => "trigate run_sql",
            Variant::DbHub => "DBHub 1.4.0",
            Variant::Toolbox => "MCP Toolbox 1.12.0",
            Variant::Faucet => "Faucet 0.1.13",
        }
    }

    pub(crate) fn is_peer(self) -> bool {
        matches!(self, Variant::DbHub | Variant::Toolbox | Variant::Faucet)
    }
}

/// The engine behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Engine {
    Postgres,
    Sqlite,
}

impl Engine {
    pub(crate) const ALL: [Engine; 2] = [Engine::Postgres, Engine::Sqlite];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Engine::Postgres => "PostgreSQL",
            Engine::Sqlite => "SQLite",
        }
    }

    /// What every server calls the database.
    pub(crate) fn database(self) -> &'static str {
        match self {
            Engine::Postgres => "pg",
            Engine::Sqlite => "lite",
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Question {
    Tables,
    Rows(u32),
}

impl Question {
    pub(crate) const ALL: [Question; 4] =
        [Question::Tables, Question::Rows(1), Question::Rows(100), Question::Rows(10_000)];

    pub(crate) fn name(self) -> String {
        match self {
            Question::Tables => "list tables".to_owned(),
            Question::Rows(1) => "1 row".to_owned(),
            Question::Rows(rows) => format!("{rows} rows"),
        }
    }

    pub(crate) fn connections(self) -> usize {
        match self {
            Question::Rows(10_000) => 2,
            _ => 8,
        }
    }

    /// What a right answer holds: the table, or the last row.
    pub(crate) fn proof(self) -> String {
        match self {
            Question::Tables => "items".to_owned(),
            Question::Rows(rows) => format!("item {}", FIRST_ROW + rows - 1),
        }
    }

    /// The call, in the words of the variant; none where it has no tool for it.
    pub(crate) fn call(self, variant: Variant, engine: Engine) -> Option<String> {
        let (tool, arguments) = match (self, variant) {
            (_, Variant::Raw) => return None,
            (Question::Tables, Variant::Query) => ("list_tables".to_owned(), json!({})),
            (Question::Tables, Variant::DbHub) => {
                ("search_objects".to_owned(), json!({ "object_type": "table", "pattern": "%" }))
            }
            (Question::Tables, Variant::Faucet) => {
                ("faucet_list_tables".to_owned(), json!({ "service": engine.database() }))
            }
            (Question::Tables, Variant::RunSql | Variant::Toolbox) => return None,
            (Question::Rows(rows), Variant::Query) => ("query".to_owned(), query(rows)),
            (Question::Rows(rows), Variant::RunSql) => {
                ("run_sql".to_owned(), json!({ "sql": statement(rows) }))
            }
            (Question::Rows(rows), Variant::DbHub) => {
                ("execute_sql".to_owned(), json!({ "sql": statement(rows) }))
            }
            (Question::Rows(rows), Variant::Toolbox) => {
                (format!("read_{}", engine.database()), json!({ "first": FIRST_ROW, "count": rows }))
            }
            // It gives 1000 rows at most.
            (Question::Rows(rows), Variant::Faucet) if rows > 1000 => return None,
            (Question::Rows(rows), Variant::Faucet) => {
                let mut arguments = query(rows);
                if let Value::Object(members) = &mut arguments {
                    members.insert("service".to_owned(), json!(engine.database()));
                }
                ("faucet_query".to_owned(), arguments)
            }
        };
        let params = json!({ "name": tool, "arguments": arguments });
        Some(
            json!({ "jsonrpc": "2.0", "id": FIRST_ID, "method": "tools/call", "params": params }).to_string(),
        )
    }
}

fn query(rows: u32) -> Value {
    json!({
        "table": "items",
        "fields": ["id", "name", "category", "price", "quantity", "active", "created"],
        "filter": format!("id >= {FIRST_ROW}"),
        "order": "id",
        "limit": rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variant_that_is_asked_is_asked_for_the_same_rows() {
        for variant in Variant::ALL.into_iter().filter(|variant| *variant != Variant::Raw) {
            let call = Question::Rows(100).call(variant, Engine::Sqlite).unwrap();
            assert!(call.contains("5000") && call.contains("100"), "{call}");
        }
    }
}
