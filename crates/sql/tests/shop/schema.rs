//! The shop of `useful/schema_*.sql` as a catalogue, the statements of a file, and the rights they are judged by.

use std::collections::BTreeMap;

use sql::{
    Catalogue, Claims, Column, Columns, Dialect, Kind, Mask, Operation, RawSql, Request, Rights, Scope,
    Table, TableRights,
};

/// What a file of statements holds: name and text of each.
pub(crate) fn statements(file: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut name = None;
    let mut lines: Vec<&str> = Vec::new();
    for line in file.lines() {
        if lines.is_empty() && (line.trim().is_empty() || line.starts_with("-- ")) {
            name = line.strip_prefix("-- ").map(str::to_owned).or(name);
            continue;
        }
        lines.push(line);
        if let Some(last) = line.trim_end().strip_suffix(';') {
            lines.pop();
            lines.push(last);
            all.push((name.take().unwrap(), std::mem::take(&mut lines).join("\n")));
        }
    }
    assert!(lines.is_empty(), "the file ends within a statement: {lines:?}");
    all
}

/// The catalogue that the adapter would read from the schema.
pub(crate) fn catalogue(dialect: Dialect, schema: &str) -> Catalogue {
    let mut tables = Vec::new();
    for block in schema.split("CREATE TABLE ").skip(1) {
        let (name, rest) = block.split_once(" (\n").unwrap();
        let (body, _) = rest.split_once("\n);").unwrap();
        let lines = body
            .lines()
            .map(str::trim)
            .filter(|line| !line.starts_with("PRIMARY") && !line.starts_with("FOREIGN"));
        tables.push(table(name, Kind::Table, lines.map(|line| column(line, dialect)).collect()));
    }
    let view = |name: &str, columns: &[&str]| {
        table(name, Kind::View, columns.iter().map(|line| column(line, dialect)).collect())
    };
    tables.push(view(
        "order_totals",
        &[
            "order_id INTEGER",
            "customer_id INTEGER",
            "region VARCHAR(20)",
            "item_count INTEGER",
            "amount DECIMAL(12,2)",
        ],
    ));
    tables.push(view("customer_secrets", &["id INTEGER", "name TEXT", "ssn TEXT", "credit_card TEXT"]));
    let home = match dialect {
        Dialect::MySql => "shop",
        Dialect::Postgres => "public",
        Dialect::SqlServer => "dbo",
        Dialect::Sqlite => "main",
    };
    Catalogue { dialect, home: home.to_owned(), tables }
}

fn table(name: &str, kind: Kind, columns: Vec<Column>) -> Table {
    Table { schema: None, name: name.to_owned(), kind, columns, foreign_keys: Vec::new(), comment: None }
}

fn column(line: &str, dialect: Dialect) -> Column {
    let (name, rest) = line.trim_end_matches(',').split_once(' ').unwrap();
    let words = [" NOT NULL", " PRIMARY KEY", " REFERENCES", " UNIQUE"];
    let end = words.iter().filter_map(|word| rest.find(word)).min().unwrap_or(rest.len());
    let declared = rest[..end].to_ascii_lowercase();
    Column {
        name: name.to_owned(),
        ty: dialect.column_type(if declared == "boolean" && dialect == Dialect::MySql {
            "tinyint(1)"
        } else {
            &declared
        }),
        type_name: declared,
        nullable: !rest.contains("NOT NULL") && !rest.contains("PRIMARY KEY"),
        primary_key: rest.contains("PRIMARY KEY"),
        comment: None,
    }
}

/// The rights that the heads of the files speak of; `operations` on all tables that are granted.
pub(crate) fn rights(operations: &[Operation]) -> Rights {
    let all = || TableRights {
        operations: operations.iter().copied().collect(),
        columns: Columns::All,
        ..TableRights::default()
    };
    let mut tables: BTreeMap<String, TableRights> =
        ["categories", "order_items", "payments", "employees", "events", "stock", "products", "order_totals"]
            .map(|name| (name.to_owned(), all()))
            .into();
    let customers = TableRights {
        denied: ["ssn", "credit_card"].map(str::to_owned).into(),
        masks: [("email".to_owned(), Mask::Hash), ("phone".to_owned(), Mask::Last4)].into(),
        ..all()
    };
    tables.insert("customers".to_owned(), customers);
    tables.insert("orders".to_owned(), TableRights { rows: vec!["region = 'EU'".to_owned()], ..all() });
    Rights {
        tables,
        max_rows: 1000,
        max_affected: 100,
        raw_sql: true,
        mask_key: "key".to_owned(),
        ..Rights::default()
    }
}

/// The statement as it would run, or the reason why it does not.
pub(crate) fn planned(text: &str, scope: &Scope) -> Result<sql::Checked, sql::Refusal> {
    let request = Request::Sql(RawSql { sql: text.to_owned(), params: Vec::new() });
    let statement = sql::plan(&request, scope, &Claims::default())?;
    sql::check(&statement, scope.dialect())
}
