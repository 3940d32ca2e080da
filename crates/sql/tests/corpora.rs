//! The statements of daily work and the attacks on each engine, planned and checked: the former must pass, and the latter
//! be refused or touch nothing but what their role may read.
//!
//! What they give on a live database is the adapter's test.

#![expect(clippy::expect_used, clippy::panic, reason = "a test stops where its file is wrong")]

use std::collections::{BTreeMap, BTreeSet};

use sql::{
    Catalogue, Checked, Claims, Column, Dialect, Kind, Mask, Operation, RawSql, Refusal, Request, Rights,
    Scope, Table, TableRights, check, plan,
};

/// The tables of the shop that the role of the attacks may read.
const READABLE: [&str; 8] =
    ["categories", "customers", "employees", "events", "order_items", "orders", "payments", "products"];

/// The views of the shop, as if they were tables.
const VIEWS: [&str; 2] = [
    "order_totals (\norder_id integer\ncustomer_id integer\nregion varchar\nitem_count integer\namount numeric\n)",
    "customer_secrets (\nid integer\nname varchar\nssn varchar\ncredit_card varchar\n)",
];

/// A corpus, and the schema it is about.
struct Corpus {
    dialect: Dialect,
    schema: &'static str,
    useful: &'static str,
    attacks: &'static str,
}

macro_rules! corpus {
    ($dialect:ident $name:literal) => {
        Corpus {
            dialect: Dialect::$dialect,
            schema: include_str!(concat!("useful/schema_", $name, ".sql")),
            useful: include_str!(concat!("useful/", $name, ".sql")),
            attacks: include_str!(concat!("attacks/", $name, ".sql")),
        }
    };
}

/// Each statement and its name.
fn statements(text: &str) -> Vec<(&str, &str)> {
    let mut statements = Vec::new();
    let mut rest = text.split_once("\n\n").expect("a corpus has a head").1;
    while let Some((_, after)) = rest.split_once("-- ") {
        let (name, after) = after.split_once('\n').expect("a name has a line");
        let (statement, after) = after.split_once(";\n").expect("a statement ends");
        statements.push((name, statement));
        rest = after;
    }
    statements
}

impl Corpus {
    fn catalogue(&self) -> Catalogue {
        let home = match self.dialect {
            Dialect::Postgres => "public",
            Dialect::SqlServer => "dbo",
            Dialect::MySql => "shop",
            Dialect::Sqlite => "main",
        };
        let tables = self.schema.split("CREATE TABLE ").skip(1).map(|text| table(text, self.dialect));
        let views = VIEWS.iter().map(|text| Table { kind: Kind::View, ..table(text, self.dialect) });
        Catalogue { dialect: self.dialect, home: home.to_owned(), tables: tables.chain(views).collect() }
    }

    fn plan(&self, statement: &str, scope: &Scope) -> Result<Checked, Refusal> {
        let request = Request::Sql(RawSql { sql: statement.to_owned(), params: Vec::new() });
        plan(&request, scope, &Claims::default()).and_then(|statement| check(&statement, self.dialect))
    }

    #[track_caller]
    fn all_useful_pass(&self) {
        let operations =
            BTreeSet::from([Operation::Delete, Operation::Insert, Operation::Read, Operation::Update]);
        let all = TableRights { operations, ..TableRights::default() };
        let rights = Rights {
            tables: BTreeMap::from([("*".to_owned(), all)]),
            max_rows: 1000,
            max_affected: 100,
            raw_sql: true,
            ..Rights::default()
        };
        let scope = Scope::new(&self.catalogue(), &rights);
        let statements = statements(self.useful);
        let refused: Vec<String> = statements
            .iter()
            .filter_map(|(name, text)| Some(format!("{name}: {}", self.plan(text, &scope).err()?)))
            .collect();
        assert!(statements.len() >= 200, "{} statements", statements.len());
        assert!(refused.is_empty(), "{} of {}:\n{}", refused.len(), statements.len(), refused.join("\n"));
    }

