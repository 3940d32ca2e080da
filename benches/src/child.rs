//! A process of the benchmark: pinned to cores, its output in a file, ended with its owner.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Who runs where.
#[derive(Debug, Clone, serde::Serialize)]
pub(crate) struct Cores {
    /// The core of the Envoy under test.
    pub(crate) tested: String,
    /// The cores of everything else.
    pub(crate) rest: String,
}

impl Cores {
    /// Of those this process may use.
    pub(crate) fn share(cores: &[u32]) -> Self {
        let join = |cores: &[u32]| cores.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        match cores {
            [tested, rest @ ..] if !rest.is_empty() => Self { tested: tested.to_string(), rest: join(rest) },
            _ => Self { tested: join(cores), rest: join(cores) },
        }
    }

    /// Whether the tested process has a core to itself.
    pub(crate) fn are_apart(&self) -> bool {
        self.tested != self.rest
    }
}

/// A running process. It is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    name: String,
    log: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A command that runs on these cores.
pub(crate) fn pinned(cores: &str, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.arg("--cpu-list").arg(cores).arg(program);
    command
}

impl Running {
    /// Starts a process; its output goes to `NAME.log` in `logs`, its standard output to `NAME.out`.
    pub(crate) fn start(name: &str, command: &mut Command, logs: &Path) -> anyhow::Result<Self> {
        let log = logs.join(format!("{name}.log"));
        command
            .stdin(Stdio::null())
            .stdout(File::create(logs.join(format!("{name}.out")))?)
            .stderr(File::create(&log)?);
        let child = command
            .spawn()
            .with_context(|| format!("cannot start {name} by `taskset` (package util-linux)"))?;
        Ok(Self { child, name: name.to_owned(), log })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks again and again until there is an answer; fails when the process ends or 30 s have passed.
    pub(crate) fn until<T>(&mut self, mut ask: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<T> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let error = match ask() {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            if let Some(status) = self.child.try_wait()? {
                bail!("{} ended ({status}); see {}", self.name, self.log.display());
            }
            if Instant::now() > deadline {
                return Err(error.context(format!(
                    "{} is not ready after 30 s; see {}",
                    self.name,
                    self.log.display()
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cores: &[u32], expected: (&str, &str, bool)) {
        let shared = Cores::share(cores);
        assert_eq!((shared.tested.as_str(), shared.rest.as_str(), shared.are_apart()), expected);
    }

    #[test]
    fn the_first_core_is_for_what_is_tested() {
        check(&[0, 1], ("0", "1", true));
        check(&[2, 3, 5], ("2", "3,5", true));
        check(&[4], ("4", "4", false));
    }
}
