//! What must hold of every text, whatever it says: the guard comes to an end without a panic; what it plans, it can print and
//! read back as the same; what would run touches nothing that the role does not have; and the answer is, to the letter, the
//! one of a database in which what is hidden from the role does not exist.

use sql::{Access, Catalogue, Checked, Dialect, Operation, Refusal, Scope};

use crate::guard::shop;
use crate::target::Verdict;

/// What the role does not have: tables, and columns of any table.
const HIDDEN_TABLES: [&str; 3] = ["salaries", "secrets", "customer_secrets"];
const HIDDEN_COLUMNS: [&str; 2] = ["ssn", "credit_card"];

/// One dialect with its corpora and what the agent sees of its shop.
pub(crate) struct Guarded {
    pub(crate) name: &'static str,
    pub(crate) texts: Vec<String>,
    scope: Scope,
    /// The same for a shop without what is hidden.
    without: Scope,
}

macro_rules! guarded {
    ($dialect:ident, $name:literal) => {
        Guarded::new(
            Dialect::$dialect,
            $name,
            include_str!(concat!("../../../crates/sql/tests/useful/schema_", $name, ".sql")),
            &[
                include_str!(concat!("../../../crates/sql/tests/useful/", $name, ".sql")),
                include_str!(concat!("../../../crates/sql/tests/useful/", $name, "_writes.sql")),
                include_str!(concat!("../../../crates/sql/tests/attacks/", $name, ".sql")),
            ],
        )
    };
}

impl Guarded {
    /// Every dialect.
    pub(crate) fn all() -> Vec<Self> {
        vec![
            guarded!(MySql, "mysql"),
            guarded!(Postgres, "postgres"),
            guarded!(SqlServer, "sqlserver"),
            guarded!(Sqlite, "sqlite"),
        ]
    }

    fn new(dialect: Dialect, name: &'static str, schema: &str, corpora: &[&str]) -> Self {
        let rights =
            shop::rights(&[Operation::Delete, Operation::Insert, Operation::Read, Operation::Update]);
        let catalogue = shop::catalogue(dialect, schema);
        let texts = corpora.iter().flat_map(|corpus| shop::statements(corpus)).map(|(_, text)| text);
        Self {
            name,
            texts: texts.collect(),
            scope: Scope::new(&catalogue, &rights),
            without: Scope::new(&shown(catalogue), &rights),
        }
    }

    /// Judges one text.
    pub(crate) fn judge(&self, text: &str) -> Verdict {
        let planned = shop::planned(text, &self.scope);
        let wrong = match &planned {
            Err(Refusal::Unverified) => Some("planned, and not verified".to_owned()),
            Err(_) => None,
            Ok(checked) => self.wrong(checked),
        };
        let without = shop::planned(text, &self.without);
        let tells = || format!("what is hidden makes a difference: {planned:?}, and without it {without:?}");
        match wrong.or_else(|| (planned != without).then(tells)) {
            Some(wrong) => Verdict::Wrong(wrong),
            None if planned.is_ok() => Verdict::Passes,
            None => Verdict::Refused,
        }
    }

    /// What is wrong with a statement that may run, if anything is.
    fn wrong(&self, checked: &Checked) -> Option<String> {
        let is_hidden = |access: &&Access| {
            HIDDEN_TABLES.contains(&access.table.as_str())
                || HIDDEN_COLUMNS.iter().any(|column| access.columns.contains(*column))
        };
        if let Some(access) = checked.accesses().iter().find(is_hidden) {
            return Some(format!("{access:?} by {}", checked.sql()));
        }
        let stranger = checked.tables().iter().find(|table| self.scope.table(table).is_none());
        if let Some(table) = stranger {
            return Some(format!("table `{table}` is not the role's, in {}", checked.sql()));
        }
        self.second_opinion(checked)
    }

    #[cfg(feature = "oracle")]
    fn second_opinion(&self, checked: &Checked) -> Option<String> {
        (self.scope.dialect() == Dialect::Postgres)
            .then(|| crate::guard::oracle::objection(checked))
            .flatten()
    }

    #[cfg(not(feature = "oracle"))]
    fn second_opinion(&self, _: &Checked) -> Option<String> {
        None
    }
}

/// The shop without what is hidden from the role.
fn shown(mut catalogue: Catalogue) -> Catalogue {
    catalogue.tables.retain(|table| !HIDDEN_TABLES.contains(&table.name.as_str()));
    for table in &mut catalogue.tables {
        table.columns.retain(|column| !HIDDEN_COLUMNS.contains(&column.name.as_str()));
    }
    catalogue
}
