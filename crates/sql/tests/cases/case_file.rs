//! Reads a Markdown case file and holds what comes out against what is expected.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its file is wrong")]

use sql::{
    Bind, Catalogue, Checked, Claim, Claims, Column, Columns, Delete, Dialect, Effect, Insert, Kind, Mask,
    Operation, Query, RawSql, Request, Rights, Scope, Table, TableRights, Update, check, plan,
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
            "rights" => (state.rights, state.claims) = (Some(rights(block.text)), claims(block.text)),
            "delete" | "insert" | "query" | "sql" | "update" => {
                state.got = Some(state.answer(block.kind, block.text));
            }
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
    claims: Claims,
    got: Option<String>,
}

impl State {
    fn answer(&self, kind: &str, text: &str) -> String {
        let catalogue = self.catalogue.as_ref().expect("a catalogue block comes first");
        let scope = Scope::new(catalogue, self.rights.as_ref().expect("a rights block comes first"));
        let request = match request(kind, text) {
            Ok(request) => request,
            Err(error) => return format!("unreadable: {error}"),
        };
        let checked =
            plan(&request, &scope, &self.claims).and_then(|statement| check(&statement, catalogue.dialect));
        match checked {
            Ok(checked) => printed(&checked),
            Err(refusal) => format!("{}: {refusal}", refusal.code()),
        }
    }
}

fn request(kind: &str, text: &str) -> Result<Request, serde_json::Error> {
    Ok(match kind {
        "delete" => Request::Delete(serde_json::from_str::<Delete>(text)?),
        "insert" => Request::Insert(serde_json::from_str::<Insert>(text)?),
        "update" => Request::Update(serde_json::from_str::<Update>(text)?),
        "sql" => Request::Sql(RawSql { sql: text.to_owned(), params: Vec::new() }),
        _ => Request::Query(serde_json::from_str::<Query>(text)?),
    })
}

/// The statement and its parameters, and the queries that must give 0 before it.
fn printed(checked: &Checked) -> String {
    let with = |sql: &str, binds: &[Bind]| {
        let binds: Vec<String> = binds.iter().map(bind).collect();
        format!("{sql}\nwith {}", binds.join(", "))
    };
    let mut printed = with(checked.sql(), checked.binds());
    if let Effect::Write(write) = checked.effect() {
        for guard in &write.guards {
            printed.push_str(&format!("\nguard {}", with(&guard.sql, &guard.binds)));
        }
    }
    printed
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

/// One line; the sign before the names of hidden columns is made visible.
fn words(text: &str) -> String {
    text.replace('\u{1}', "^").split_whitespace().collect::<Vec<_>>().join(" ")
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
        Some("mysql") => Dialect::MySql,
        Some("postgres") => Dialect::Postgres,
        Some("sqlserver") => Dialect::SqlServer,
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

/// Lines `orders: read, insert`, `orders only: id, total`, `orders without: ssn`, `orders mask: iban = last4, name = constant X`,
/// `orders rows: region = claims.region`, `max_rows 100`, `max_affected 5`, `raw_sql`, `ddl` and `unconditional_writes`.
fn rights(text: &str) -> Rights {
    let mask_key = "key".to_owned();
    let mut rights = Rights { max_rows: 1000, max_affected: 100, mask_key, ..Rights::default() };
    for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("claim ")) {
        if let Some((what, list)) = line.split_once(':') {
            let (table, rule) = what.split_once(' ').unwrap_or((what, "operations"));
            restrict(rights.tables.entry(table.to_owned()).or_default(), rule, list);
            continue;
        }
        match line.split_once(' ').unwrap_or((line, "")) {
            ("max_affected", rows) => rights.max_affected = rows.parse().expect("a number of rows"),
            ("max_rows", rows) => rights.max_rows = rows.parse().expect("a number of rows"),
            ("raw_sql", "") => rights.raw_sql = true,
            ("ddl", "") => rights.ddl = true,
            ("unconditional_writes", "") => rights.unconditional_writes = true,
            _ => panic!("unknown right `{line}`"),
        }
    }
    rights
}

fn restrict(entry: &mut TableRights, rule: &str, text: &str) {
    let list = text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
    match rule {
        "only" => entry.columns = Columns::Only(list.collect()),
        "without" => entry.denied = list.collect(),
        "mask" => entry.masks = list.map(|item| mask(&item)).collect(),
        "rows" => entry.rows.push(text.trim().to_owned()),
        "operations" => entry.operations = list.map(|item| operation(&item)).collect(),
        other => panic!("unknown rule `{other}`"),
    }
}

fn mask(text: &str) -> (String, Mask) {
    let (column, mask) = text.split_once(" = ").expect("a mask has a sign of equality");
    let mask = match mask.split_once(' ').unwrap_or((mask, "")) {
        ("constant", text) => Mask::Constant(text.to_owned()),
        ("hash", "") => Mask::Hash,
        ("last4", "") => Mask::Last4,
        ("null", "") => Mask::Null,
        _ => panic!("unknown mask `{mask}`"),
    };
    (column.to_owned(), mask)
}

/// Lines `claim region: EU`.
fn claims(text: &str) -> Claims {
    let lines = text.lines().filter_map(|line| line.strip_prefix("claim ")?.split_once(": "));
    Claims(lines.map(|(name, text)| (name.to_owned(), Claim::Text(text.to_owned()))).collect())
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
