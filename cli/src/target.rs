//! Finds the control plane a command talks to and gives one client for it, remote or in this process.
//!
//! First what was named; else the one that runs on the state directory; else the directory's store, opened here for
//! as long as the command takes.

use std::path::Path;
use std::time::Duration;

use adapter::Transport;
use anyhow::{Context, bail};
use control_plane::{ControlPlane, CredentialSource};
use http::Uri;
use proto::v1::admin_service_client::AdminServiceClient;
use tonic::Status;

use crate::args::{TargetArgs, token_from_environment};
use crate::failure::Refusal;
use crate::state::{Lock, StateDir};

/// A client, and what has to live as long as it.
pub(crate) struct Admin {
    /// The administration service.
    pub(crate) client: AdminServiceClient<Transport>,
    _lock: Option<Lock>,
}

/// What a command does where the state directory has no store yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It begins one.
    Create,
    /// It has nothing to work on.
    Refuse,
}

impl Admin {
    /// A control plane in this process.
    pub(crate) fn in_process(plane: &ControlPlane) -> Admin {
        Admin { client: in_process(plane), _lock: None }
    }
}

impl TargetArgs {
    /// Connects to the control plane these options mean.
    pub(crate) async fn connect(&self, absent: Absent) -> anyhow::Result<Admin> {
        if let Some(url) = &self.control_plane {
            reachable(url).await?; // before a missing token is complained about
            return remote(url, &self.token()?).await;
        }
        let path = &self.state.state_dir;
        let state = match absent {
            Absent::Create => StateDir::create(path)?,
            Absent::Refuse => StateDir::open(path)?,
        };
        if let (true, Some(beacon)) = (state.store_is_held()?, state.beacon()) {
            return remote(&beacon.url, &read_token(&state.file("admin.token"))?).await;
        }
        if absent == Absent::Refuse && !state.has_store() {
            bail!(
                "`{}` holds no store yet: start `trigate up`, or begin with `trigate policy apply`",
                path.display()
            );
        }
        offline(&state).await
    }

    fn token(&self) -> anyhow::Result<String> {
        match (&self.token_file, token_from_environment()) {
            (Some(file), _) => read_token(file),
            (None, Some(token)) => Ok(token.trim().to_owned()),
            (None, None) => {
                let file = self.state.state_dir.join("admin.token");
                read_token(&file).context(
                    "a control plane named by URL needs the administrator's token: give --token-file or TRIGATE_TOKEN",
                )
            }
        }
    }
}

/// A client of the control plane at a URL.
pub(crate) async fn remote(url: &str, token: &str) -> anyhow::Result<Admin> {
    reachable(url).await?;
    Ok(Admin { client: client(Transport::remote(url, token)?), _lock: None })
}

/// Says which URL does not answer, before a client would say it less clearly.
async fn reachable(url: &str) -> anyhow::Result<()> {
    if url.starts_with("https://") {
        bail!(
            "`{url}`: TLS to the control plane is not supported by this version: write http://, through a tunnel where it is remote"
        );
    }
    let wrong = || format!("`{url}` is no URL of a control plane: write http://HOST:PORT");
    let uri: Uri =
        url.parse().ok().filter(|uri: &Uri| uri.scheme_str() == Some("http")).with_context(wrong)?;
    let authority = uri.authority().filter(|authority| authority.port_u16().is_some()).with_context(wrong)?;
    let connect = tokio::net::TcpStream::connect(authority.as_str().to_owned());
    let connected = tokio::time::timeout(Duration::from_secs(5), connect).await.map_err(std::io::Error::from);
    match connected.and_then(|result| result) {
        Ok(_) => Ok(()),
        Err(source) => bail!("no control plane answers at `{url}` ({source}): is it running?"),
    }
}

/// A client of the store itself.
async fn offline(state: &StateDir) -> anyhow::Result<Admin> {
    let lock = state.borrow_store().await?;
    // The credentials are those of the control plane that will serve this store, not of this shell.
    let options =
        control_plane::Options { credentials: CredentialSource::Elsewhere, ..state.plane_options()? };
    let plane = ControlPlane::open(&state.store_url(), options).await?;
    Ok(Admin { client: in_process(&plane), _lock: Some(lock) })
}

/// A client of a control plane in this process.
pub(crate) fn in_process(plane: &ControlPlane) -> AdminServiceClient<Transport> {
    client(Transport::in_process(plane.admin_service()))
}

fn client(transport: Transport) -> AdminServiceClient<Transport> {
    AdminServiceClient::new(transport).max_decoding_message_size(64 << 20)
}

/// A token kept in a file.
pub(crate) fn read_token(file: &Path) -> anyhow::Result<String> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the token `{}`", file.display()))?;
    Ok(text.trim().to_owned())
}

/// An answer of the control plane, or its refusal with the exit code that belongs to it.
pub(crate) fn answer<T>(result: Result<tonic::Response<T>, Status>) -> Result<T, Refusal> {
    result.map(tonic::Response::into_inner).map_err(Refusal)
}
