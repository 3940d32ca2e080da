//! What a path, a verb, parameters and a body ask of which tool.

use axum::http::Method;
use sql::{Delete, Insert, Query, RawSql, Refusal, Update};

use super::body::{Body, SqlText};
use super::envelope::Page;
use super::parameters::{Parameters, split};
use super::{Resource, ids};
use crate::databases::Age;
use crate::db::Commit;
use crate::failure::Failure;
use crate::session::{Session, Target};
use crate::tools::ToolKind;
use crate::tools::ask::{Ask, Asked, Statement, TablesPage};

/// Most rows of one answer where the URL does not say.
const DEFAULT_LIMIT: u64 = 25;

const READ: [&str; 10] =
    ["cursor", "fields", "filter", "group", "having", "ids", "include_count", "limit", "offset", "order"];

/// A request, as far as it says what is asked.
pub(super) struct Request<'a> {
    pub(super) resource: &'a Resource,
    pub(super) method: &'a Method,
    pub(super) query: &'a str,
    pub(super) body: &'a Body,
}

/// The call of a tool.
pub(super) struct Wanted {
    pub(super) tool: ToolKind,
    /// The table, as the URL names it.
    pub(super) table: Option<String>,
    pub(super) asked: Result<Asked, Failure>,
    /// What was asked for, to be repeated in the envelope.
    pub(super) page: Page,
    /// How many rows there are in all, if that is asked too.
    pub(super) count: Option<Asked>,
}

