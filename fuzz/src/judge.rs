//! What must hold of every text, whatever it says: the guard does not panic; what it plans it can print and read back as the
//! same; and what it prints says nothing of what the role does not have.

use std::cell::RefCell;

use sql::{Access, Checked, Dialect, Operation, Refusal, Scope};

use crate::shop;

thread_local! {
    static NOW: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What the role does not have: tables, and columns of any table.
const HIDDEN_TABLES: [&str; 3] = ["salaries", "secrets", "customer_secrets"];
const HIDDEN_COLUMNS: [&str; 2] = ["ssn", "credit_card"];

/// Remembers the text, so that a panic can say which it was.
pub(crate) fn watch(dialect: &str, text: &str) {
    NOW.with(|now| *now.borrow_mut() = format!("{dialect}:\n{text}"));
}

/// One dialect with its corpora and what the agent sees of its shop.
pub(crate) struct Guarded {
    pub(crate) name: &'static str,
    pub(crate) dialect: Dialect,
    pub(crate) scope: Scope,
    pub(crate) texts: Vec<String>,
}

/// What became of a text.
pub(crate) enum Verdict {
    Passes,
    Refused,
    Wrong(String),
}

macro_rules! guarded {
    ($dialect:ident, $name:literal) => {
        Guarded::new(
            Dialect::$dialect,
            $name,
            include_str!(concat!("../../crates/sql/tests/useful/schema_", $name, ".sql")),
            &[
                include_str!(concat!("../../crates/sql/tests/useful/", $name, ".sql")),
                include_str!(concat!("../../crates/sql/tests/useful/", $name, "_writes.sql")),
                include_str!(concat!("../../crates/sql/tests/attacks/", $name, ".sql")),
            ],
        )
    };
}

impl Guarded {
    /// Every dialect.
    pub(crate) fn all() -> Vec<Self> {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            NOW.with(|now| eprintln!("a panic on {}\n", now.borrow()));
            default(panic);
        }));
        vec![
            guarded!(MySql, "mysql"),
            guarded!(Postgres, "postgres"),
            guarded!(SqlServer, "sqlserver"),
            guarded!(Sqlite, "sqlite"),
        ]
    }

    fn new(dialect: Dialect, name: &'static str, schema: &str, corpora: &[&str]) -> Self {
        let rights = shop::rights(&[Operation::Delete, Operation::Insert, Operation::Read, Operation::Update]);
        let scope = Scope::new(&shop::catalogue(dialect, schema), &rights);
        let texts = corpora.iter().flat_map(|corpus| shop::statements(corpus)).map(|(_, text)| text);
        Self { name, dialect, scope, texts: texts.collect() }
    }

    /// Judges one text.
    pub(crate) fn judge(&self, text: &str) -> Verdict {
        match shop::planned(text, &self.scope) {
            Err(Refusal::Unverified) => Verdict::Wrong("planned, and not verified".to_owned()),
            Err(refusal) => {
                // Its words are an answer too.
                let said = refusal.to_string();
                let tells = said.contains("CANARY");
                if tells { Verdict::Wrong(format!("the refusal tells `{said}`")) } else { Verdict::Refused }
            }
            Ok(checked) => self.hold(&checked).map_or(Verdict::Passes, Verdict::Wrong),
        }
    }

    /// What is wrong with a statement that may run, if anything is.
    fn hold(&self, checked: &Checked) -> Option<String> {
        let is_hidden = |access: &&Access| {
            HIDDEN_TABLES.contains(&access.table.as_str())
                || HIDDEN_COLUMNS.iter().any(|column| access.columns.contains(*column))
        };
        if let Some(access) = checked.accesses().iter().find(is_hidden) {
            return Some(format!("{access:?} by {}", checked.sql()));
        }
        let strangers = checked.tables().iter().find(|table| self.scope.table(table).is_none());
        if let Some(table) = strangers {
            return Some(format!("table `{table}` is not the role's, in {}", checked.sql()));
        }
        self.second_opinion(checked)
    }

    #[cfg(feature = "oracle")]
    fn second_opinion(&self, checked: &Checked) -> Option<String> {
        (self.dialect == Dialect::Postgres).then(|| crate::oracle::objection(checked)).flatten()
    }

    #[cfg(not(feature = "oracle"))]
    fn second_opinion(&self, _: &Checked) -> Option<String> {
        None
    }
}