    /// What the role of the attacks may do: see the head of each file.
    fn attacker(&self) -> Rights {
        let reading =
            || TableRights { operations: BTreeSet::from([Operation::Read]), ..TableRights::default() };
        let mut tables: BTreeMap<String, TableRights> =
            READABLE.iter().map(|name| ((*name).to_owned(), reading())).collect();
        let customers = tables.get_mut("customers").expect("it is one of them");
        customers.denied = BTreeSet::from(["ssn".to_owned(), "credit_card".to_owned()]);
        customers.masks =
            BTreeMap::from([("email".to_owned(), Mask::Hash), ("phone".to_owned(), Mask::Last4)]);
        tables.get_mut("orders").expect("it is one of them").rows.push("region = 'EU'".to_owned());
        Rights { tables, max_rows: 1000, max_affected: 100, raw_sql: true, ..Rights::default() }
    }

    #[track_caller]
    fn all_attacks_fail(&self) {
        let scope = Scope::new(&self.catalogue(), &self.attacker());
        let mut succeeded = Vec::new();
        for (name, text) in statements(self.attacks) {
            let Ok(checked) = self.plan(text, &scope) else { continue };
            let is_allowed = checked.accesses().iter().all(|access| {
                let hidden = ["ssn", "credit_card"];
                access.operation == Operation::Read
                    && READABLE.contains(&access.table.as_str())
                    && !access.columns.iter().any(|column| hidden.contains(&column.as_str()))
            });
            if !is_allowed {
                succeeded.push(format!("{name}: {}", checked.sql()));
            }
        }
        assert!(succeeded.is_empty(), "{}", succeeded.join("\n"));
    }
}

fn table(text: &str, dialect: Dialect) -> Table {
    let (name, rest) = text.split_once(" (\n").expect("a table has columns");
    let (lines, _) = rest.split_once("\n)").expect("its columns end");
    let columns = lines.lines().filter_map(|line| column(line.trim().trim_end_matches(','), dialect));
    Table {
        schema: None,
        name: name.trim_matches(['"', '`', '[', ']']).to_owned(),
        kind: Kind::Table,
        columns: columns.collect(),
        foreign_keys: Vec::new(),
        comment: None,
    }
}

fn column(line: &str, dialect: Dialect) -> Option<Column> {
    let (name, rest) = line.split_once(' ').unwrap_or_else(|| panic!("`{line}` is no column"));
    if ["CONSTRAINT", "FOREIGN", "INDEX", "KEY", "PRIMARY", "UNIQUE"].contains(&name) {
        return None;
    }
    let ends = [" NOT NULL", " PRIMARY KEY", " REFERENCES", " UNIQUE", " DEFAULT", " NULL", " GENERATED"];
    let end = ends.iter().filter_map(|word| rest.find(word)).min().unwrap_or(rest.len());
    let type_name = rest.split_at(end).0.to_ascii_lowercase();
    Some(Column {
        name: name.trim_matches(['"', '`', '[', ']']).to_owned(),
        ty: dialect.column_type(&type_name),
        type_name,
        nullable: !rest.contains("NOT NULL"),
        primary_key: rest.contains("PRIMARY KEY"),
        comment: None,
    })
}

macro_rules! corpora {
    ($($useful:ident $attacks:ident $dialect:ident $name:literal)*) => {$(
        #[test]
        fn $useful() {
            corpus!($dialect $name).all_useful_pass();
        }

        #[test]
        fn $attacks() {
            corpus!($dialect $name).all_attacks_fail();
        }
    )*};
}

corpora! {
    mysql_takes_daily_work mysql_attacks_fail MySql "mysql"
    postgres_takes_daily_work postgres_attacks_fail Postgres "postgres"
    sqlite_takes_daily_work sqlite_attacks_fail Sqlite "sqlite"
    sqlserver_takes_daily_work sqlserver_attacks_fail SqlServer "sqlserver"
}
