//! `{"resource": [...], "meta": {...}}`: what a tool gave, as REST says it.

use std::time::Instant;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::Resource;
use crate::db::Commit;
use crate::db::rows::Rows;
use crate::http::reply;
use crate::tools::{Changed, Content};

/// What was asked for, repeated in the envelope.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Page {
    pub(super) limit: u64,
    pub(super) offset: u64,
}

/// What the envelope depends on beside the content.
pub(super) struct Envelope<'a> {
    pub(super) resource: &'a Resource,
    pub(super) method: &'a Method,
    pub(super) page: Page,
    pub(super) began: Instant,
}

impl Envelope<'_> {
    /// The reply; `total` where the number of all rows was asked for.
    pub(super) fn of(&self, content: Content, total: Option<u64>, decision_id: &str) -> Response {
        match (content, self.resource) {
            (Content::Changed(changed), _) => self.changed(&changed),
            (Content::Object(json), Resource::Table { .. }) => reply::json(StatusCode::OK, json),
            (Content::Object(json), _) => self.listed(&json),
            (Content::Rows(rows), Resource::Row { .. }) => match only(&rows) {
                Some(row) => reply::json(StatusCode::OK, row.to_vec()),
                None => reply::no_such_row(decision_id),
            },
            (Content::Rows(rows), _) => self.rows(&rows, total),
        }
    }

    fn rows(&self, rows: &Rows, total: Option<u64>) -> Response {
        let mut meta = Map::from_iter([
            ("count".to_owned(), json!(rows.count)),
            ("truncated".to_owned(), json!(rows.cut.is_some())),
        ]);
        if *self.resource != Resource::Sql {
            meta.insert("limit".to_owned(), json!(self.page.limit));
            meta.insert("offset".to_owned(), json!(self.page.offset));
        }
        let known = [
            ("total", total.map(Value::from)),
            ("next_cursor", rows.next_cursor.clone().map(Value::from)),
            ("hint", rows.cut.map(|cut| cut.hint().into())),
        ];
        for (name, value) in known {
            if let Some(value) = value {
                meta.insert(name.to_owned(), value);
            }
        }
        self.write(StatusCode::OK, &rows.json, meta)
    }

    fn changed(&self, changed: &Changed) -> Response {
        let mut meta = Map::from_iter([("affected".to_owned(), json!(changed.affected))]);
        let is_dry = changed.commit == Commit::DryRun;
        if is_dry {
            meta.insert("dry_run".to_owned(), json!(true));
        }
        let makes = *self.method == Method::POST && *self.resource != Resource::Sql && !is_dry;
        let status = if makes { StatusCode::CREATED } else { StatusCode::OK };
        let rows = changed.rows.as_ref().map_or(b"[]".as_slice(), |rows| &rows.json);
        self.write(status, rows, meta)
    }

    /// A list that a tool gave as an object: its one array is the resource, and its other members are about it.
    fn listed(&self, json: &[u8]) -> Response {
        let mut meta: Map<String, Value> = serde_json::from_slice(json).unwrap_or_default();
        let name = meta.iter().find(|(_, value)| value.is_array()).map(|(name, _)| name.clone());
        let list = name.and_then(|name| meta.remove(&name)).unwrap_or(json!([]));
        meta.insert("count".to_owned(), json!(list.as_array().map_or(0, Vec::len)));
        self.write(StatusCode::OK, list.to_string().as_bytes(), meta)
    }

    fn write(&self, status: StatusCode, resource: &[u8], mut meta: Map<String, Value>) -> Response {
        let took = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        meta.insert("took_ms".to_owned(), json!(took));
        let meta = Value::Object(meta).to_string();
        let mut body = Vec::with_capacity(resource.len() + meta.len() + 24);
        body.extend_from_slice(b"{\"resource\":");
        body.extend_from_slice(resource);
        body.extend_from_slice(b",\"meta\":");
        body.extend_from_slice(meta.as_bytes());
        body.push(b'}');
        reply::json(status, body)
    }
}

/// The one row of a result.
fn only(rows: &Rows) -> Option<&[u8]> {
    (rows.count == 1).then(|| rows.json.strip_prefix(b"[")?.strip_suffix(b"]")).flatten()
}

/// The number that is all of a result.
pub(super) fn only_number(content: &Content) -> Option<u64> {
    let Content::Rows(rows) = content else { return None };
    let row: Map<String, Value> = serde_json::from_slice(only(rows)?).ok()?;
    let value = row.values().next()?;
    // Beyond 2^53 it is a string.
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
