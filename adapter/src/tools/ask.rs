//! What a caller asks of a tool, read from its arguments: JSON text in, the request that `crates/sql` plans out.
//!
//! The arguments are read once, straight into these structs. A tool of one table takes no `table`.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sql::{Delete, Insert, Query, RawSql, Request, Update};

use super::ToolKind;
use crate::db::Commit;
use crate::failure::Failure;

/// What is asked, and of which database.
pub(crate) struct Asked {
    /// As the caller named it.
    pub(crate) database: Option<String>,
    /// What.
    pub(crate) ask: Ask,
}

/// What is asked of a tool.
pub(crate) enum Ask {
    /// The databases.
    Databases,
    /// What one table is made of.
    Describe {
        /// The table.
        table: String,
    },
    /// What all tables are made of.
    Schema,
    /// Something for the database to run.
    Statement(Statement),
    /// A page of the tables.
    Tables(TablesPage),
}

/// Something for the database to run.
pub(crate) struct Statement {
    /// What.
    pub(crate) request: Request,
    /// What becomes of a change.
    pub(crate) commit: Commit,
}

/// Which of the tables.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TablesPage {
    #[serde(default)]
    database: Option<String>,
    /// A part of a name or comment of the table, or of a column's name.
    #[serde(default)]
    pub(crate) search: Option<String>,
    /// How many at most.
    #[serde(default)]
    pub(crate) limit: Option<usize>,
    /// Where the page before ended.
    #[serde(default)]
    pub(crate) cursor: Option<String>,
}

impl TablesPage {
    /// A page where the URL says which database.
    pub(crate) fn new(search: Option<String>, limit: Option<usize>, cursor: Option<String>) -> Self {
        Self { database: None, search, limit, cursor }
    }
}

