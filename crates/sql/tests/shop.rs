//! One role of the shop, with a rule on rows, masks and denied columns: its daily work passes, and of the attacks only those
//! get through whose answer lies within its rights.
//!
//! `useful/` and `attacks/` hold the statements; `attacks/answered.txt` names the attacks that are answered instead of
//! refused, so that one more is a change that somebody has read. What the databases answer is tested with the adapter.

#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::string_slice, clippy::unwrap_used, reason = "a test file; a panic is a failed test")]

use sql::{Dialect, Effect, Operation, Scope};

use schema::{catalogue, planned, rights, statements};

#[path = "shop/schema.rs"]
mod schema;

const EVERYTHING: [Operation; 4] = [Operation::Delete, Operation::Insert, Operation::Read, Operation::Update];

/// The files of one dialect.
struct Corpus {
    dialect: Dialect,
    name: &'static str,
    schema: &'static str,
    reads: &'static str,
    writes: &'static str,
    attacks: &'static str,
}

macro_rules! corpus {
    ($dialect:ident, $name:literal) => {
        Corpus {
            dialect: Dialect::$dialect,
            name: $name,
            schema: include_str!(concat!("useful/schema_", $name, ".sql")),
            reads: include_str!(concat!("useful/", $name, ".sql")),
            writes: include_str!(concat!("useful/", $name, "_writes.sql")),
            attacks: include_str!(concat!("attacks/", $name, ".sql")),
        }
    };
}

const CORPORA: [Corpus; 4] = [
    corpus!(MySql, "mysql"),
    corpus!(Postgres, "postgres"),
    corpus!(SqlServer, "sqlserver"),
    corpus!(Sqlite, "sqlite"),
];

#[test]
fn statements_of_daily_work_pass() {
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&[Operation::Read]));
        let all = statements(corpus.reads);
        assert!(all.len() >= 210, "{} has {} statements", corpus.name, all.len());
        for (name, text) in all {
            let checked =
                planned(&text, &scope).unwrap_or_else(|refusal| panic!("{} {name}: {refusal}", corpus.name));
            assert_eq!(checked.effect(), &Effect::Read, "{} {name}", corpus.name);
        }
    }
}

#[test]
fn changes_of_daily_work_pass() {
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&EVERYTHING));
        let all = statements(corpus.writes);
        assert!(all.len() >= 25, "{} has {} changes", corpus.name, all.len());
        for (name, text) in all {
            let checked =
                planned(&text, &scope).unwrap_or_else(|refusal| panic!("{} {name}: {refusal}", corpus.name));
            assert!(matches!(checked.effect(), Effect::Write(_)), "{} {name}", corpus.name);
        }
    }
}

#[test]
fn changes_are_refused_where_only_reading_is_granted() {
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&[Operation::Read]));
        for (name, text) in statements(corpus.writes) {
            assert!(planned(&text, &scope).is_err(), "{} {name}", corpus.name);
        }
    }
}

#[test]
fn attacks_are_refused_or_touch_only_what_is_granted() {
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&[Operation::Read]));
        let all = statements(corpus.attacks);
        assert!(all.len() >= 120, "{} has {} attacks", corpus.name, all.len());
        for (name, text) in all {
            let Ok(checked) = planned(&text, &scope) else { continue };
            assert_eq!(checked.effect(), &Effect::Read, "{} {name}", corpus.name);
            for access in checked.accesses() {
                let is_hidden = ["salaries", "secrets", "customer_secrets"].contains(&access.table.as_str())
                    || access.columns.contains("ssn")
                    || access.columns.contains("credit_card");
                assert!(!is_hidden, "{} {name}: {access:?}", corpus.name);
            }
        }
    }
}

#[test]
fn the_attacks_that_are_answered_are_the_ones_that_were_read() {
    let mut answered = String::new();
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&[Operation::Read]));
        for (name, text) in statements(corpus.attacks) {
            if planned(&text, &scope).is_ok() {
                answered.push_str(&format!("{}: {name}\n", corpus.name));
            }
        }
    }
    let read = include_str!("attacks/answered.txt");
    let (new, gone) = (lacking(&answered, read), lacking(read, &answered));
    assert!(new.is_empty() && gone.is_empty(), "answered now:\n{new}\nrefused now:\n{gone}");
}

#[test]
fn a_refusal_says_the_same_of_what_is_hidden_and_what_is_not_there() {
    for corpus in CORPORA {
        let scope = Scope::new(&corpus.catalogue(), &rights(&[Operation::Read]));
        let said = |text: &str| planned(text, &scope).unwrap_err().to_string();
        let column = |name: &str| said(&format!("SELECT {name} FROM customers")).replace(name, "NAME");
        let table = |name: &str| said(&format!("SELECT id FROM {name}")).replace(name, "NAME");
        assert_eq!(column("ssn"), column("xyz"), "{}", corpus.name);
        assert_eq!(table("secrets"), table("nothing"), "{}", corpus.name);
    }
}

impl Corpus {
    fn catalogue(&self) -> sql::Catalogue {
        catalogue(self.dialect, self.schema)
    }
}

/// The lines of one text that another does not have.
fn lacking(text: &str, other: &str) -> String {
    let lines = text.lines().filter(|line| !other.lines().any(|theirs| theirs == *line));
    lines.collect::<Vec<&str>>().join("\n")
}
