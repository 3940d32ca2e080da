//! Every `tonic::Status` of the control plane is made here.

use policy::{EditError, Problems};
use tonic::Status;

use crate::{ledger::LedgerError, store::StoreError};

/// Bytes that the text of a refusal may take on the wire. It travels in a header, and clients read 16 KiB of headers.
const MAX_TEXT: usize = 12 * 1024;

impl From<LedgerError> for Status {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Problems(problems) => invalid_document(&problems),
            LedgerError::Edit(error) => refused_edit(&error),
            LedgerError::Stale { .. } => Self::failed_precondition(error.to_string()),
            LedgerError::UnknownRevision { .. } => Self::not_found(error.to_string()),
            LedgerError::TooLong { .. } => Self::invalid_argument(error.to_string()),
            LedgerError::Unreadable { .. } => Self::failed_precondition(cut(&error.to_string())),
            LedgerError::Contended => Self::aborted(error.to_string()),
            LedgerError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Status {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::unavailable(error.to_string())
    }
}

/// The fields of a request that are missing or malformed, each in words.
pub(super) fn invalid(text: impl Into<String>) -> Status {
    Status::invalid_argument(text)
}

/// The control plane is about to end.
pub(super) fn stopping() -> Status {
    Status::unavailable("the control plane is stopping; connect again")
}

/// The node did not say hello in time.
pub(super) fn silent() -> Status {
    Status::deadline_exceeded("expected `hello` within ten seconds of opening the stream")
}

/// The system gave no random bytes for a key.
pub(super) fn no_entropy(error: &getrandom::Error) -> Status {
    Status::unavailable(format!("the system gave no random bytes: {error}"))
}

/// Nothing to seal credentials with.
pub(super) fn no_vault() -> Status {
    Status::failed_precondition(
        "this control plane has no key to seal credentials with; run it with a state directory",
    )
}

/// A credential could not be sealed.
pub(super) fn sealing(error: &crate::vault::VaultError) -> Status {
    Status::unavailable(error.to_string())
}

/// Nothing is stored under the name.
pub(super) fn no_credential(name: &str) -> Status {
    Status::not_found(format!("no credential is stored under `{name}`"))
}

/// A token is missing or wrong.
pub(crate) fn unauthenticated(file: &str) -> Status {
    Status::unauthenticated(format!(
        "the token is missing or wrong: send `authorization: Bearer TOKEN` with the text of `{file}` in the control plane's state directory"
    ))
}

/// The document has no upstream server of this name.
pub(super) fn unknown_server(server: &str) -> Status {
    Status::not_found(format!(
        "no upstream server is named `{server}`; `servers` of the document has those there are"
    ))
}

/// Tools that cannot be approved, or whose approval cannot be taken back, with the reason of each.
pub(super) fn not_approvable(server: &str, reasons: &[String]) -> Status {
    Status::failed_precondition(cut(&format!(
        "nothing was done on server `{server}`:\n{}",
        reasons.join("\n")
    )))
}

/// This process does not ask servers.
pub(super) fn asks_nobody() -> Status {
    Status::failed_precondition(
        "no control plane is running that could ask: start `trigate up` or `trigate control-plane`",
    )
}

fn refused_edit(error: &EditError) -> Status {
    match error {
        EditError::AlreadyThere { .. } => Status::already_exists(cut(&error.to_string())),
        EditError::Unknown { .. } => Status::not_found(cut(&error.to_string())),
        EditError::TableNotGranted { .. } | EditError::InUse { .. } => {
            Status::failed_precondition(cut(&error.to_string()))
        }
        EditError::NothingNamed { .. } => invalid(cut(&error.to_string())),
    }
}

/// One line for each problem; those that do not fit are counted.
fn invalid_document(problems: &Problems) -> Status {
    let mut text = String::new();
    let mut room = MAX_TEXT;
    for (told, problem) in problems.iter().enumerate() {
        let line = problem.to_string();
        let Some(left) = room.checked_sub(width(&line)) else {
            let rest = problems.len().saturating_sub(told);
            text.push_str(&format!("and {rest} more problems, which `ValidatePolicy` lists\n"));
            break;
        };
        room = left;
        text.push_str(&line);
        text.push('\n');
    }
    invalid(text.trim_end())
}

/// Bytes of a text and its line end in a header, where all but letters and digits may take three.
fn width(text: &str) -> usize {
    text.bytes().map(|byte| if byte.is_ascii_alphanumeric() { 1 } else { 3 }).sum::<usize>().saturating_add(3)
}

fn cut(text: &str) -> String {
    let mut room = MAX_TEXT;
    let fitting = text.chars().take_while(|character| {
        room = room.saturating_sub(width(character.encode_utf8(&mut [0; 4])));
        room > 0
    });
    fitting.collect()
}