/// The one table of a tool, and its database.
pub(crate) struct Place {
    /// The database.
    pub(crate) database: String,
    /// The table.
    pub(crate) table: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OneTable {
    #[serde(default)]
    database: Option<String>,
    table: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows {
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    fields: Vec<String>,
    #[serde(default)]
    filter: Option<String>,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    offset: Option<u64>,
    #[serde(default)]
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Groups {
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    table: Option<String>,
    fields: Vec<String>,
    #[serde(default)]
    filter: Option<String>,
    #[serde(default)]
    group: Vec<String>,
    #[serde(default)]
    having: Option<String>,
    #[serde(default)]
    order: Option<String>,
    #[serde(default)]
    limit: Option<u64>,
    #[serde(default)]
    offset: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRows {
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    table: Option<String>,
    rows: Vec<Map<String, Value>>,
    #[serde(default)]
    on_conflict: Vec<String>,
    #[serde(default)]
    returning: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    filter: Option<String>,
    set: Map<String, Value>,
    #[serde(default)]
    returning: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Removal {
    #[serde(default)]
    database: Option<String>,
    #[serde(default)]
    table: Option<String>,
    #[serde(default)]
    filter: Option<String>,
    #[serde(default)]
    returning: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    #[serde(default)]
    database: Option<String>,
    sql: String,
    #[serde(default)]
    params: Vec<Value>,
    #[serde(default)]
    dry_run: bool,
}

/// Reads the arguments of a tool, called by `name`; `place` is what the name says already.
///
/// # Errors
/// They are not those of the tool.
pub(crate) fn read(
    tool: ToolKind,
    name: &str,
    place: Option<Place>,
    arguments: &[u8],
) -> Result<Asked, Failure> {
    let reader = Reader { name, place };
    match tool {
        ToolKind::Aggregate => reader.groups(arguments),
        ToolKind::Delete => reader.removal(arguments),
        ToolKind::DescribeTable => {
            let OneTable { database, table } = reader.read(arguments)?;
            Ok(Asked { database, ask: Ask::Describe { table } })
        }
        ToolKind::Insert => reader.new_rows(arguments),
        ToolKind::ListDatabases => {
            let Nothing {} = reader.read(arguments)?;
            Ok(Asked { database: None, ask: Ask::Databases })
        }
        ToolKind::ListTables => {
            let mut page: TablesPage = reader.read(arguments)?;
            Ok(Asked { database: page.database.take(), ask: Ask::Tables(page) })
        }
        ToolKind::Query => reader.rows(arguments),
        ToolKind::RunSql => {
            let Text { database, sql, params, dry_run } = reader.read(arguments)?;
            Ok(statement(database, Request::Sql(RawSql { sql, params }), dry_run))
        }
        ToolKind::Update => reader.change(arguments),
    }
}

/// A statement for a database.
fn statement(database: Option<String>, request: Request, dry_run: bool) -> Asked {
    let commit = if dry_run { Commit::DryRun } else { Commit::Commit };
    Asked { database, ask: Ask::Statement(Statement { request, commit }) }
}

struct Reader<'a> {
    name: &'a str,
    place: Option<Place>,
}

impl Reader<'_> {
    fn read<T: DeserializeOwned>(&self, arguments: &[u8]) -> Result<T, Failure> {
        serde_json::from_slice(arguments).map_err(|error| {
            let text = error.to_string();
            // The place is in the arguments as they came through here, which nobody outside has seen.
            let problem = text.rsplit_once(" at line ").map_or(text.as_str(), |(problem, _)| problem);
            self.refuse(problem.to_owned())
        })
    }

    fn refuse(&self, problem: String) -> Failure {
        Failure::Arguments { tool: self.name.to_owned(), problem }
    }

    /// The database and the table: those of the tool's name, or those of the arguments.
    fn place(
        self,
        database: Option<String>,
        table: Option<String>,
    ) -> Result<(Option<String>, String), Failure> {
        match (self.place, table) {
            (None, Some(table)) => Ok((database, table)),
            (None, None) => Err(Failure::Arguments {
                tool: self.name.to_owned(),
                problem: "missing field `table`".to_owned(),
            }),
            (Some(place), None) if database.is_none() => Ok((Some(place.database), place.table)),
            (Some(_), _) => Err(Failure::Arguments {
                tool: self.name.to_owned(),
                problem: "this tool is of one table: leave `table` and `database` out".to_owned(),
            }),
        }
    }

    fn rows(self, arguments: &[u8]) -> Result<Asked, Failure> {
        let Rows { database, table, fields, filter, order, limit, offset, cursor } = self.read(arguments)?;
        let (database, table) = self.place(database, table)?;
        let query = Query { table, fields, filter, order, limit, offset, cursor, ..Query::default() };
        Ok(statement(database, Request::Query(query), false))
    }

    fn groups(self, arguments: &[u8]) -> Result<Asked, Failure> {
        let Groups { database, table, fields, filter, group, having, order, limit, offset } =
            self.read(arguments)?;
        let (database, table) = self.place(database, table)?;
        let query = Query { table, fields, filter, group, having, order, limit, offset, cursor: None };
        Ok(statement(database, Request::Query(query), false))
    }

    fn new_rows(self, arguments: &[u8]) -> Result<Asked, Failure> {
        let NewRows { database, table, rows, on_conflict, returning, dry_run } = self.read(arguments)?;
        let (database, table) = self.place(database, table)?;
        let insert = Insert { table, rows, on_conflict, returning };
        Ok(statement(database, Request::Insert(insert), dry_run))
    }

    fn change(self, arguments: &[u8]) -> Result<Asked, Failure> {
        let Change { database, table, filter, set, returning, dry_run } = self.read(arguments)?;
        let (database, table) = self.place(database, table)?;
        Ok(statement(database, Request::Update(Update { table, filter, set, returning }), dry_run))
    }

    fn removal(self, arguments: &[u8]) -> Result<Asked, Failure> {
        let Removal { database, table, filter, returning, dry_run } = self.read(arguments)?;
        let (database, table) = self.place(database, table)?;
        Ok(statement(database, Request::Delete(Delete { table, filter, returning }), dry_run))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(tool: ToolKind, place: Option<Place>, arguments: &str, expected: &str) {
        match read(tool, tool.name(), place, arguments.as_bytes()) {
            Err(Failure::Arguments { problem, .. }) => assert!(problem.contains(expected), "{problem}"),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{arguments} was taken"),
        }
    }

    fn of_orders() -> Option<Place> {
        Some(Place { database: "shop".into(), table: "orders".into() })
    }

    /// Conditions are checked against what `policy` says that the tools take.
    #[test]
    fn the_policy_knows_the_arguments_of_every_tool() {
        for tool in ToolKind::ALL {
            let Err(Failure::Arguments { problem, .. }) = read(tool, tool.name(), None, br#"{"?":1}"#) else {
                panic!("{} takes anything", tool.name());
            };
            let taken: Vec<&str> = problem.split('`').skip(3).step_by(2).collect();
            assert_eq!(
                policy::catalogue::database::arguments(tool.name()),
                Some(taken.as_slice()),
                "{problem}"
            );
        }
    }

    #[test]
    fn unknown_arguments_are_refused_by_name() {
        refused(ToolKind::Query, None, r#"{"table":"orders","filtre":"a"}"#, "unknown field `filtre`");
        refused(ToolKind::Delete, None, r#"{"table":"orders","dry-run":true}"#, "unknown field `dry-run`");
    }

    #[test]
    fn a_tool_without_a_table_of_its_own_wants_one() {
        refused(ToolKind::Update, None, r#"{"set":{"a":1}}"#, "missing field `table`");
    }

    #[test]
    fn a_tool_of_one_table_takes_no_other() {
        refused(ToolKind::Query, of_orders(), r#"{"table":"customers"}"#, "of one table");
        let asked = read(ToolKind::Query, "orders_query", of_orders(), b"{}").ok().unwrap();
        assert_eq!(asked.database.as_deref(), Some("shop"));
        let Ask::Statement(Statement { request: Request::Query(query), .. }) = asked.ask else { panic!() };
        assert_eq!(query.table, "orders");
    }

    #[test]
    fn a_dry_run_is_one_only_where_it_says_so() {
        let commit = |arguments: &str| {
            let asked = read(ToolKind::Delete, "delete", None, arguments.as_bytes()).ok().unwrap();
            let Ask::Statement(Statement { commit, .. }) = asked.ask else { panic!() };
            commit
        };
        assert_eq!(commit(r#"{"table":"orders","dry_run":true}"#), Commit::DryRun);
        assert_eq!(commit(r#"{"table":"orders"}"#), Commit::Commit);
    }
}
