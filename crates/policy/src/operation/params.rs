//! The parameters of a request, asked for by name.

use std::borrow::Cow;

use mcp::{Json, Kind, Object};

use crate::operation::{Arguments, MissingParam};

/// The parameters of one request, asked for by name.
pub(super) struct Params<'p, 'a> {
    pub(super) method: &'p str,
    pub(super) object: Option<&'p Object<'a>>,
}

impl<'a> Params<'_, 'a> {
    fn missing(&self, param: &'static str, expected: &'static str) -> MissingParam {
        MissingParam { method: self.method.to_owned(), param, expected }
    }

    pub(super) fn text(&self, param: &'static str) -> Result<Cow<'a, str>, MissingParam> {
        self.object
            .and_then(|object| object.get(param))
            .and_then(Json::as_str)
            .ok_or_else(|| self.missing(param, "a string"))
    }

    /// Absent arguments are none at all.
    pub(super) fn arguments(&self) -> Arguments<'a> {
        Arguments::Known(self.object.and_then(|object| object.get("arguments")).unwrap_or(Json::EMPTY_OBJECT))
    }

    /// `ref` is `{type: ref/prompt, name}` or `{type: ref/resource, uri}`.
    pub(super) fn reference(&self) -> Result<Cow<'a, str>, MissingParam> {
        let expected = "an object with `type` and `name` or `uri`";
        let reference = self.object.and_then(|object| object.get("ref")).and_then(Json::object);
        let field =
            |name: &str| reference.as_ref().and_then(|object| object.get(name)).and_then(Json::as_str);
        match field("type").as_deref() {
            Some("ref/prompt") => field("name"),
            Some("ref/resource") => field("uri"),
            _ => None,
        }
        .ok_or_else(|| self.missing("ref", expected))
    }

    /// Members of `notifications` that are not false. One we do not know becomes a topic of its own name, so that a rule
    /// has to allow it.
    pub(super) fn topics(&self) -> Result<Vec<String>, MissingParam> {
        let expected = "an object of notification types";
        let Some(member) = self.object.and_then(|object| object.get("notifications")) else {
            return Ok(Vec::new());
        };
        let asked = member.object().ok_or_else(|| self.missing("notifications", expected))?;
        let mut topics = Vec::new();
        for (name, value) in asked.iter() {
            match (name, value.kind()) {
                (_, Kind::Null) => {}
                (_, Kind::Bool) if value.as_bool() == Some(false) => {}
                ("toolsListChanged", _) => topics.push("tools_list_changed".to_owned()),
                ("promptsListChanged", _) => topics.push("prompts_list_changed".to_owned()),
                ("resourcesListChanged", _) => topics.push("resources_list_changed".to_owned()),
                ("resourceSubscriptions", _) => self.uris(value, &mut topics)?,
                (other, _) => topics.push(other.to_owned()),
            }
        }
        Ok(topics)
    }

    fn uris(&self, value: Json<'a>, topics: &mut Vec<String>) -> Result<(), MissingParam> {
        let missing = || self.missing("notifications.resourceSubscriptions", "an array of URIs");
        for uri in value.array().ok_or_else(missing)? {
            topics.push(uri.as_str().ok_or_else(missing)?.into_owned());
        }
        Ok(())
    }
}
