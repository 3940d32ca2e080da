//! One statement as a span within its call's, and its time among the measurements.

use std::time::Instant;

use opentelemetry::trace::{SpanBuilder, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue};
use sql::{Checked, Dialect, Effect};

use super::Instruments;
use crate::db::{DatabaseError, Outcome};
use crate::failure::Failure;

/// Longest summary, as the conventions want it.
const SUMMARY: usize = 255;

/// A statement under way. One that is dropped before its end was cancelled.
pub(crate) struct Statement {
    instruments: &'static Instruments,
    context: Context,
    labels: Vec<KeyValue>,
    began: Instant,
    open: bool,
}

impl Statement {
    /// A statement that goes to a database; none while nobody is told.
    pub(crate) fn begin(database: &str, dialect: Dialect, statement: &Checked) -> Option<Self> {
        let instruments = Instruments::of_this_process()?;
        let operation = operation(statement);
        let mut labels = vec![
            KeyValue::new("db.system.name", system(dialect)),
            KeyValue::new("db.namespace", database.to_owned()),
            KeyValue::new("db.operation.name", operation),
        ];
        if let [only] = statement.tables() {
            labels.push(KeyValue::new("db.collection.name", only.clone()));
        }
        let summary = summary(operation, statement.tables());
        let told = [KeyValue::new("db.query.summary", summary.clone())];
        let span = SpanBuilder::from_name(summary)
            .with_kind(SpanKind::Client)
            .with_attributes(labels.iter().cloned().chain(told));
        let parent = Context::current();
        let span = instruments.tracer.build_with_context(span, &parent);
        Some(Self { instruments, context: parent.with_span(span), labels, began: Instant::now(), open: true })
    }

    /// It has come to its end.
    pub(crate) fn end(mut self, result: &Result<Outcome, DatabaseError>) {
        match result {
            Ok(outcome) => {
                let rows = outcome.rows.count;
                let told = i64::try_from(rows).unwrap_or(i64::MAX);
                self.context.span().set_attribute(KeyValue::new("db.response.returned_rows", told));
                self.instruments.rows.record(rows, &self.labels);
                self.close(None);
            }
            Err(error) => self.close(Some(Failure::Database(error.clone()).word())),
        }
    }

    fn close(&mut self, error: Option<&'static str>) {
        self.open = false;
        let span = self.context.span();
        if let Some(kind) = error {
            self.labels.push(KeyValue::new("error.type", kind));
            span.set_attribute(KeyValue::new("error.type", kind));
            span.set_status(Status::error(kind));
        }
        span.end();
        self.instruments.statements.record(self.began.elapsed().as_secs_f64(), &self.labels);
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        if self.open {
            self.close(Some(Failure::Cancelled.word()));
        }
    }
}

const fn system(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::MySql => "mysql",
        Dialect::Postgres => "postgresql",
        Dialect::SqlServer => "microsoft.sql_server",
        Dialect::Sqlite => "sqlite",
    }
}

/// What the statement does, by the word it begins with.
fn operation(statement: &Checked) -> &'static str {
    const CHANGES: [&str; 8] = ["INSERT", "UPDATE", "DELETE", "MERGE", "CREATE", "ALTER", "DROP", "TRUNCATE"];
    let first = statement.sql().split_ascii_whitespace().next().unwrap_or_default();
    let found = CHANGES.into_iter().find(|word| word.eq_ignore_ascii_case(first));
    match statement.effect() {
        Effect::Read => "SELECT",
        Effect::Ddl => found.unwrap_or("DDL"),
        Effect::Write(_) => found.unwrap_or("WRITE"),
    }
}

/// The operation and the tables, as many as fit.
fn summary(operation: &str, tables: &[String]) -> String {
    let mut summary = operation.to_owned();
    for table in tables {
        if summary.len() + 1 + table.len() > SUMMARY {
            break;
        }
        summary.push(' ');
        summary.push_str(table);
    }
    summary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_says_what_is_done_to_which_tables_and_has_an_end() {
        assert_eq!(summary("SELECT", &["a".to_owned(), "b".to_owned()]), "SELECT a b");
        assert!(summary("SELECT", &vec!["t".repeat(60); 9]).len() <= SUMMARY);
    }
}