impl Request<'_> {
    /// What is asked. What is wrong with it is for the tool's call to say, so that it is recorded like any other.
    pub(super) async fn wanted(&self, session: &Session) -> Wanted {
        let plain = |tool, asked: Result<Ask, String>| Wanted {
            tool,
            table: None,
            asked: asked.map(asked_of).map_err(|problem| refuse(tool, problem)),
            page: Page::default(),
            count: None,
        };
        match self.resource {
            Resource::Databases => plain(ToolKind::ListDatabases, self.none().map(|()| Ask::Databases)),
            Resource::Schema => plain(ToolKind::DescribeTable, self.none().map(|()| Ask::Schema)),
            Resource::Table { table } => {
                let asked = self.none().map(|()| Ask::Describe { table: table.clone() });
                Wanted { table: Some(table.clone()), ..plain(ToolKind::DescribeTable, asked) }
            }
            Resource::Tables => plain(ToolKind::ListTables, self.tables()),
            Resource::Sql => plain(ToolKind::RunSql, self.sql()),
            Resource::Row { table, id } => self.row(session, table, id).await,
            Resource::Rows { table } => match *self.method {
                Method::POST => self.insert(table),
                Method::PUT | Method::PATCH => self.change(session, table, ToolKind::Update).await,
                Method::DELETE => self.change(session, table, ToolKind::Delete).await,
                _ => self.rows(session, table).await,
            },
        }
    }

    fn none(&self) -> Result<(), String> {
        Parameters::read(self.query, &[]).map(drop)
    }

    fn tables(&self) -> Result<Ask, String> {
        let mut parameters = Parameters::read(self.query, &["cursor", "limit", "search"])?;
        let limit = parameters.number("limit")?.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
        let (search, cursor) = (parameters.text("search"), parameters.text("cursor"));
        Ok(Ask::Tables(TablesPage::new(search, limit, cursor)))
    }

    fn sql(&self) -> Result<Ask, String> {
        let dry_run = Parameters::read(self.query, &["dry_run"])?.flag("dry_run")?;
        let SqlText { sql, params, dry_run: also } = self.body.sql()?;
        Ok(statement(sql::Request::Sql(RawSql { sql, params }), dry_run || also))
    }

    async fn rows(&self, session: &Session, table: &str) -> Wanted {
        let read = Parameters::read(self.query, &READ).and_then(|mut parameters| {
            let query = Query {
                table: table.to_owned(),
                fields: parameters.list("fields"),
                filter: parameters.text("filter"),
                group: parameters.list("group"),
                having: parameters.text("having"),
                order: parameters.text("order"),
                limit: Some(parameters.number("limit")?.unwrap_or(DEFAULT_LIMIT)),
                offset: parameters.number("offset")?,
                cursor: parameters.text("cursor"),
            };
            let ids = parameters.text("ids").map(|ids| split(&ids));
            Ok((query, ids, parameters.flag("include_count")?))
        });
        let (mut query, ids, counts) = match read {
            Ok(read) => read,
            Err(problem) => return wrong(ToolKind::Query, table, refuse(ToolKind::Query, problem)),
        };
        let is_aggregate = !query.group.is_empty() || query.fields.iter().any(|field| field.contains('('));
        let tool = if is_aggregate { ToolKind::Aggregate } else { ToolKind::Query };
        if let Some(ids) = ids {
            match with_ids(session, tool, table, &ids, query.filter.as_deref()).await {
                Ok(filter) => query.filter = Some(filter),
                Err(failure) => return wrong(tool, table, failure),
            }
        }
        let page = Page { limit: query.limit.unwrap_or_default(), offset: query.offset.unwrap_or_default() };
        let count = (counts && !is_aggregate).then(|| {
            let count = Query {
                table: table.to_owned(),
                fields: vec!["count(*) AS total".to_owned()],
                filter: query.filter.clone(),
                ..Query::default()
            };
            asked_of(statement(sql::Request::Query(count), false))
        });
        let asked = Ok(asked_of(statement(sql::Request::Query(query), false)));
        Wanted { tool, table: Some(table.to_owned()), asked, page, count }
    }

    async fn row(&self, session: &Session, table: &str, id: &str) -> Wanted {
        let tool = ToolKind::Query;
        let fields = match Parameters::read(self.query, &["fields"]) {
            Ok(mut parameters) => parameters.list("fields"),
            Err(problem) => return wrong(tool, table, refuse(tool, problem)),
        };
        let filter = match with_ids(session, tool, table, &[id.to_owned()], None).await {
            Ok(filter) => filter,
            Err(failure) => return wrong(tool, table, failure),
        };
        let query = Query {
            table: table.to_owned(),
            fields,
            filter: Some(filter),
            limit: Some(1),
            ..Query::default()
        };
        let asked = Ok(asked_of(statement(sql::Request::Query(query), false)));
        Wanted { tool, table: Some(table.to_owned()), asked, page: Page::default(), count: None }
    }

    fn insert(&self, table: &str) -> Wanted {
        let tool = ToolKind::Insert;
        let asked = Parameters::read(self.query, &["dry_run", "on_conflict", "returning"]).and_then(
            |mut parameters| {
                let insert = Insert {
                    table: table.to_owned(),
                    rows: self.body.rows()?,
                    on_conflict: parameters.list("on_conflict"),
                    returning: parameters.list("returning"),
                };
                Ok(statement(sql::Request::Insert(insert), parameters.flag("dry_run")?))
            },
        );
        let asked = asked.map(asked_of).map_err(|problem| refuse(tool, problem));
        Wanted { tool, table: Some(table.to_owned()), asked, page: Page::default(), count: None }
    }

    /// An update or a removal of the rows that meet a condition.
    async fn change(&self, session: &Session, table: &str, tool: ToolKind) -> Wanted {
        match self.try_change(session, table, tool).await {
            Ok(asked) => Wanted {
                tool,
                table: Some(table.to_owned()),
                asked: Ok(asked),
                page: Page::default(),
                count: None,
            },
            Err(failure) => wrong(tool, table, failure),
        }
    }

    async fn try_change(&self, session: &Session, table: &str, tool: ToolKind) -> Result<Asked, Failure> {
        let problem = |problem| refuse(tool, problem);
        let mut parameters =
            Parameters::read(self.query, &["dry_run", "filter", "ids", "returning"]).map_err(problem)?;
        let (given, returning) = (parameters.text("filter"), parameters.list("returning"));
        let dry_run = parameters.flag("dry_run").map_err(problem)?;
        let filter = match parameters.text("ids") {
            None => given,
            Some(ids) => Some(with_ids(session, tool, table, &split(&ids), given.as_deref()).await?),
        };
        let table = table.to_owned();
        let request = match tool {
            ToolKind::Delete => sql::Request::Delete(Delete { table, filter, returning }),
            _ => {
                let set = self.body.row().map_err(problem)?;
                sql::Request::Update(Update { table, filter, set, returning })
            }
        };
        Ok(asked_of(statement(request, dry_run)))
    }
}

/// The condition that rows with these ids meet.
async fn with_ids(
    session: &Session,
    tool: ToolKind,
    table: &str,
    ids: &[String],
    filter: Option<&str>,
) -> Result<String, Failure> {
    let Target::One(database) = &session.target else {
        return Err(Failure::NoDatabase { role: session.caller.subject.role.clone() });
    };
    let scope = session.scope(session.database(Some(database))?, Age::Fresh).await?;
    let unknown = || Failure::Query(Refusal::Table { table: table.chars().take(128).collect() });
    let found = scope.table(table).ok_or_else(unknown)?;
    ids::condition(found, ids, filter).map_err(|problem| refuse(tool, problem))
}

fn refuse(tool: ToolKind, problem: String) -> Failure {
    Failure::Arguments { tool: tool.name().to_owned(), problem }
}

fn wrong(tool: ToolKind, table: &str, failure: Failure) -> Wanted {
    Wanted { tool, table: Some(table.to_owned()), asked: Err(failure), page: Page::default(), count: None }
}

fn statement(request: sql::Request, dry_run: bool) -> Ask {
    let commit = if dry_run { Commit::DryRun } else { Commit::Commit };
    Ask::Statement(Statement { request, commit })
}

/// Of the database that the URL names: a target of one needs no name.
fn asked_of(ask: Ask) -> Asked {
    Asked { database: None, ask }
}
