//! One child process: its output in a file, its end with ours.
//!
//! Children stay in the test's own process group, so that whoever ends a stuck test ends them too.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::wait::{self, SOON, START};

const GRACE: Duration = Duration::from_secs(8);

/// A running program. Dropping it asks it to stop, then makes it.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts the command with standard output and error in `log`.
    pub fn start(name: &str, mut command: Command, log: &Path) -> Result<Self> {
        let file = File::create(log).with_context(|| format!("creating `{}`", log.display()))?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("starting {name} by {command:?}"))?;
        Ok(Self { name: name.to_owned(), child, log: log.to_path_buf() })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All it has written.
    pub fn output(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    /// Waits for a line that begins with `start`, and returns the rest of it.
    pub fn line(&mut self, start: &str) -> Result<String> {
        wait::until(&format!("{} to say `{start}`", self.name), START, || {
            self.running()?;
            Ok(self
                .output()
                .lines()
                .find_map(|line| line.strip_prefix(start))
                .map(|rest| rest.trim().to_owned()))
        })
    }

    /// An error, with the end of its output, if it has ended.
    pub fn running(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("{} ended with {status}:\n{}", self.name, self.output());
        }
        Ok(())
    }

    /// How it ended, if it ends within the limit.
    pub fn ended(&mut self, limit: Duration) -> Result<ExitStatus> {
        let name = self.name.clone();
        wait::until(&format!("the end of {name}"), limit, || Ok(self.child.try_wait()?))
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) -> Result<()> {
        signal_to(self.pid(), signal)
    }

    /// Ends it without giving it time.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.signal(Signal::SIGTERM).is_err() || self.ended(GRACE).is_err() {
            // Nothing is left to do for one that cannot be killed.
            let _ = self.kill();
        }
    }
}

/// Sends a signal to any process of ours.
pub fn signal_to(pid: u32, signal: Signal) -> Result<()> {
    kill(Pid::from_raw(i32::try_from(pid)?), signal).with_context(|| format!("sending {signal} to {pid}"))
}

/// Stops a process (SIGSTOP) and waits until none of its threads runs: the signal reaches one, which then stops the others.
pub fn stop(pid: u32) -> Result<()> {
    signal_to(pid, Signal::SIGSTOP)?;
    wait::until("every thread to stop", SOON, || {
        for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
            let stat = fs::read_to_string(thread?.path().join("stat"))?;
            let state = stat.rsplit_once(") ").and_then(|(_, after)| after.split(' ').next());
            if state != Some("T") {
                return Ok(None);
            }
        }
        Ok(Some(()))
    })
}

/// Descendants of a process that run now, with their command lines, nearest first.
pub fn descendants(pid: u32) -> Result<Vec<(u32, String)>> {
    let mut found = Vec::new();
    let mut parents = vec![pid];
    let table = table()?;
    while let Some(parent) = parents.pop() {
        for (child, of, command) in &table {
            if *of == parent {
                found.push((*child, command.clone()));
                parents.push(*child);
            }
        }
    }
    Ok(found)
}

/// Whether a process of that id runs (a zombie does not).
pub fn runs(pid: u32) -> Result<bool> {
    Ok(table()?.iter().any(|(id, ..)| *id == pid))
}

/// Every process that is not a zombie: its id, its parent's, its command line.
fn table() -> Result<Vec<(u32, u32, String)>> {
    let mut rows = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        // Processes end while we read: what cannot be read is gone.
        let Some(id) = path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse().ok())
        else {
            continue;
        };
        let Ok(stat) = fs::read_to_string(path.join("stat")) else { continue };
        let Some((_, after)) = stat.rsplit_once(") ") else { continue };
        let mut fields = after.split(' ');
        let (state, parent) = (fields.next(), fields.next().and_then(|field| field.parse().ok()));
        if let (Some(state), Some(parent)) = (state, parent)
            && state != "Z"
        {
            let command = fs::read(path.join("cmdline")).unwrap_or_default();
            rows.push((id, parent, String::from_utf8_lossy(&command).replace('\0', " ")));
        }
    }
    Ok(rows)
}
