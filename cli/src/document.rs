//! Which document `trigate up` or `trigate serve` runs under: the file's, the store's or the demo's.
//!
//! The store may have been edited since the file was applied: a key created or, worse, revoked. A file that is applied over
//! such edits would bring the revoked key back, so that is never done unasked.

use std::path::Path;

use anyhow::Context;
use policy::Document;
use proto::v1::{ApplyPolicyRequest, GetPolicyRequest, ListRevisionsRequest};
use serde::Deserialize;
use serde_json::json;

use crate::command::policy::read_valid;
use crate::demo;
use crate::failure::Unacceptable;
use crate::state::StateDir;
use crate::target::{Admin, answer};

/// Note of what was applied last, and as which revision.
const APPLIED: &str = "applied.json";
/// What stands there for the demo.
const DEMO: &str = "demo";

/// How many revisions are looked at for a file's text.
const RECENT: usize = 100;

/// What the command line asks for.
pub(crate) enum Wanted {
    /// A file's document.
    File { name: String, text: String, edits: Edits },
    /// What the store has; the demo where it has nothing.
    Stored,
}

/// What becomes of edits in the store that a changed file does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edits {
    Keep,
    Replace,
}

#[derive(Deserialize)]
struct Applied {
    source: String,
    revision: u64,
    text: String,
}

/// The document in force.
pub(crate) struct Settled {
    pub(crate) document: Document,
    pub(crate) revision: u64,
    pub(crate) is_demo: bool,
}

impl Wanted {
    /// Reads and checks the file, if there is one.
    pub(crate) fn read(file: Option<&Path>, edits: Edits) -> anyhow::Result<Wanted> {
        let Some(path) = file else { return Ok(Wanted::Stored) };
        Ok(Wanted::File { name: path.display().to_string(), text: read_valid(path)?, edits })
    }
}

impl Settled {
    /// Takes over the newest revision, if it is newer; says whether it was.
    pub(crate) async fn refresh(&mut self, admin: &mut Admin) -> anyhow::Result<bool> {
        if newest(admin).await? == self.revision {
            return Ok(false);
        }
        self.reload(admin).await?;
        Ok(true)
    }

    /// Takes over the newest revision.
    pub(crate) async fn reload(&mut self, admin: &mut Admin) -> anyhow::Result<()> {
        (self.document, self.revision) = load(admin).await?;
        Ok(())
    }
}

/// Makes the wanted document the newest revision, where it is not yet.
pub(crate) async fn settle(admin: &mut Admin, state: &StateDir, wanted: &Wanted) -> anyhow::Result<Settled> {
    let newest = newest(admin).await?;
    let applied: Option<Applied> =
        std::fs::read(state.file(APPLIED)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    let is_demo = match wanted {
        Wanted::Stored if newest == 0 => {
            apply(admin, state, DEMO, &demo::document(state)).await?;
            true
        }
        Wanted::Stored => applied.is_some_and(|applied| applied.source == DEMO),
        Wanted::File { name, text, edits } => {
            match verdict(admin, newest, applied.as_ref(), text).await? {
                Verdict::Same => {}
                Verdict::Edited if *edits == Edits::Keep => {
                    return Err(Unacceptable::Edited { file: name.clone(), newest }.into());
                }
                Verdict::Edited | Verdict::New => apply(admin, state, name, text).await?,
            }
            false
        }
    };
    let (document, revision) = load(admin).await?;
    Ok(Settled { document, revision, is_demo })
}

/// How a file stands to the store.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The store was edited since a file was applied, and this file is another.
    Edited,
    /// The store has nothing that this file would undo.
    New,
    /// The store's newest revision comes from this very text.
    Same,
}

async fn verdict(
    admin: &mut Admin,
    newest: u64,
    applied: Option<&Applied>,
    text: &str,
) -> anyhow::Result<Verdict> {
    let base = match applied {
        Some(applied) if applied.text == text => return Ok(Verdict::Same),
        Some(applied) if applied.source == DEMO || applied.revision == newest => return Ok(Verdict::New),
        Some(applied) => applied.revision,
        None => 1,
    };
    if newest == 0 {
        return Ok(Verdict::New);
    }
    // `trigate policy apply` may have applied it, and verbs have edited it since.
    for revision in (base..=newest).rev().take(RECENT) {
        if answer(admin.client.get_policy(GetPolicyRequest { revision }).await)?.document == text {
            return Ok(Verdict::Same);
        }
    }
    Ok(Verdict::Edited)
}

/// Makes a document the newest revision, and notes that it was.
pub(crate) async fn apply(
    admin: &mut Admin,
    state: &StateDir,
    source: &str,
    text: &str,
) -> anyhow::Result<()> {
    let comment = format!("applied at start: {source}");
    let request = ApplyPolicyRequest { document: text.to_owned(), comment, expected_revision: 0 };
    let revision = answer(admin.client.apply_policy(request).await)?.revision;
    state.write_json(APPLIED, &json!({ "source": source, "revision": revision, "text": text }))?;
    Ok(())
}

/// The store's newest document, if it has one.
pub(crate) async fn stored(admin: &mut Admin) -> anyhow::Result<Option<Settled>> {
    if newest(admin).await? == 0 {
        return Ok(None);
    }
    let (document, revision) = load(admin).await?;
    Ok(Some(Settled { document, revision, is_demo: false }))
}

async fn newest(admin: &mut Admin) -> anyhow::Result<u64> {
    let listed = answer(admin.client.list_revisions(ListRevisionsRequest { limit: 1 }).await)?;
    Ok(listed.revisions.first().map_or(0, |revision| revision.revision))
}

async fn load(admin: &mut Admin) -> anyhow::Result<(Document, u64)> {
    let got = answer(admin.client.get_policy(GetPolicyRequest { revision: 0 }).await)?;
    let source = policy::parse(&got.document).context("the stored document cannot be read")?;
    Ok((source.document, got.revision.map_or(0, |revision| revision.revision)))
}

#[cfg(test)]
mod tests;
