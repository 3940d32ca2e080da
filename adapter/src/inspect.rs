//! A look at one database from the command line: does it answer, what may its login do, what is in it, what a role sees of it.
//!
//! The same drivers, the same scoping as serving; nothing here runs a caller's statement.

use std::sync::Arc;
use std::time::{Duration, Instant};

use policy::DatabaseRights;
use sql::{Catalogue, Scope};

use crate::config::Bounds;
use crate::db::{self, Database, DatabaseError, UrlError};
use crate::grade::Severity;
use crate::rights;

/// Why a database could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// Its URL cannot be used.
    #[error("{0}")]
    Url(String),
    /// It did not answer, or not this.
    #[error("{0}")]
    Database(String),
}

impl From<UrlError> for InspectError {
    fn from(error: UrlError) -> Self {
        InspectError::Url(error.to_string())
    }
}

impl From<DatabaseError> for InspectError {
    fn from(error: DatabaseError) -> Self {
        InspectError::Database(error.to_string())
    }
}

/// What a test of a database found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tested {
    /// How long it took to connect and answer.
    pub took: Duration,
    /// The tables and views that the login sees.
    pub tables: usize,
    /// What is wrong with the login, worst first.
    pub findings: Vec<Finding>,
}

/// One thing that is wrong with a login.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Whether the database is not served for it, unless `allow_unsafe_login` is set.
    pub refuses: bool,
    /// What it is.
    pub what: String,
    /// Why it matters.
    pub why: String,
    /// What to do.
    pub remedy: String,
}

/// One database, looked at.
pub struct Inspector(Arc<dyn Database>);

impl Inspector {
    /// For a URL. Nothing is connected yet.
    ///
    /// # Errors
    /// The URL cannot be used.
    pub fn open(url: &str, bounds: Bounds) -> Result<Self, InspectError> {
        Ok(Self(db::open(url, bounds)?))
    }

    /// Connects, looks at what is there and at the login.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn test(&self) -> Result<Tested, InspectError> {
        let began = Instant::now();
        self.0.ping().await?;
        let took = began.elapsed();
        let grade = self.0.grade().await?;
        let tables = self.0.catalogue().await?.tables.len();
        let findings = grade.findings.into_iter().map(|finding| Finding {
            refuses: finding.severity == Severity::Refuse,
            what: finding.what,
            why: finding.why.to_owned(),
            remedy: finding.remedy,
        });
        Ok(Tested { took, tables, findings: findings.collect() })
    }

    /// Everything that the login sees.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn catalogue(&self) -> Result<Catalogue, InspectError> {
        Ok(self.0.catalogue().await?)
    }

    /// What a role sees.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn scope(&self, rights: &DatabaseRights) -> Result<Scope, InspectError> {
        Ok(Scope::new(&self.catalogue().await?, &rights::of_role(rights, "")))
    }

    /// The statements that give a login of the database what a role needs and no more.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn grants(&self, rights: &DatabaseRights, role: &str) -> Result<String, InspectError> {
        Ok(sql::grants(&self.catalogue().await?, &rights::of_role(rights, ""), role))
    }
}
