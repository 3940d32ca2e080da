//! Lists of an endpoint with several servers: made of the catalogue, for one caller, cut into pages.
//!
//! A definition is listed as its server wrote it; only the name of a tool or prompt gets the server's before it. Pages that
//! are the same for every caller of a role are made once per revision.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use mcp::{Json, Object, list::ListKind};
use policy::{Backend, Endpoint, Tool, catalogue::offer::Entry};

use crate::{Era, many, reply::several::Unserved, standing::Standing};

/// Most items of a page, and how many bytes end it.
const ITEMS: usize = 500;
const BYTES: usize = 1024 * 1024;
/// Most bytes of pages that are kept for a next time.
const KEPT: usize = 4 * 1024 * 1024;
/// For how long a client may take a list for current, in milliseconds: as often as servers are asked.
pub(crate) const LIFETIME: &str = "60000";
/// Bytes of a cursor's proof.
const PROOF: usize = 12;

/// The items of a list, page by page, with commas between them.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pages: Vec<Vec<u8>>,
    digest: OnceLock<blake3::Hash>,
}

/// Pages that are the same for every caller of a role.
#[derive(Debug, Default)]
pub(crate) struct Kept(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    /// What lists of other endpoints had shown when these were made.
    sightings: u64,
    bytes: usize,
    /// By path, role and method.
    pages: HashMap<(String, String, &'static str), Arc<Pages>>,
}

/// One item, of the server that is named.
enum Item<'i> {
    /// A prompt, or a tool of a database.
    Prefixed(&'i str, &'i Entry),
    /// A resource or a template: what it is called is its server's own.
    Resource(&'i Entry),
    Tool(&'i str, &'i Tool),
}

impl Item<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Prefixed(server, entry) => entry.write_under(server, out),
            Self::Resource(resource) => out.extend_from_slice(resource.definition().as_bytes()),
            Self::Tool(server, tool) => tool.write_under(server, out),
        }
    }
}

/// One list, for one caller.
pub(crate) struct List<'l> {
    pub(crate) endpoint: &'l Endpoint,
    pub(crate) standing: &'l Standing,
    pub(crate) kind: ListKind,
}

