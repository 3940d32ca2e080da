//! Lists that pass lose what their reader may not use.

use mcp::{
    Limits,
    list::{ListKind, filter_list},
};

use super::{Verdict, Withheld};
use crate::{
    pin::{Findings, Guard},
    standing::Standing,
};

/// The message without the items of lists that the caller may not use, and without tools that are not the approved ones.
pub(super) fn message(
    document: &[u8],
    (server, limits): (&str, &Limits),
    findings: &mut Option<Findings>,
    standing: &Standing,
) -> Verdict {
    let rules = standing.revision.rules();
    let mut guard = Guard::of(&standing.revision, server, |tell| {
        // A name that comes again further down is known before the first of them is judged.
        drop(filter_list(document, limits, &mut |kind, name, _| {
            if kind == ListKind::Tools {
                tell(name);
            }
            true
        }));
    });
    let filtered = filter_list(document, limits, &mut |kind, name, item| {
        guard.keeps(kind, name, item) && rules.shows(&standing.subject, server, kind, name)
    });
    if let Some(findings) = findings {
        findings.extend(guard);
    }
    match filtered {
        Ok(filtered) if filtered.dropped == 0 && *filtered.bytes == *document => Verdict::Keep,
        Ok(filtered) => Verdict::Edited(filtered.bytes.into_owned()),
        Err(error) => Verdict::Withheld(Withheld::unjudged(error)),
    }
}
