//! The fixture server of tests/fixture, with the record of what reached it.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use base64::Engine as _;
use serde::Deserialize;
use tempfile::TempDir;

use crate::process::Process;
use crate::upstream;
use crate::wire::Headers;
use crate::workspace;

/// The credential the fixture asks for, and a policy gives its server.
pub const CREDENTIAL: &str = "upstream-credential-of-the-fixture";

/// A running fixture server. It admits only requests with [`CREDENTIAL`] unless it is an open one.
#[derive(Debug)]
pub struct Fixture {
    url: String,
    record: PathBuf,
    // Dropped in this order: the process first.
    process: Process,
    _folder: TempDir,
}

/// One line of the record.
#[derive(Clone, Debug, Deserialize)]
pub struct Recorded {
    /// POST, GET, ...
    pub method: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Recorded {
    /// Header lines.
    pub fn headers(&self) -> Headers {
        Headers(self.headers.clone())
    }

    /// The body, to the byte.
    pub fn body(&self) -> Result<Vec<u8>> {
        base64::engine::general_purpose::STANDARD.decode(&self.body).context("a recorded body")
    }
}

impl Fixture {
    /// One that wants its own credential.
    pub fn guarded() -> Result<Self> {
        Self::start(&["--require-bearer", CREDENTIAL])
    }

    /// One that serves anybody.
    pub fn open() -> Result<Self> {
        Self::start(&[])
    }

    /// One with these arguments.
    pub fn start(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let record = folder.path().join("record.jsonl");
        let mut command = Command::new(workspace::python()?);
        command.arg(workspace::existing("tests/fixture")?).arg("--record").arg(&record).args(arguments);
        let mut process = Process::start("the fixture server", command, &folder.path().join("fixture.log"))?;
        let url = process.line("ready ")?;
        Ok(Self { url, record, process, _folder: folder })
    }

    /// Its MCP endpoint.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Ends it as a crash does. What has reached it can still be read.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()
    }

    /// What has reached it so far of agents.
    pub fn received(&self) -> Result<Vec<Recorded>> {
        let lines = fs::read_to_string(&self.record).context("the fixture's record")?;
        let all =
            lines.lines().map(|line| serde_json::from_str::<Recorded>(line).context("a line of the record"));
        all.filter(|one| one.as_ref().map_or(true, |one| !upstream::is_curious(&one.headers()))).collect()
    }
}
