//! Reads a Markdown case file and holds what comes out against what is expected.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its file is wrong")]

use std::collections::BTreeSet;

use sql::{
    Bind, Catalogue, Claims, Column, Columns, Dialect, Kind, Operation, Query, Request, Rights, Scope, Table,
    TableRights, check, plan,
};

/// Checks every `expect` block of the file, and reports all that differ together.
#[track_caller]
pub(crate) fn check_file(text: &str) {
    let mut state = State::default();
    let mut wrong = String::new();
    let mut checked = 0;
    for block in blocks(text) {
        match block.kind {
            "catalogue" => state.catalogue = Some(catalogue(block.text)),
            "rights" => state.rights = Some(rights(block.text)),
            "query" => state.got = Some(state.answer(block.text)),
            "expect" => {
                let got = state.got.take().expect("a query block comes before an expect block");
                checked += 1;
                if words(&got) != words(block.text) {
                    let heading = block.heading;
                    wrong.push_str(&format!("\n## {heading}\nexpected:\n{}\ngot:\n{got}\n", block.text));
                }
            }
            other => panic!("unknown block `{other}` under `{}`", block.heading),
        }
    }
    assert!(state.got.is_none(), "the last query has no expect block");
    assert!(checked > 0, "the file checks nothing");
    assert!(wrong.is_empty(), "{wrong}");
}

#[derive(Default)]
struct State {
    catalogue: Option<Catalogue>,
    rights: Option<Rights>,
    got: Option<String>,
}

impl State {
    fn answer(&self, query: &str) -> String {
        let catalogue = self.catalogue.as_ref().expect("a catalogue block comes first");
        let scope = Scope::new(catalogue, self.rights.as_ref().expect("a rights block comes first"));
        let query: Query = match serde_json::from_str(query) {
            Ok(query) => query,
            Err(error) => return format!("unreadable: {error}"),
        };
        let checked = plan(&Request::Query(query), &scope, &Claims::default())
            .and_then(|statement| check(&statement, catalogue.dialect));
        match checked {
            Ok(checked) => {
                let binds: Vec<String> = checked.binds().iter().map(bind).collect();
                format!("{}\nwith {}", checked.sql(), binds.join(", "))
            }
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        }
    }
}

fn bind(bind: &Bind) -> String {
    match bind {
        Bind::Bool(value) => format!("bool {value}"),
        Bind::Bytes(value) => format!("bytes {value:?}"),
        Bind::Integer(value) => format!("integer {value}"),
        Bind::Real(value) => format!("real {value:?}"),
        Bind::Text(value) => format!("text {value:?}"),
    }
}

fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

struct Block<'a> {
    heading: &'a str,
    kind: &'a str,
    text: &'a str,
}

fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut heading = "";
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        rest = after;
        if let Some(title) = line.strip_prefix('#') {
            heading = title.trim_start_matches('#').trim();
        } else if let Some(kind) = line.strip_prefix("```") {
            let (text, after) = after.split_once("\n```").expect("every block is closed");
            blocks.push(Block { heading, kind, text });
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
    }
    blocks
}

/// The dialect, then per table a line `name` or `view name` and its columns, indented: `name type [null] [key]`.
/// A name may stand in brackets, which are not part of it.
fn catalogue(text: &str) -> Catalogue {
    let mut lines = text.lines();
    let dialect = match lines.next() {
        Some("postgres") => Dialect::Postgres,
        Some("sqlite") => Dialect::Sqlite,
        other => panic!("unknown dialect {other:?}"),
    };
    let mut tables: Vec<Table> = Vec::new();
    for line in lines.filter(|line| !line.trim().is_empty()) {
        if line.starts_with(' ') {
            tables
                .last_mut()
                .expect("a table comes before its columns")
                .columns
                .push(column(line.trim(), dialect));
        } else {
            tables.push(table(line));
        }
    }
    Catalogue { dialect, home: home(dialect).to_owned(), tables }
}

fn table(line: &str) -> Table {
    let (kind, line) = match line.strip_prefix("view ") {
        Some(rest) => (Kind::View, rest),
        None => (Kind::Table, line),
    };
    let (first, rest) = bracketed(line);
    let (schema, name) = match rest.strip_prefix('.') {
        Some(rest) => (Some(first), bracketed(rest).0),
        None => (None, first),
    };
    Table { schema, name, kind, columns: Vec::new(), foreign_keys: Vec::new(), comment: None }
}

fn column(line: &str, dialect: Dialect) -> Column {
    let (name, rest) = bracketed(line);
    let rest = rest.trim();
    let (rest, primary_key) = rest.strip_suffix(" key").map_or((rest, false), |rest| (rest, true));
    let (type_name, nullable) = rest.strip_suffix(" null").map_or((rest, false), |rest| (rest, true));
    let ty = dialect.column_type(type_name);
    Column { name, type_name: type_name.to_owned(), ty, nullable, primary_key, comment: None }
}

/// The name at the beginning of the text, and what follows it.
fn bracketed(text: &str) -> (String, &str) {
    let (name, rest) = match text.strip_prefix('[') {
        Some(inner) => inner.split_once(']').expect("every bracket is closed"),
        None => text.split_at(text.find([' ', '.']).unwrap_or(text.len())),
    };
    (name.to_owned(), rest)
}

/// Lines `orders: read, insert`, `orders only: id, total`, `orders without: ssn` and `max_rows 100`.
fn rights(text: &str) -> Rights {
    let mut rights = Rights { max_rows: 1000, ..Rights::default() };
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if let Some(rows) = line.strip_prefix("max_rows ") {
            rights.max_rows = rows.parse().expect("a number of rows");
            continue;
        }
        let (what, list) = line.split_once(':').expect("a line of rights has a colon");
        let list = list.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
        let (table, rule) = match (what.strip_suffix(" only"), what.strip_suffix(" without")) {
            (Some(table), _) => (table, "only"),
            (_, Some(table)) => (table, "without"),
            _ => (what, "operations"),
        };
        let entry = rights
            .tables
            .entry(table.to_owned())
            .or_insert(TableRights { operations: BTreeSet::new(), ..TableRights::default() });
        match rule {
            "only" => entry.columns = Columns::Only(list.collect()),
            "without" => entry.denied = list.collect(),
            _ => entry.operations = list.map(|item| operation(&item)).collect(),
        }
    }
    rights
}

fn operation(name: &str) -> Operation {
    match name {
        "delete" => Operation::Delete,
        "insert" => Operation::Insert,
        "read" => Operation::Read,
        "update" => Operation::Update,
        other => panic!("unknown operation `{other}`"),
    }
}

fn home(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => "public",
        Dialect::SqlServer => "dbo",
        Dialect::MySql | Dialect::Sqlite => "main",
    }
}
