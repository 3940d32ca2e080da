//! Whether what conditions read is there: arguments that tools declare, claims that keys have.
//!
//! Kept apart from [`Source::check`], since it can change without the document: a tool is redefined, a key revoked. It
//! speaks when a document is applied, and does not stand in the way of what is in force.

use mcp::{Json, Limits};

use crate::catalogue::{Catalogue, database};
use crate::condition::Condition;
use crate::document::{Document, Role, ToolShape};
use crate::pattern::Pattern;
use crate::problem::{Problem, Problems, did_you_mean, item, member};
use crate::ruleset;
use crate::yaml::Source;

impl Source {
    /// Conditions that read arguments a tool does not declare, or claims that no key of the role has. What the catalogue
    /// does not know, tools of single tables, and roles of tokens, whose claims only their issuer knows, are left alone.
    #[must_use]
    pub fn check_data(&self, catalogue: &Catalogue) -> Problems {
        let mut problems = Vec::new();
        for (name, role) in &self.document.roles {
            let place = member("roles", name);
            let claims = claims_of(&self.document, name);
            for (section, rules) in role.sections() {
                for (index, rule) in rules.iter().enumerate() {
                    let Some(condition) = ruleset::condition(section, rule) else { continue };
                    let place = member(&item(&member(&place, section), index), "when");
                    let unknown = unknown_claims(&condition, claims.as_deref()).chain(unknown_arguments(
                        &condition,
                        section,
                        &rule.pattern,
                        (&self.document, catalogue),
                    ));
                    problems.extend(unknown.map(|message| self.place(Problem::at(&place, message))));
                }
            }
        }
        problems.sort();
        Problems(problems)
    }
}

/// The claims that keys of a role have; none where nothing can be said about it.
fn claims_of<'d>(document: &'d Document, role: &str) -> Option<Vec<&'d str>> {
    let identity = &document.identity;
    if !identity.jwt.is_empty() || identity.host.is_some() {
        return None;
    }
    let mut keys = document.keys.iter().filter(|key| key.role == role).peekable();
    keys.peek()?;
    Some(keys.flat_map(|key| key.claims.keys().map(String::as_str)).collect())
}

fn unknown_claims<'c>(
    condition: &'c Condition,
    known: Option<&'c [&'c str]>,
) -> impl Iterator<Item = String> + 'c {
    let read = if known.is_some() { condition.claims() } else { Vec::new() };
    let known = known.unwrap_or_default();
    read.into_iter().filter(|name| !known.contains(name)).map(|name| {
        let hint = did_you_mean(name, known.iter().copied());
        format!("no key of the role has the claim `{name}`{hint}; ask `has(claims.{name})` first if it may be absent")
    })
}

fn unknown_arguments(
    condition: &Condition,
    section: &str,
    pattern: &str,
    known: (&Document, &Catalogue),
) -> Vec<String> {
    let declared = (section == Role::TOOLS).then(|| declared(pattern, known)).flatten();
    let Some(declared) = declared else {
        return Vec::new();
    };
    let read = condition.arguments().into_iter().filter(|name| !declared.iter().any(|known| known == name));
    read.map(|name| {
        let hint = did_you_mean(name, declared.iter().map(String::as_str));
        format!("the tool declares no argument `{name}`{hint}")
    })
    .collect()
}

/// The arguments the one tool of a pattern declares; none where it is not known, or takes whatever comes.
fn declared(pattern: &str, (document, catalogue): (&Document, &Catalogue)) -> Option<Vec<String>> {
    let pattern = Pattern::parse(pattern).ok()?;
    let (server, name) = (pattern.server.literal()?, pattern.name.literal()?);
    if let Some(database) = document.databases.get(server) {
        let arguments =
            database::arguments(name).filter(|_| database.tools.unwrap_or_default() == ToolShape::Generic);
        return arguments.map(|arguments| arguments.iter().map(|name| (*name).to_owned()).collect());
    }
    let tool = catalogue.tool(server, name)?;
    let limits = Limits { bytes: usize::MAX, depth: 512, members: usize::MAX };
    let schema = Json::parse(tool.input_schema()?.as_bytes(), &limits).ok()?;
    // Arguments may be declared elsewhere as well where the schema is put together of others.
    let composed = ["allOf", "anyOf", "oneOf", "$ref", "if", "patternProperties", "dependentSchemas"];
    let open = schema.member("additionalProperties").is_some_and(|extra| extra.as_bool() != Some(false));
    if open || composed.iter().any(|keyword| schema.member(keyword).is_some()) {
        return None;
    }
    Some(schema.member("properties")?.object()?.iter().map(|(name, _)| name.to_owned()).collect())
}
