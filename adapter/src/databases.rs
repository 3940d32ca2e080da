//! The databases of a revision, each with the catalogue it had when it was last looked at.
//!
//! Lists and descriptions look anew; queries use what is known while it is fresh, and look again once when a name does not
//! resolve. A database outlives revisions as long as its URL stays the same.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sql::{Catalogue, Rights, Scope};
use tokio::runtime::Handle;
use tokio::sync::OnceCell;

use crate::config::Bounds;
use crate::db::{self, Database, DatabaseError, UrlError};
use crate::grade::{Finding, Severity};

/// How long a query trusts a catalogue.
const FRESH: Duration = Duration::from_secs(5);

/// One database of the policy.
pub(crate) struct OpenDatabase {
    url: String,
    driver: Arc<dyn Database>,
    known: Mutex<Option<Arc<Snapshot>>>,
    /// Held while the database is looked at: who waits for it takes what came of it. Holds when the last look that
    /// failed began, and why it did.
    look: tokio::sync::Mutex<Option<(Instant, DatabaseError)>>,
    /// The finding for which it is not used, if there is one; empty until the login was graded.
    refused: OnceCell<Option<String>>,
    /// Whether the policy in force has it used nevertheless.
    allows_unsafe: AtomicBool,
}

/// Which logins the policy takes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Logins {
    /// Any.
    All,
    /// Those without a finding to refuse them for.
    Safe,
}

/// A catalogue, and what each role may see of it.
pub(crate) struct Snapshot {
    taken: Instant,
    catalogue: Catalogue,
    scopes: Mutex<Scopes>,
}

/// Scopes of one revision; another revision's rights make them void.
#[derive(Default)]
struct Scopes {
    revision: u64,
    by_role: HashMap<String, Arc<Scope>>,
}

/// How recent a catalogue has to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Age {
    /// Not older than a few seconds.
    Fresh,
    /// Not older than the question.
    Now,
}

impl OpenDatabase {
    /// The database at a URL: the same one, if `previous` has the URL. Its login is graded in the background.
    pub(crate) fn open(
        url: &str,
        previous: Option<&Arc<Self>>,
        bounds: Bounds,
        logins: Logins,
    ) -> Result<Arc<Self>, UrlError> {
        if let Some(same) = previous.filter(|database| database.url == url) {
            same.allows_unsafe.store(logins == Logins::All, Ordering::Relaxed);
            return Ok(Arc::clone(same));
        }
        let open = Arc::new(Self {
            url: url.to_owned(),
            driver: db::open(url, bounds)?,
            known: Mutex::default(),
            look: tokio::sync::Mutex::default(),
            refused: OnceCell::new(),
            allows_unsafe: AtomicBool::new(logins == Logins::All),
        });
        if let Ok(runtime) = Handle::try_current() {
            let graded = Arc::clone(&open);
            runtime.spawn(async move {
                // One that cannot be reached now is graded before it is first used.
                let _ = graded.admit().await;
            });
        }
        Ok(open)
    }

    /// Whether the database may be used with the login that it was given.
    async fn admit(&self) -> Result<(), DatabaseError> {
        let refused = self.refused.get_or_try_init(|| async { self.grade().await }).await?;
        match refused {
            Some(what) if !self.allows_unsafe.load(Ordering::Relaxed) => {
                Err(DatabaseError::UnsafeLogin { what: what.clone() })
            }
            _ => Ok(()),
        }
    }

    async fn grade(&self) -> Result<Option<String>, DatabaseError> {
        let grade = self.driver.grade().await?;
        for Finding { severity, what, why, remedy } in &grade.findings {
            match severity {
                Severity::Refuse if !self.allows_unsafe.load(Ordering::Relaxed) => {
                    tracing::error!("database not used: its login {what}: {why}; {remedy}");
                }
                Severity::Refuse | Severity::Warn => {
                    tracing::warn!("the login of a database {what}: {why}; {remedy}");
                }
            }
        }
        Ok(grade.refusal().map(|finding| finding.what.clone()))
    }

    /// The driver.
    pub(crate) fn driver(&self) -> &dyn Database {
        &*self.driver
    }

    /// What is known, if it is recent enough for who asked at a moment.
    fn known(&self, age: Age, asked: Instant) -> Option<Arc<Snapshot>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent = |snapshot: &&Arc<Snapshot>| match age {
            Age::Fresh => snapshot.taken.elapsed() < FRESH,
            Age::Now => snapshot.taken >= asked,
        };
        known.as_ref().filter(is_recent).map(Arc::clone)
    }

    /// The catalogue. Many who ask at once cost one look, or two.
    ///
    /// # Errors
    /// The database did not answer, or is not used with the login that it has.
    pub(crate) async fn snapshot(&self, age: Age) -> Result<Arc<Snapshot>, DatabaseError> {
        self.admit().await?;
        let asked = Instant::now();
        if let Some(snapshot) = self.known(age, asked) {
            return Ok(snapshot);
        }
        let mut failed = self.look.lock().await;
        if let Some(snapshot) = self.known(age, asked) {
            return Ok(snapshot);
        }
        if let Some((_, error)) = failed.as_ref().filter(|(began, _)| *began >= asked) {
            return Err(error.clone());
        }
        let taken = Instant::now();
        let catalogue = match self.driver.catalogue().await {
            Ok(catalogue) => catalogue,
            Err(error) => {
                *failed = Some((taken, error.clone()));
                return Err(error);
            }
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = known.as_ref().filter(|same| same.catalogue == catalogue) {
            // The scopes made of it still hold; only its age is new.
            let scopes = std::mem::take(&mut *same.scopes.lock().unwrap_or_else(PoisonError::into_inner));
            return Ok(Arc::clone(known.insert(Arc::new(Snapshot {
                taken,
                catalogue,
                scopes: Mutex::new(scopes),
            }))));
        }
        Ok(Arc::clone(known.insert(Arc::new(Snapshot { taken, catalogue, scopes: Mutex::default() }))))
    }
}

impl Snapshot {
    /// What a role may see under a revision; `rights` is asked where that is not known yet.
    pub(crate) fn scope(&self, revision: u64, role: &str, rights: impl FnOnce() -> Rights) -> Arc<Scope> {
        let mut scopes = self.scopes.lock().unwrap_or_else(PoisonError::into_inner);
        if scopes.revision != revision {
            *scopes = Scopes { revision, by_role: HashMap::new() };
        }
        if let Some(scope) = scopes.by_role.get(role) {
            return Arc::clone(scope);
        }
        let scope = Arc::new(Scope::new(&self.catalogue, &rights()));
        scopes.by_role.insert(role.to_owned(), Arc::clone(&scope));
        scope
    }
}

#[cfg(test)]
mod tests;
