//! What many callers at once cost the database.

use std::sync::atomic::AtomicUsize;

use futures::future::{BoxFuture, join_all};
use sql::Dialect;

use super::*;
use crate::db::rows::Sink;
use crate::db::{Outcome, Run};
use crate::grade::Grade;

/// Counts how often it is looked at, and answers as it is told.
struct Counted {
    looks: AtomicUsize,
    answer: Result<Catalogue, DatabaseError>,
}

impl Database for Counted {
    fn catalogue(&self) -> BoxFuture<'_, Result<Catalogue, DatabaseError>> {
        Box::pin(async {
            self.looks.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
            self.answer.clone()
        })
    }

    fn run_into<'a>(&'a self, _: Run<'a>, _: Sink) -> BoxFuture<'a, Result<Outcome, DatabaseError>> {
        Box::pin(async { Err(DatabaseError::Unreachable) })
    }

    fn grade(&self) -> BoxFuture<'_, Result<Grade, DatabaseError>> {
        Box::pin(async { Ok(Grade::default()) })
    }

    fn ping(&self) -> BoxFuture<'_, Result<(), DatabaseError>> {
        Box::pin(async { Ok(()) })
    }
}

/// Asks twenty times at once, and again; gives how many answers were errors, and how many looks there were.
async fn ask(age: Age, answer: Result<Catalogue, DatabaseError>) -> (usize, usize) {
    let driver = Arc::new(Counted { looks: AtomicUsize::new(0), answer });
    let database = OpenDatabase {
        url: String::new(),
        driver: Arc::clone(&driver) as Arc<dyn Database>,
        known: Mutex::default(),
        look: tokio::sync::Mutex::default(),
        refused: OnceCell::new(),
        allows_unsafe: AtomicBool::new(false),
    };
    let mut errors = 0;
    for _ in 0..2 {
        let answers = join_all((0..20).map(|_| database.snapshot(age))).await;
        errors += answers.iter().filter(|answer| answer.is_err()).count();
    }
    (errors, driver.looks.load(Ordering::Relaxed))
}

fn catalogue() -> Catalogue {
    Catalogue { dialect: Dialect::Postgres, home: "public".to_owned(), tables: Vec::new() }
}

#[tokio::test]
async fn callers_who_ask_at_once_share_a_look() {
    let (errors, looks) = ask(Age::Now, Ok(catalogue())).await;
    assert_eq!((errors, (2..=4).contains(&looks)), (0, true), "{looks} looks");
}

#[tokio::test]
async fn a_fresh_catalogue_is_not_looked_for_again() {
    assert_eq!(ask(Age::Fresh, Ok(catalogue())).await, (0, 1));
}

#[tokio::test]
async fn callers_who_ask_at_once_share_a_failure() {
    let (errors, looks) = ask(Age::Now, Err(DatabaseError::Unreachable)).await;
    assert_eq!((errors, (2..=4).contains(&looks)), (40, true), "{looks} looks");
}
