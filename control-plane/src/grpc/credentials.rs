//! The part of `AdminService` that is about stored credentials. A secret comes in, is sealed, and never goes out again.

use policy::document::{Credential, SecretSource};
use proto::v1;
use tonic::{Response, Status};

use super::status;
use crate::{Shared, credentials::MAX_SECRET, instant, store::SealedCredential};

/// Longest name.
const MAX_NAME: usize = 64;

pub(super) async fn set(
    shared: &Shared,
    request: v1::SetCredentialRequest,
) -> Result<Response<v1::SetCredentialResponse>, Status> {
    let v1::SetCredentialRequest { name, secret } = request;
    named(&name)?;
    let text = secret.trim_ascii();
    let fits = !text.is_empty() && text.iter().all(|byte| (0x20..0x7f).contains(byte));
    if !fits || secret.len() as u64 > MAX_SECRET {
        return Err(status::invalid(format!(
            "the secret does not fit a header: expected one line of 1 to {MAX_SECRET} printable ASCII characters"
        )));
    }
    let vault = shared.vault.as_ref().ok_or_else(status::no_vault)?;
    let sealed = vault.seal(&name, text).map_err(|error| status::sealing(&error))?;
    shared.store.set_credential(name, SealedCredential { sealed, time_us: instant::now() }).await?;
    shared.ledger.refresh().await?;
    Ok(Response::new(v1::SetCredentialResponse {}))
}

pub(super) async fn list(shared: &Shared) -> Result<Response<v1::ListCredentialsResponse>, Status> {
    let document = shared.ledger.document().await?;
    let stored = shared.store.credentials().await?;
    let credentials = stored.into_iter().map(|(name, stored)| {
        let uses = |source: &SecretSource| matches!(source, SecretSource::Stored(used) if *used == name);
        let servers = document.servers.iter().filter(|(_, server)| {
            let mut sources = server
                .credential
                .iter()
                .map(Credential::source)
                .chain(server.kept_variables().map(|(_, kept)| kept));
            sources.any(uses)
        });
        v1::StoredCredential {
            servers: servers.map(|(server, _)| server.clone()).collect(),
            stored: Some(instant::timestamp(stored.time_us)),
            name,
        }
    });
    Ok(Response::new(v1::ListCredentialsResponse { credentials: credentials.collect() }))
}

pub(super) async fn remove(
    shared: &Shared,
    request: v1::RemoveCredentialRequest,
) -> Result<Response<v1::RemoveCredentialResponse>, Status> {
    let name = request.name;
    named(&name)?;
    if !shared.store.remove_credential(name.clone()).await? {
        return Err(status::no_credential(&name));
    }
    shared.ledger.refresh().await?;
    Ok(Response::new(v1::RemoveCredentialResponse {}))
}

fn named(name: &str) -> Result<(), Status> {
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if plain && (1..=MAX_NAME).contains(&name.len()) {
        return Ok(());
    }
    Err(status::invalid(format!("`name` must be 1 to {MAX_NAME} letters, digits, `-`, `_` and `.`")))
}
