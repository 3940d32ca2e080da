//! What a server offers beside the definitions of its tools: what an endpoint of several servers answers for it.
//!
//! Definitions are the server's own text. On such an endpoint a tool or prompt is listed under another name, which is put
//! in the place of the first; all else of a definition stays byte for byte.

use std::collections::HashSet;
use std::ops::Range;

use mcp::list::ListKind;
use mcp::revision::{self, Era};
use mcp::{Json, Limits};

use crate::ruleset::SEPARATOR;

/// Bounds of one definition.
const LIMITS: Limits = Limits { bytes: 1024 * 1024, depth: 120, members: 100_000 };

/// What a server offers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offer {
    /// What it said of itself.
    pub greeting: Greeting,
    /// Names of its tools, in its order.
    tools: Box<[Box<str>]>,
    prompts: Box<[Entry]>,
    resources: Box<[Entry]>,
    templates: Box<[Entry]>,
}

/// What a server said of itself when it was greeted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Greeting {
    /// The protocol revision that was agreed on with it.
    pub revision: Box<str>,
    /// Whether it gave its legacy client a session.
    pub sessions: bool,
    /// Whether it completes arguments.
    pub completions: bool,
    /// How it wants to be used.
    pub instructions: Option<Box<str>>,
}

/// One prompt, resource or template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    key: Box<str>,
    definition: Box<str>,
    key_at: Range<usize>,
}

impl Entry {
    /// Reads a definition as a server lists it; none where it has no key, so that nobody could use it.
    #[must_use]
    pub fn read(kind: ListKind, definition: &str) -> Option<Entry> {
        Entry::of(kind, Json::parse(definition.as_bytes(), &LIMITS).ok()?)
    }

    fn of(kind: ListKind, json: Json<'_>) -> Option<Entry> {
        let key = json.member(kind.item_key())?;
        Some(Entry {
            key: key.as_str()?.into(),
            definition: json.text().into(),
            key_at: key.offset_in(json.bytes()),
        })
    }

    /// The name, URI or template by which it is used.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The definition, as the server wrote it: JSON.
    #[must_use]
    pub fn definition(&self) -> &str {
        &self.definition
    }

    /// Writes the definition with the name that it has on an endpoint of several servers.
    pub fn write_under(&self, server: &str, out: &mut Vec<u8>) {
        write_under(server, &self.definition, &self.key_at, out);
    }
}

impl Default for Greeting {
    fn default() -> Greeting {
        Greeting {
            revision: revision::MODERN.into(),
            sessions: false,
            completions: false,
            instructions: None,
        }
    }
}

impl Greeting {
    /// The era the server speaks.
    #[must_use]
    pub fn era(&self) -> Era {
        Era::of(&self.revision).unwrap_or(Era::Legacy)
    }
}

impl Offer {
    /// An offer of a server that was greeted: the names of its tools, and the definitions of what else it has. Of two with one
    /// key the first counts.
    pub fn new<'t>(
        greeting: Greeting,
        tools: impl IntoIterator<Item = &'t str>,
        entries: impl Fn(ListKind) -> Vec<Entry>,
    ) -> Offer {
        let mut seen = HashSet::new();
        let tools = tools.into_iter().filter(|name| seen.insert(*name)).map(Box::from).collect();
        let once = |kind: ListKind| {
            let mut seen = HashSet::new();
            let entries = entries(kind).into_iter().filter(|entry| seen.insert(entry.key.clone()));
            entries.collect()
        };
        Offer {
            greeting,
            tools,
            prompts: once(ListKind::Prompts),
            resources: once(ListKind::Resources),
            templates: once(ListKind::ResourceTemplates),
        }
    }

    /// Names of the tools, in the server's order.
    pub fn tools(&self) -> impl Iterator<Item = &str> {
        self.tools.iter().map(AsRef::as_ref)
    }

    /// Prompts, resources or templates, in the server's order. Tools have their own definitions in the catalogue.
    #[must_use]
    pub fn entries(&self, kind: ListKind) -> &[Entry] {
        match kind {
            ListKind::Prompts => &self.prompts,
            ListKind::Resources => &self.resources,
            ListKind::ResourceTemplates => &self.templates,
            ListKind::Tools => &[],
        }
    }

    pub(super) fn from_json(json: Json<'_>) -> Option<Offer> {
        let is = |member: &str| json.member(member).and_then(Json::as_bool).unwrap_or_default();
        let text = |member: &str| json.member(member).and_then(Json::as_str);
        let greeting = Greeting {
            revision: text("revision")?.into(),
            sessions: is("sessions"),
            completions: is("completions"),
            instructions: text("instructions").map(Into::into),
        };
        let list = |kind: ListKind| json.member(kind.array_key()).and_then(Json::array).unwrap_or_default();
        let names: Vec<_> = list(ListKind::Tools).into_iter().filter_map(Json::as_str).collect();
        let entries =
            |kind: ListKind| list(kind).into_iter().filter_map(|item| Entry::of(kind, item)).collect();
        Some(Offer::new(greeting, names.iter().map(AsRef::as_ref), entries))
    }

    pub(super) fn write_json(&self, out: &mut Vec<u8>) {
        let Greeting { revision, sessions, completions, instructions } = &self.greeting;
        out.extend_from_slice(b"{\"revision\":");
        mcp::write_string(out, revision);
        out.extend_from_slice(format!(",\"sessions\":{sessions},\"completions\":{completions}").as_bytes());
        if let Some(instructions) = instructions {
            out.extend_from_slice(b",\"instructions\":");
            mcp::write_string(out, instructions);
        }
        let mut list = |kind: ListKind, items: &mut dyn Iterator<Item = Vec<u8>>| {
            out.extend_from_slice(format!(",\"{}\":[", kind.array_key()).as_bytes());
            for (index, item) in items.enumerate() {
                out.extend_from_slice(if index == 0 { b"" } else { b"," });
                out.extend_from_slice(&item);
            }
            out.push(b']');
        };
        let named = |name: &str| {
            let mut quoted = Vec::new();
            mcp::write_string(&mut quoted, name);
            quoted
        };
        list(ListKind::Tools, &mut self.tools().map(named));
        for kind in [ListKind::Prompts, ListKind::Resources, ListKind::ResourceTemplates] {
            let definitions = self.entries(kind).iter().map(|entry| entry.definition.as_bytes().to_vec());
            list(kind, &mut { definitions });
        }
        out.push(b'}');
    }
}

