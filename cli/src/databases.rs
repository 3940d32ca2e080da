//! Databases named on the command line, and the document that serves them.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use policy::document::{Database, Document};
use policy::document::{DatabaseGrants, Role, Rule, Verb};

/// The role that a document made here has, unless it had roles before.
pub(crate) const READER: &str = "reader";

/// `[NAME=]URL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedDatabase {
    name: String,
    url: String,
}

/// Which logins are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Login {
    /// Any at all.
    Any,
    /// Those that cannot do what no rule could hold back.
    Graded,
}

impl Login {
    /// By the option of the command line.
    pub(crate) fn of(allow_unsafe: bool) -> Login {
        if allow_unsafe { Login::Any } else { Login::Graded }
    }
}

/// Text that names no database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoDatabase {
    #[error("write [NAME=]URL with a URL such as sqlite://shop.db or postgres://user@host/shop")]
    NoUrl,
    #[error("`{0}` is no name for a database: use letters, digits, `_` and `-`")]
    BadName(String),
}

impl FromStr for NamedDatabase {
    type Err = NoDatabase;

    fn from_str(text: &str) -> Result<NamedDatabase, NoDatabase> {
        let (scheme, _) = text.split_once(':').ok_or(NoDatabase::NoUrl)?;
        let (name, url) = match scheme.split_once('=') {
            Some((name, _)) => (name.to_owned(), text.get(name.len() + 1..).unwrap_or_default()),
            None => (name_of(text), text),
        };
        let plain = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(NoDatabase::BadName(name));
        }
        if !["sqlite:", "postgres:", "postgresql:", "mysql:", "sqlserver:"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            return Err(NoDatabase::NoUrl);
        }
        Ok(NamedDatabase { name, url: url.to_owned() })
    }
}

/// The last part of the URL's path without its extension: `sqlite:///srv/shop.db` is `shop`.
fn name_of(url: &str) -> String {
    let url = url.split_once('?').map_or(url, |(before, _)| before);
    let stem = Path::new(url).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let plain = |char: char| if char.is_ascii_alphanumeric() || char == '-' { char } else { '_' };
    stem.chars().map(plain).collect()
}

/// The document with these databases instead of its own. Where it has no role at all, it gets one that may read everything.
pub(crate) fn serve(mut document: Document, databases: &[NamedDatabase], login: Login) -> Document {
    let each = databases.iter().map(|database| {
        (
            database.name.clone(),
            Database {
                url: Some(database.url.clone()),
                allow_unsafe_login: login == Login::Any,
                ..Database::default()
            },
        )
    });
    document.databases = each.collect();
    if document.roles.is_empty() {
        document.roles.insert(READER.to_owned(), reader(databases));
    }
    document
}

fn reader(databases: &[NamedDatabase]) -> Role {
    let everything = DatabaseGrants {
        tables: BTreeMap::from([("*".to_owned(), vec![Verb::Read])]),
        raw_sql: true,
        ..DatabaseGrants::default()
    };
    Role {
        description: "Reads every table".to_owned(),
        tools: databases.iter().map(|database| Rule::allow(format!("{}.*", database.name))).collect(),
        databases: databases.iter().map(|database| (database.name.clone(), everything.clone())).collect(),
        ..Role::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let parsed = text.parse::<NamedDatabase>().ok();
        assert_eq!(parsed.as_ref().map(|database| (database.name.as_str(), database.url.as_str())), expected);
    }

    #[test]
    fn a_name_is_given_or_taken_from_the_url() {
        check("shop=sqlite://x.db", Some(("shop", "sqlite://x.db")));
        check("sqlite:///srv/my shop.db", Some(("my_shop", "sqlite:///srv/my shop.db")));
        check("postgres://user:p=w@host/sales?x=1", Some(("sales", "postgres://user:p=w@host/sales?x=1")));
    }

    #[test]
    fn what_names_no_database_is_refused() {
        for text in [
            "",
            "shop",
            "shop.db",
            "=sqlite://x.db",
            "a.b=sqlite://x.db",
            "oracle://host/db",
            "x=http://host",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_document_without_roles_gets_a_reader_and_is_valid() {
        let databases = ["sqlite://shop.db".parse().unwrap(), "b=sqlite://b.db".parse().unwrap()];
        let document = serve(Document::default(), &databases, Login::Graded);
        let problems = policy::parse(&document.to_yaml()).unwrap().check();
        assert!(problems.is_empty(), "{problems}");
        assert_eq!(document.roles.keys().collect::<Vec<_>>(), [READER]);
    }
}
