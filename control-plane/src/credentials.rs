//! Credentials of upstream servers: from where the document says they are kept to the header that carries them.
//!
//! The document names an environment variable or a file of the control plane; only a gateway's snapshot ever holds what
//! was found there.

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use policy::{
    Problem,
    document::{Credential, Document, SecretSource},
};

use crate::{
    store::SealedCredential,
    vault::{Vault, VaultError},
};

/// Longest secret, in bytes.
pub(crate) const MAX_SECRET: u64 = 16 * 1024;

/// Where credentials come from.
#[derive(Clone, Default)]
pub enum CredentialSource {
    /// The environment of this process, and files beside its working directory.
    #[default]
    Process,
    /// These variables, and files.
    Variables(BTreeMap<String, String>),
    /// Another process will serve the document: what its credentials are cannot be known here, and is not asked.
    Elsewhere,
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Process => "Process",
            Self::Variables(_) => "Variables",
            Self::Elsewhere => "Elsewhere",
        })
    }
}

/// Why a server's credential cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unresolved {
    /// No such variable.
    #[error(
        "environment variable `{name}` is not set where the control plane runs; set it and start the control plane again"
    )]
    Variable {
        /// Its name.
        name: String,
    },
    /// No such file, or none that can be read.
    #[error("file `{path}` cannot be read by the control plane: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Nothing of this name is stored.
    #[error("nothing is stored under `{name}`; store it with `trigate credential set {name}`")]
    Stored {
        /// The name.
        name: String,
    },
    /// What is stored does not open.
    #[error("what is stored under `{name}` cannot be had: {source}")]
    Sealed {
        /// The name.
        name: String,
        /// Why.
        source: VaultError,
    },
    /// No key opens stored credentials here.
    #[error(
        "`{name}` is stored, but this control plane has no key that opens it; start it with its state directory"
    )]
    NoVault {
        /// The name.
        name: String,
    },
    /// Nothing that fits an environment variable.
    #[error(
        "what {place} holds does not fit an environment variable: expected 1 to {MAX_SECRET} bytes of text without NUL"
    )]
    Unfit {
        /// The variable or file.
        place: String,
    },
    /// Nothing that fits a header.
    #[error(
        "what {place} holds does not fit a header: expected one line of 1 to {MAX_SECRET} printable ASCII characters"
    )]
    Shape {
        /// The variable or file.
        place: String,
    },
    /// Only the process that serves knows.
    #[error("only the control plane that serves can read it")]
    Elsewhere,
}

/// What was found of everything a document only points to, by server.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    /// Values of headers, and keys.
    pub(crate) credentials: BTreeMap<String, Result<String, Unresolved>>,
    /// Variables of programs.
    pub(crate) variables: Variables,
}

/// Variables of programs, by server and name.
pub(crate) type Variables = BTreeMap<String, BTreeMap<String, Result<String, Unresolved>>>;

impl Resolved {
    /// A problem for each one that cannot be had.
    pub(crate) fn missing(self) -> impl Iterator<Item = Problem> {
        let of_server = |(server, value): (String, Result<String, Unresolved>)| {
            Some((format!("servers.{server}.credential"), value.err()?))
        };
        let of_programs = self.variables.into_iter().flat_map(|(server, variables)| {
            let missing = move |(name, value): (String, Result<String, Unresolved>)| {
                Some((format!("servers.{server}.env.{name}"), value.err()?))
            };
            variables.into_iter().filter_map(missing)
        });
        let missing = self.credentials.into_iter().filter_map(of_server).chain(of_programs);
        missing.map(|(path, error)| Problem { line: 0, column: 0, path, message: error.to_string() })
    }
}

/// The variables that were found; the others are logged.
pub(crate) fn known(variables: Variables) -> BTreeMap<String, BTreeMap<String, String>> {
    let of_server = |(server, variables): (String, BTreeMap<String, Result<String, Unresolved>>)| {
        let found = variables.into_iter().filter_map(|(name, value)| match value {
            Ok(value) => Some((name, value)),
            Err(error) => {
                tracing::error!(server, name, %error, "a variable of a server's program is missing: it is not run");
                None
            }
        });
        let found = found.collect();
        (server, found)
    };
    variables.into_iter().map(of_server).collect()
}

/// Stored credentials, and what opens them.
#[derive(Debug, Default)]
pub(crate) struct StoredSecrets {
    pub(crate) vault: Option<Vault>,
    pub(crate) sealed: BTreeMap<String, SealedCredential>,
}