impl List<'_> {
    /// The message that answers a request for the list.
    ///
    /// # Errors
    /// The cursor is none of this list.
    pub(crate) fn answer(
        &self,
        params: Option<&Object<'_>>,
        (id, era): (&[u8], Era),
    ) -> Result<Vec<u8>, Unserved> {
        let pages = self.pages();
        let cursor = params.and_then(|params| params.get("cursor")).filter(|cursor| *cursor != Json::NULL);
        let index = match cursor {
            None => 0,
            Some(cursor) => cursor.as_str().and_then(|cursor| self.index(&cursor)).ok_or(Unserved::Cursor)?,
        };
        let empty = Vec::new();
        let page = match pages.pages.get(index) {
            Some(page) => page,
            None if index == 0 => &empty,
            None => return Err(Unserved::Cursor),
        };
        let next = (index + 1 < pages.pages.len()).then(|| self.cursor(index + 1));
        let next = next.map(|cursor| format!(r#","nextCursor":"{cursor}""#)).unwrap_or_default();
        let mark = match era {
            Era::Legacy => String::new(),
            Era::Modern => {
                format!(r#","resultType":"complete","ttlMs":{LIFETIME},"cacheScope":"private""#)
            }
        };
        let open = format!(r#"{{"{}":["#, self.kind.array_key());
        let parts = [open.as_bytes(), page, b"]", next.as_bytes(), mark.as_bytes(), b"}"];
        Ok(many::message(id, &parts))
    }

    /// What tells the list from any other that the caller could have got.
    pub(crate) fn digest(&self) -> blake3::Hash {
        let pages = self.pages();
        let digest = pages.digest.get_or_init(|| {
            let mut hasher = blake3::Hasher::new();
            for page in &pages.pages {
                hasher.update(page);
            }
            hasher.finalize()
        });
        *digest
    }

    fn backends(&self) -> &[Backend] {
        self.endpoint.several().unwrap_or_default()
    }

    fn pages(&self) -> Arc<Pages> {
        let (revision, subject) = (&self.standing.revision, &self.standing.subject);
        let rules = revision.rules();
        if !self.backends().iter().all(|backend| rules.shows_alike(subject, &backend.server, self.kind)) {
            return Arc::new(self.made());
        }
        let key = (self.endpoint.path.clone(), subject.role.clone(), self.kind.method());
        // Each change is complete in itself, so a panic elsewhere leaves nothing half done.
        let mut shelf = revision.kept_pages().0.lock().unwrap_or_else(PoisonError::into_inner);
        let sightings = revision.sightings().changes();
        if shelf.sightings != sightings {
            *shelf = Shelf { sightings, ..Shelf::default() };
        }
        if let Some(pages) = shelf.pages.get(&key) {
            return Arc::clone(pages);
        }
        let pages = Arc::new(self.made());
        let size = pages.pages.iter().map(Vec::len).sum::<usize>();
        if shelf.bytes + size > KEPT {
            *shelf = Shelf { sightings, ..Shelf::default() };
        }
        if size <= KEPT {
            shelf.bytes += size;
            shelf.pages.insert(key, Arc::clone(&pages));
        }
        pages
    }

    /// The list, of what the caller may use.
    fn made(&self) -> Pages {
        let (mut pages, mut page, mut items) = (Vec::new(), Vec::new(), 0);
        for item in self.items() {
            if items == ITEMS || page.len() >= BYTES {
                pages.push(std::mem::take(&mut page));
                items = 0;
            }
            if items > 0 {
                page.push(b',');
            }
            item.write(&mut page);
            items += 1;
        }
        if items > 0 {
            pages.push(page);
        }
        Pages { pages, ..Pages::default() }
    }

    /// What the caller may use, in the endpoint's order of servers and then in each server's own.
    fn items(&self) -> Vec<Item<'_>> {
        let (revision, subject) = (&self.standing.revision, &self.standing.subject);
        let catalogue = revision.rules().catalogue();
        let mut items = Vec::new();
        // One URI is one resource to a client: that of the first server that shows it.
        let mut seen = HashSet::new();
        for Backend { server, .. } in self.backends() {
            let shows = |key: &str| revision.shows(subject, server, self.kind, key);
            if self.kind == ListKind::Tools {
                let tools = catalogue.tools_for(server, &subject.role).iter();
                let tools = tools.filter(|tool| shows(tool.key()));
                items.extend(tools.map(|tool| Item::Prefixed(server, tool)));
            }
            let Some(offer) = catalogue.offer(server) else { continue };
            if self.kind == ListKind::Tools {
                let tools = offer.tools().filter(|tool| shows(tool));
                let tools = tools.filter_map(|tool| catalogue.tool(server, tool));
                items.extend(tools.map(|tool| Item::Tool(server, tool)));
            }
            for entry in offer.entries(self.kind).iter().filter(|entry| shows(entry.key())) {
                if self.kind == ListKind::Prompts {
                    items.push(Item::Prefixed(server, entry));
                } else if seen.insert(entry.key()) {
                    items.push(Item::Resource(entry));
                }
            }
        }
        items
    }

    fn cursor(&self, index: usize) -> String {
        let index = u16::try_from(index).unwrap_or(u16::MAX);
        URL_SAFE_NO_PAD.encode([index.to_le_bytes().as_slice(), &self.proof(index)].concat())
    }

    /// The page of a cursor; none where it is not of this list, of this caller, as it is now.
    fn index(&self, cursor: &str) -> Option<usize> {
        // A longer one is none of ours.
        let bytes = (cursor.len() <= 2 * PROOF).then(|| URL_SAFE_NO_PAD.decode(cursor).ok())??;
        let (index, proof) = bytes.split_first_chunk::<2>()?;
        let index = u16::from_le_bytes(*index);
        (*proof == self.proof(index)).then_some(usize::from(index))
    }

    /// What binds a cursor: it shows nothing that its holder could not see without it, so a digest does.
    fn proof(&self, index: u16) -> [u8; PROOF] {
        let Standing { revision, subject, .. } = self.standing;
        let mut hasher = blake3::Hasher::new();
        for part in [&self.endpoint.path, &subject.role, &subject.identity(), self.kind.method()] {
            hasher.update(&part.len().to_le_bytes()).update(part.as_bytes());
        }
        hasher.update(&revision.rules().revision().to_le_bytes());
        hasher.update(&revision.sightings().changes().to_le_bytes());
        hasher.update(revision.catalogue_digest().map_or(&[], |digest| digest.as_bytes().as_slice()));
        hasher.update(&index.to_le_bytes());
        hasher.finalize().as_bytes().first_chunk().copied().unwrap_or_default()
    }
}
