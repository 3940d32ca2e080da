//! The four lists a server publishes, and leaving out of them what a caller may not use.
//!
//! Who may use what is the caller's closure; here it is applied to the bytes. Only spans are cut
//! or replaced, so that what is kept, the cursor included, stays exactly as the server wrote it.

use std::borrow::Cow;
use std::ops::Range;

use crate::Limits;
use crate::frame::{Flaw, Frame, FrameError, Response};
use crate::json::{Item, Json, Kind, Object};

/// The lists of MCP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// `prompts/list`
    Prompts,
    /// `resources/templates/list`
    ResourceTemplates,
    /// `resources/list`
    Resources,
    /// `tools/list`
    Tools,
}

impl ListKind {
    const ALL: [Self; 4] = [Self::Prompts, Self::ResourceTemplates, Self::Resources, Self::Tools];

    /// The list that a method asks for.
    pub fn from_method(method: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.method() == method)
    }

    /// The method that asks for the list.
    pub fn method(self) -> &'static str {
        match self {
            Self::Prompts => "prompts/list",
            Self::ResourceTemplates => "resources/templates/list",
            Self::Resources => "resources/list",
            Self::Tools => "tools/list",
        }
    }

    /// The member of the result that holds the list.
    pub fn array_key(self) -> &'static str {
        match self {
            Self::Prompts => "prompts",
            Self::ResourceTemplates => "resourceTemplates",
            Self::Resources => "resources",
            Self::Tools => "tools",
        }
    }

    /// The member of an item by which it is used.
    pub fn item_key(self) -> &'static str {
        match self {
            Self::Prompts | Self::Tools => "name",
            Self::ResourceTemplates => "uriTemplate",
            Self::Resources => "uri",
        }
    }
}

/// A response whose lists show only what was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered<'a> {
    /// The document; borrowed if nothing had to change.
    pub bytes: Cow<'a, [u8]>,
    /// Items that stay.
    pub kept: usize,
    /// Items left out.
    pub dropped: usize,
}

/// Leaves out of the lists of a response what `keep` does not keep, and what has no key to ask it by. It is asked with
/// the list, the item's key and the item.
///
/// A result with a list is marked private to its caller where the revision has that mark. Messages
/// other than a result come back as they are.
///
/// # Errors
/// The document is not one strict message, or a list is not an array.
pub fn filter_list<'a>(
    document: &'a [u8],
    limits: &Limits,
    keep: &mut dyn FnMut(ListKind, &str, Json<'a>) -> bool,
) -> Result<Filtered<'a>, FrameError> {
    let (frame, result, items) = Frame::with_result(document, limits)?;
    let mut edits = Edits { document, items, cuts: Vec::new(), kept: 0, dropped: 0 };
    if let (Frame::Response(Response { id, .. }), Some(result)) = (frame, result) {
        let listed = edits.filter(&result, keep).map_err(|flaw| {
            let id = id.map(|id| id.bytes().to_vec());
            FrameError::Shape { flaw, id }
        })?;
        if listed > 0 {
            edits.make_private(&result);
        }
    }
    Ok(edits.apply())
}

/// Changes to a document, gathered before any is made.
struct Edits<'a> {
    document: &'a [u8],
    /// The items of all arrays of the result.
    items: Vec<Item<'a>>,
    /// What is replaced by what. Disjoint.
    cuts: Vec<(Range<usize>, &'static str)>,
    kept: usize,
    dropped: usize,
}

impl<'a> Edits<'a> {
    /// Filters every list of a result; gives how many there are.
    fn filter(
        &mut self,
        result: &Object<'a>,
        keep: &mut dyn FnMut(ListKind, &str, Json<'a>) -> bool,
    ) -> Result<usize, Flaw> {
        let mut lists = 0;
        for kind in ListKind::ALL {
            let Some(list) = result.get(kind.array_key()) else { continue };
            let array = list.offset_in(self.document).start;
            if list.kind() != Kind::Array {
                return Err(Flaw::List { member: kind.array_key(), offset: array });
            }
            lists += 1;
            let items = self.items.iter().filter(|item| item.array == array);
            let items: Vec<Json<'_>> = items.map(|item| item.json).collect();
            self.filter_items(&items, &mut |item| {
                let key = item.member(kind.item_key()).and_then(Json::as_str);
                key.is_some_and(|key| keep(kind, &key, item))
            });
        }
        Ok(lists)
    }

    /// Cuts the items that are not kept, each with one of the commas beside it.
    fn filter_items(&mut self, items: &[Json<'a>], keep: &mut dyn FnMut(Json<'a>) -> bool) {
        let before = self.kept;
        let mut previous: Option<Range<usize>> = None;
        // The item that waits for the start of the next one to know where its cut ends.
        let mut leading: Option<usize> = None;
        for item in items {
            let span = item.offset_in(self.document);
            if let Some(start) = leading.take() {
                self.cuts.push((start..span.start, ""));
            }
            if keep(*item) {
                self.kept += 1;
            } else {
                self.dropped += 1;
                match &previous {
                    Some(previous) if self.kept > before => self.cuts.push((previous.end..span.end, "")),
                    _ => leading = Some(span.start),
                }
            }
            previous = Some(span);
        }
        if let (Some(start), Some(last)) = (leading, previous) {
            self.cuts.push((start..last.end, ""));
        }
    }

    /// Marks the result as valid for this caller alone, if its revision knows the mark.
    fn make_private(&mut self, result: &Object<'a>) {
        match result.get("cacheScope") {
            Some(scope) if scope.as_str().as_deref() == Some("private") => {}
            Some(scope) => self.cuts.push((scope.offset_in(self.document), "\"private\"")),
            None if result.get("resultType").or(result.get("ttlMs")).is_some() => {
                let end = result.iter().last().map(|(_, value)| value.offset_in(self.document).end);
                self.cuts.extend(end.map(|end| (end..end, ",\"cacheScope\":\"private\"")));
            }
            None => {}
        }
    }

    fn apply(mut self) -> Filtered<'a> {
        let Self { document, kept, dropped, .. } = self;
        if self.cuts.is_empty() {
            return Filtered { bytes: Cow::Borrowed(document), kept, dropped };
        }
        // Stable and by both ends: an insertion goes after a cut that ends where it stands.
        self.cuts.sort_by_key(|(span, _)| (span.start, span.end));
        let mut bytes = Vec::with_capacity(document.len() + 32);
        let mut from = 0;
        for (span, text) in &self.cuts {
            bytes.extend_from_slice(document.get(from..span.start).unwrap_or_default());
            bytes.extend_from_slice(text.as_bytes());
            from = span.end;
        }
        bytes.extend_from_slice(document.get(from..).unwrap_or_default());
        Filtered { bytes: Cow::Owned(bytes), kept, dropped }
    }
}