impl StoredSecrets {
    fn secret(&self, name: &str) -> Result<String, Unresolved> {
        let name = name.to_owned();
        let Some(stored) = self.sealed.get(&name) else { return Err(Unresolved::Stored { name }) };
        let Some(vault) = &self.vault else { return Err(Unresolved::NoVault { name }) };
        match vault.unseal(&name, &stored.sealed) {
            Ok(secret) => Ok(String::from_utf8_lossy(&secret).into_owned()),
            Err(source) => Err(Unresolved::Sealed { name, source }),
        }
    }
}

impl CredentialSource {
    /// Whether this process is the one that has to find the credentials.
    pub(crate) fn is_here(&self) -> bool {
        !matches!(self, Self::Elsewhere)
    }

    /// The value of the header that carries each server's credential. Blocks on files.
    pub(crate) fn resolve(
        &self,
        document: &Document,
        stored: &StoredSecrets,
    ) -> BTreeMap<String, Result<String, Unresolved>> {
        let servers = document.servers.iter();
        let with_credential = servers.filter_map(|(name, server)| Some((name, server.credential.as_ref()?)));
        with_credential
            .map(|(name, credential)| (name.clone(), self.header_value(credential, stored)))
            .collect()
    }

    /// The variables of each server's program that are kept apart from the document. Blocks on files.
    pub(crate) fn variables(&self, document: &Document, stored: &StoredSecrets) -> Variables {
        let bridged = document.servers.iter().filter(|(_, server)| server.is_bridged());
        let variables = bridged.map(|(name, server)| {
            let kept = server.kept_variables();
            let resolved = kept.map(|(variable, source)| (variable.to_owned(), self.text(source, stored)));
            (name.clone(), resolved.collect())
        });
        variables.collect()
    }

    fn header_value(&self, credential: &Credential, stored: &StoredSecrets) -> Result<String, Unresolved> {
        let secret = self.secret(credential.source(), stored)?;
        Ok(match credential {
            Credential::Basic(_) => format!("Basic {}", STANDARD.encode(secret)),
            Credential::Bearer(_) => format!("Bearer {secret}"),
            // The key itself: the gateway makes a signature of each request with it.
            Credential::Assertion(_) | Credential::Header(_) => secret,
        })
    }

    /// A secret for a program: all that an environment variable can hold, lines too.
    fn text(&self, source: &SecretSource, stored: &StoredSecrets) -> Result<String, Unresolved> {
        let (text, place) = self.kept(source, stored)?;
        let secret = text.trim();
        let fits = !secret.is_empty() && !secret.contains('\0') && text.len() as u64 <= MAX_SECRET;
        if fits { Ok(secret.to_owned()) } else { Err(Unresolved::Unfit { place }) }
    }

    /// What is kept, and where, in words.
    fn kept(&self, source: &SecretSource, stored: &StoredSecrets) -> Result<(String, String), Unresolved> {
        Ok(match source {
            SecretSource::Env(name) => (self.variable(name)?, format!("environment variable `{name}`")),
            SecretSource::File(path) => (self.file(path)?, format!("file `{path}`")),
            SecretSource::Stored(_) if !self.is_here() => return Err(Unresolved::Elsewhere),
            SecretSource::Stored(name) => (stored.secret(name)?, format!("the store has under `{name}`")),
        })
    }

    fn secret(&self, source: &SecretSource, stored: &StoredSecrets) -> Result<String, Unresolved> {
        let (text, place) = self.kept(source, stored)?;
        let secret = text.trim();
        let fits = !secret.is_empty() && secret.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        if fits && text.len() as u64 <= MAX_SECRET {
            Ok(secret.to_owned())
        } else {
            Err(Unresolved::Shape { place })
        }
    }

    fn variable(&self, name: &str) -> Result<String, Unresolved> {
        let value = match self {
            // What is not Unicode does not fit a header either, and is refused as such.
            Self::Process => std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
            Self::Variables(variables) => variables.get(name).cloned(),
            Self::Elsewhere => return Err(Unresolved::Elsewhere),
        };
        value.ok_or_else(|| Unresolved::Variable { name: name.to_owned() })
    }

    fn file(&self, path: &str) -> Result<String, Unresolved> {
        if !self.is_here() {
            return Err(Unresolved::Elsewhere);
        }
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_SECRET + 1).read_to_end(&mut bytes))
            .map_err(|source| Unresolved::File { path: path.into(), source })?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
