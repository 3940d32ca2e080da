//! The tokens that nodes and administrators show: made at first start, kept in files that only their owner can read.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use subtle::ConstantTimeEq;

/// Random bytes in a token.
const TOKEN_BYTES: usize = 32;
/// Shortest text that is taken for a token, where an operator wrote the file.
const SHORTEST: usize = 32;

/// The file of the token that gateways and adapters show.
pub const NODE_FILE: &str = "node.token";
/// The file of the token that administrators show.
pub const ADMIN_FILE: &str = "admin.token";

/// Both tokens of a control plane.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For `PolicyService` and `AuditService`.
    pub node: Token,
    /// For `AdminService`.
    pub admin: Token,
}

/// A secret shown as `authorization: Bearer TOKEN`.
#[derive(Clone)]
pub struct Token(String);

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The file or its directory cannot be made or read.
    #[error("cannot read or make the token file `{path}`: {source}", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// Others can read the file.
    #[error("token file `{path}` is open to other users (mode {mode:o}); run `chmod 600` on it, or remove it to have a new one made", path = path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file holds no token.
    #[error("token file `{path}` holds no token: expected one line of at least {SHORTEST} printable ASCII characters; remove it to have a new one made", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no random bytes.
    #[error("the system gave no random bytes: {0}")]
    Entropy(getrandom::Error),
}

impl Token {
    /// A token from its text; `None` where the text is too short or cannot stand in a header.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = text.len() >= SHORTEST && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// A new token.
    ///
    /// # Errors
    /// The system gave no random bytes.
    pub fn generate() -> Result<Self, TokenError> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(TokenError::Entropy)?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The secret itself.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Whether a text is this token, in a time that does not tell how much of it was right.
    #[must_use]
    pub fn is(&self, presented: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(presented).into()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// The tokens of a state directory, which is made with them where there is none.
///
/// # Errors
/// A file cannot be made or read, holds no token, or can be read by other users.
pub fn load_or_create(directory: &Path) -> Result<Tokens, TokenError> {
    let made = make_directory(directory);
    made.map_err(|source| TokenError::File { path: directory.to_owned(), source })?;
    Ok(Tokens { node: token(&directory.join(NODE_FILE))?, admin: token(&directory.join(ADMIN_FILE))? })
}

/// The token in a file.
///
/// # Errors
/// The file cannot be read, holds no token, or can be read by other users.
pub fn load(path: &Path) -> Result<Token, TokenError> {
    let failed = |source| TokenError::File { path: path.to_owned(), source };
    #[cfg(unix)]
    {
        let metadata = fs::metadata(path).map_err(failed)?;
        let mode = std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o777;
        if mode & 0o077 != 0 {
            return Err(TokenError::Exposed { path: path.to_owned(), mode });
        }
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    Token::parse(&text).ok_or_else(|| TokenError::Malformed { path: path.to_owned() })
}

/// The secret in one file, which is made where there is none.
pub(crate) fn token(path: &Path) -> Result<Token, TokenError> {
    if !path.exists() {
        let fresh = Token::generate()?;
        let number = getrandom::u64().map_err(TokenError::Entropy)?;
        let draft = path.with_extension(format!("{number:x}.new"));
        create(path, &draft, &fresh).map_err(|source| TokenError::File { path: path.to_owned(), source })?;
    }
    load(path)
}

/// Writes beside the file and links it into place, so that of two first starts at once both read the same whole token.
fn create(path: &Path, draft: &Path, token: &Token) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(draft).and_then(|mut file| {
        writeln!(file, "{}", token.text())?;
        file.sync_all()
    });
    let linked = written.and_then(|()| match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    });
    fs::remove_file(draft)?;
    linked
}

fn make_directory(directory: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(directory)
}