/// Writes a definition whose name stands at this place, with the server before the name.
pub(super) fn write_under(server: &str, definition: &str, name_at: &Range<usize>, out: &mut Vec<u8>) {
    // Behind the opening quote: the name keeps its spelling.
    let (before, after) = definition.split_at_checked(name_at.start + 1).unwrap_or((definition, ""));
    for part in [before, server, SEPARATOR, after] {
        out.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use mcp::list::ListKind;

    use super::{Entry, Greeting, Offer};
    use crate::catalogue::Catalogue;
    use crate::catalogue::tool::Tool;

    #[test]
    fn a_definition_keeps_every_byte_but_its_name() {
        let text = r#"{ "title":"\u00c4", "name" : "a\u0062", "x": {"name":"no"} }"#;
        let expected = r#"{ "title":"\u00c4", "name" : "shop__a\u0062", "x": {"name":"no"} }"#;
        let (mut tool, mut prompt) = (Vec::new(), Vec::new());
        Tool::read(text).unwrap().write_under("shop", &mut tool);
        Entry::read(ListKind::Prompts, text).unwrap().write_under("shop", &mut prompt);
        assert_eq!((tool, prompt), (expected.as_bytes().to_vec(), expected.as_bytes().to_vec()));
    }

    #[test]
    fn an_offer_travels_in_the_catalogue() {
        let entries = |kind| match kind {
            ListKind::Prompts => vec![Entry::read(kind, r#"{"name":"p"}"#).unwrap()],
            ListKind::Resources => {
                let twice = [r#"{"uri":"x://1","name":"one"}"#, r#"{"uri":"x://1","name":"two"}"#];
                twice.iter().filter_map(|text| Entry::read(kind, text)).collect()
            }
            _ => Vec::new(),
        };
        let greeting = Greeting {
            revision: "2025-06-18".into(),
            sessions: true,
            completions: true,
            instructions: Some("Say \"please\"".into()),
        };
        let offer = Offer::new(greeting, ["b", "a", "b"], entries);
        assert_eq!(offer.tools().collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(offer.entries(ListKind::Resources).len(), 1);
        let mut catalogue = Catalogue::default();
        catalogue.insert("s", [Tool::read(r#"{"name":"a"}"#).unwrap()]);
        catalogue.insert_offer("s", offer);
        catalogue.insert_offer("t", Offer::default());
        let json = catalogue.to_json();
        assert_eq!(Catalogue::from_json(&json).unwrap(), catalogue);
        assert_eq!(Catalogue::from_json(&json).unwrap().to_json(), json);
    }

    #[test]
    fn what_has_no_key_is_no_entry() {
        for text in ["{}", r#"{"name":1}"#, "[]", "{", r#"{"uri":"x"}"#] {
            assert!(Entry::read(ListKind::Prompts, text).is_none(), "{text}");
        }
    }
}
