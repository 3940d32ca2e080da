//! Plans and runs what a caller asks a database to run; all tools that run a statement come through here.

use std::sync::Arc;

use sql::{Checked, Checker, Claims, Effect, Refusal, Request, Scope};

use super::ask::Statement;
use super::{Answer, Changed, Content};
use crate::databases::Age;
use crate::db::rows::Sink;
use crate::db::{Commit, DatabaseError, Outcome, Run, Tag};
use crate::failure::Failure;
use crate::session::Session;
use crate::telemetry;

/// Runs it.
pub(super) async fn run(
    session: &Session,
    database: &str,
    asked: Statement,
    sink: Sink,
) -> Result<Answer, Failure> {
    let attempt = Attempt { session, database, asked: &asked };
    let (statement, outcome) = match attempt.run(Age::Fresh, again(&sink)).await {
        // The catalogue may be older than a table or column that was added since; nothing has run.
        Err(failure) if failure.may_be_stale() => attempt.run(Age::Now, sink).await?,
        result => result?,
    };
    Ok(answer(&statement, outcome, asked.commit))
}

fn again(sink: &Sink) -> Sink {
    match sink {
        Sink::Answer => Sink::Answer,
        Sink::Lines(lines) => Sink::Lines(lines.clone()),
    }
}

struct Attempt<'a> {
    session: &'a Session,
    database: &'a str,
    asked: &'a Statement,
}

impl Attempt<'_> {
    async fn run(&self, age: Age, sink: Sink) -> Result<(Checked, Outcome), Failure> {
        let scope = self.session.scope(self.database, age).await?;
        let statement = self.plan(&scope).await?;
        let caller = &self.session.caller;
        let run = Run {
            statement: &statement,
            tag: &Tag::new(&caller.decision_id, &caller.subject.name),
            commit: self.asked.commit,
            max_cost: self.session.max_cost(self.database),
        };
        let driver = self.session.open(self.database)?.driver();
        let told = telemetry::Statement::begin(self.database, scope.dialect(), &statement);
        let outcome = driver.run_into(run, sink).await;
        if let Some(told) = told {
            told.end(&outcome);
        }
        let outcome = outcome.map_err(Failure::Database)?;
        Ok((statement, outcome))
    }

    /// Text is planned elsewhere: what a hostile one costs in stack or time must not be the runtime's.
    async fn plan(&self, scope: &Arc<Scope>) -> Result<Checked, Failure> {
        let claims = self.session.claims();
        let gate = &self.session.gate;
        if !matches!(self.asked.request, Request::Sql(_)) {
            return plan(&self.asked.request, scope, &claims, &gate.checker).map_err(Failure::Query);
        }
        let (request, scope, shared) = (self.asked.request.clone(), Arc::clone(scope), Arc::clone(gate));
        let planned = gate.planner.run(move || plan(&request, &scope, &claims, &shared.checker)).await;
        planned.map_err(|_| Failure::Database(DatabaseError::Busy))?.map_err(Failure::Query)
    }
}

fn plan(request: &Request, scope: &Scope, claims: &Claims, checker: &Checker) -> Result<Checked, Refusal> {
    checker.check(&sql::plan(request, scope, claims)?, scope.dialect())
}

fn answer(statement: &Checked, outcome: Outcome, commit: Commit) -> Answer {
    let Outcome { rows, affected } = outcome;
    let count = rows.count;
    let (content, rows) = match statement.effect() {
        Effect::Read => (Content::Rows(rows), count),
        Effect::Ddl => (Content::Changed(Changed { affected, rows: None, commit }), affected),
        Effect::Write(write) => {
            let rows = write.returns_rows.then_some(rows);
            (Content::Changed(Changed { affected, rows, commit }), affected)
        }
    };
    let text = match (statement.effect(), commit) {
        (Effect::Ddl | Effect::Write(_), Commit::DryRun) => {
            format!("/* dry run, rolled back */ {}", statement.sql())
        }
        _ => statement.sql().to_owned(),
    };
    Answer { content, statement: text, tables: statement.tables().to_vec(), rows }
}
