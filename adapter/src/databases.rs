//! The databases of a revision, each with the catalogue it had when it was last looked at.
//!
//! Lists and descriptions look anew; queries use what is known while it is fresh, and look again once when a name does not
//! resolve. A database outlives revisions as long as its URL stays the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sql::{Catalogue, Rights, Scope};

use crate::config::Bounds;
use crate::db::{self, Database, DatabaseError, UrlError};

/// How long a query trusts a catalogue.
const FRESH: Duration = Duration::from_secs(5);

/// One database of the policy.
pub(crate) struct OpenDatabase {
    url: String,
    driver: Arc<dyn Database>,
    known: Mutex<Option<Arc<Snapshot>>>,
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
    /// Of this moment.
    Now,
}

impl OpenDatabase {
    /// The database at a URL: the same one, if `previous` has the URL.
    pub(crate) fn open(
        url: &str,
        previous: Option<&Arc<Self>>,
        bounds: Bounds,
    ) -> Result<Arc<Self>, UrlError> {
        if let Some(same) = previous.filter(|database| database.url == url) {
            return Ok(Arc::clone(same));
        }
        let driver = db::open(url, bounds)?;
        Ok(Arc::new(Self { url: url.to_owned(), driver, known: Mutex::default() }))
    }

    /// The driver.
    pub(crate) fn driver(&self) -> &dyn Database {
        &*self.driver
    }

    /// The catalogue.
    ///
    /// # Errors
    /// The database did not answer.
    pub(crate) async fn snapshot(&self, age: Age) -> Result<Arc<Snapshot>, DatabaseError> {
        if age == Age::Fresh
            && let Some(snapshot) = self.known.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && snapshot.taken.elapsed() < FRESH
        {
            return Ok(Arc::clone(snapshot));
        }
        let taken = Instant::now();
        let catalogue = self.driver.catalogue().await?;
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
