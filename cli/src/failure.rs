//! What a failed command says and which exit code it gives: the only place that maps errors to either.
//!
//! Codes are a contract with scripts; docs/cli.md lists them. Code 2 (usage) is clap's own.

use std::io;
use std::process::ExitCode;

use tonic::Code;

/// Anything that went wrong outside the document: a port, a file, a connection.
const FAILED: u8 = 1;
/// The document or the change asked for is not acceptable.
const REFUSED: u8 = 3;
/// The token is missing, wrong, or not good for this.
const UNAUTHENTICATED: u8 = 4;

/// A document with problems, already in the form people read.
#[derive(Debug, thiserror::Error)]
#[error("{source_name} has {count} {noun}:\n{lines}", noun = if *count == 1 { "problem" } else { "problems" })]
pub(crate) struct InvalidDocument {
    /// File name or `<stdin>`.
    pub(crate) source_name: String,
    /// How many problems there are.
    pub(crate) count: usize,
    /// One a line: `file:line:column path: message`.
    pub(crate) lines: String,
}

/// The answer of a control plane that would not do it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message())]
pub(crate) struct Refusal(pub(crate) tonic::Status);

/// A change that was refused before it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unacceptable {
    #[error(
        "`{file}` is not what the store has (revision {newest}), and the store was edited since a file was applied: \
         starting with it would undo that, revoked keys included. Compare with `trigate policy diff --file {file}`, carry \
         over what is to stay, and start with --replace"
    )]
    Edited { file: String, newest: u64 },
    #[error(
        "no role has rights in database `{database}`: `trigate role grant ROLE {database} --tables … --verbs …`"
    )]
    NoRights { database: String },
    #[error("{0}")]
    Question(String),
    #[error("{failed} of {count} cases of `{file}` came out otherwise than they expect")]
    Cases { file: String, failed: usize, count: usize },
    #[error("there is no database `{database}`: the document's `databases` are those there are")]
    UnknownDatabase { database: String },
    #[error("there is no role `{role}`: the document's `roles` are those there are")]
    UnknownRole { role: String },
    #[error(
        "database `{database}` is not served with this login: give it one that can do less (`trigate db grants {database}` \
         prints what is needed), or set `databases.{database}.allow_unsafe_login`"
    )]
    UnsafeLogin { database: String },
}

/// Prints the failure, if it is one, as one sentence to standard error.
pub(crate) fn exit(outcome: anyhow::Result<()>) -> ExitCode {
    let Err(error) = outcome else { return ExitCode::SUCCESS };
    if is_closed_pipe(&error) {
        return ExitCode::SUCCESS; // the reader had enough: `trigate audit query | head`
    }
    eprintln!("trigate: {error:#}");
    ExitCode::from(code(&error))
}

fn code(error: &anyhow::Error) -> u8 {
    if error.is::<InvalidDocument>() || error.is::<Unacceptable>() {
        return REFUSED;
    }
    match error.downcast_ref::<Refusal>().map(|refusal| refusal.0.code()) {
        Some(
            Code::InvalidArgument
            | Code::NotFound
            | Code::AlreadyExists
            | Code::FailedPrecondition
            | Code::Aborted
            | Code::OutOfRange,
        ) => REFUSED,
        Some(Code::Unauthenticated | Code::PermissionDenied) => UNAUTHENTICATED,
        _ => FAILED,
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: impl Into<anyhow::Error>, expected: u8) {
        assert_eq!(code(&error.into()), expected);
    }

    #[test]
    fn a_refused_change_and_a_wrong_token_have_codes_of_their_own() {
        check(Refusal(tonic::Status::not_found("no role")), REFUSED);
        check(Refusal(tonic::Status::invalid_argument("1:1 version: missing")), REFUSED);
        check(Refusal(tonic::Status::unauthenticated("no token")), UNAUTHENTICATED);
        check(Refusal(tonic::Status::unavailable("gone")), FAILED);
        check(io::Error::other("disk"), FAILED);
    }

    #[test]
    fn a_code_survives_added_context() {
        let error = anyhow::Error::from(Refusal(tonic::Status::not_found("no role"))).context("demo");
        assert_eq!(code(&error), REFUSED);
    }
}
