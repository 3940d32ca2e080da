//! Keeps child processes running: starts them again with a growing delay, and leaves none behind.
//!
//! A child dies with this process even where this process is killed outright. The kernel ties that to the *thread* that
//! started the child, so the future of [`Program::keep`] must be polled on the main thread, as part of the future given to `block_on`.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::process::{Child, Command};
use tokio::sync::watch;

/// First delay before a child is started again; doubled each time, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(10);
/// A child that ran this long is healthy: the delay begins anew.
const HEALTHY: Duration = Duration::from_secs(30);
/// How long a child may take to stop by itself.
const GRACE: Duration = Duration::from_secs(5);
/// A log longer than this is set aside when its program is started.
const LONG_LOG: u64 = 16 << 20;

/// A program to keep running.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// What to call it.
    pub(crate) name: &'static str,
    /// The executable.
    pub(crate) path: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<String>,
    /// Where its output goes.
    pub(crate) log: PathBuf,
    /// Where its process id is noted.
    pub(crate) pid_file: PathBuf,
}

/// What is wanted of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Wait.
    Hold,
    /// Run; the number counts up with each wish for a fresh start.
    Run(u64),
    /// Stop and stay stopped.
    Stop,
}

/// How often a program ended without being told to, and how the last time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ends {
    pub(crate) count: u64,
    pub(crate) last: String,
}

/// The hand on a program that is kept running.
#[derive(Debug)]
pub(crate) struct Handle {
    orders: watch::Sender<Order>,
    ends: watch::Receiver<Ends>,
}

impl Handle {
    /// Starts it, or starts it afresh.
    pub(crate) fn start(&self) {
        self.orders.send_modify(|order| {
            *order = Order::Run(if let Order::Run(number) = order { *number + 1 } else { 0 });
        });
    }

    /// Completes once it has ended by itself.
    pub(crate) async fn failed(&mut self) -> String {
        match self.ends.wait_for(|ends| ends.count > 0).await {
            Ok(ends) => ends.last.clone(),
            Err(_) => "was stopped".to_owned(),
        }
    }

    /// Stops it and waits until it is gone.
    pub(crate) async fn stop(&mut self) {
        self.orders.send_replace(Order::Stop);
        while self.ends.changed().await.is_ok() {}
    }
}

impl Program {
    /// The future that keeps it running, once told to, and the hand on it.
    pub(crate) fn keep(&self) -> (Handle, impl Future<Output = ()>) {
        let (orders, order) = watch::channel(Order::Hold);
        let (sender, ends) = watch::channel(Ends::default());
        (Handle { orders, ends }, self.run(order, sender))
    }

    async fn run(&self, mut orders: watch::Receiver<Order>, ends: watch::Sender<Ends>) {
        let mut delay = SHORTEST;
        loop {
            let order = *orders.borrow_and_update();
            match order {
                Order::Stop => return,
                Order::Hold if orders.changed().await.is_err() => return,
                Order::Hold => continue,
                Order::Run(_) => {}
            }
            let began = Instant::now();
            let ended = match self.start() {
                Ok(child) => self.attend(child, &mut orders).await,
                Err(error) => Some(format!("does not start: {error}")),
            };
            let Some(how) = ended else { continue };
            if began.elapsed() >= HEALTHY {
                delay = SHORTEST;
            }
            tracing::warn!("{} {how}; starting it again in {:.1} s", self.name, delay.as_secs_f32());
            ends.send_modify(|ends| *ends = Ends { count: ends.count + 1, last: how });
            let _ = tokio::time::timeout(delay, orders.changed()).await;
            delay = (delay * 2).min(LONGEST);
        }
    }

    /// Waits for the end of the child: `None` where it was ordered, else how it came.
    async fn attend(&self, mut child: Child, orders: &mut watch::Receiver<Order>) -> Option<String> {
        let ended = tokio::select! {
            status = child.wait() => Some(describe(status)),
            _ = orders.changed() => None,
        };
        if ended.is_none() {
            stop(&mut child).await;
        }
        let _ = std::fs::remove_file(&self.pid_file);
        ended
    }

    fn start(&self) -> io::Result<Child> {
        let log = open_log(&self.log)?;
        let mut command = Command::new(&self.path);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0) // Ctrl-C in the terminal is for the supervisor, which stops its children in order
            .kill_on_drop(true);
        die_with_parent(&mut command);
        let child = command.spawn()?;
        if let Some(pid) = child.id() {
            std::fs::write(&self.pid_file, format!("{pid}\n"))?;
        }
        Ok(child)
    }

    /// Ends what an earlier run left behind: a process with the noted id that really runs these arguments.
    pub(crate) fn end_leftover(&self) {
        let noted =
            std::fs::read_to_string(&self.pid_file).ok().and_then(|text| text.trim().parse::<i32>().ok());
        let Some(pid) = noted.filter(|pid| *pid > 1) else { return };
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let runs = |argument: &String| line.split(|byte| *byte == 0).any(|word| word == argument.as_bytes());
        if !line.is_empty() && self.arguments.iter().all(runs) {
            tracing::warn!("ending {} (process {pid}), which an earlier run left behind", self.name);
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
        let _ = std::fs::remove_file(&self.pid_file);
    }

    /// The last lines of its log, for an error message.
    pub(crate) fn last_words(&self, lines: usize) -> String {
        let bytes = std::fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let mut last: Vec<&str> =
            text.lines().rev().filter(|line| !line.trim().is_empty()).take(lines).collect();
        last.reverse();
        last.join("\n")
    }
}

async fn stop(child: &mut Child) {
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
    }
    if tokio::time::timeout(GRACE, child.wait()).await.is_err() {
        let _ = child.kill().await;
    }
}

fn describe(status: io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => format!("ended ({status})"),
        Err(error) => format!("is lost ({error})"),
    }
}

/// The log of a program, to write at its end; a long one is set aside.
pub(crate) fn open_log(path: &Path) -> io::Result<std::fs::File> {
    if std::fs::metadata(path).is_ok_and(|metadata| metadata.len() > LONG_LOG) {
        std::fs::rename(path, path.with_extension("log.1"))?;
    }
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// Has the kernel kill the child when the thread that starts it ends.
#[cfg(target_os = "linux")]
#[expect(unsafe_code, reason = "pre_exec runs between fork and exec; see SAFETY")]
pub(crate) fn die_with_parent(command: &mut Command) {
    let parent = nix::unistd::getpid();
    let prepare = move || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGKILL)?;
        // The parent may have ended before the line above took effect.
        if nix::unistd::getppid() == parent { Ok(()) } else { Err(io::ErrorKind::Interrupted.into()) }
    };
    // SAFETY: the closure makes two system calls that are async-signal-safe, allocates nothing and takes no lock, which is
    // all that is allowed between fork and exec in a process with several threads. (`ErrorKind::into` does not allocate.)
    unsafe {
        command.pre_exec(prepare);
    }
}

/// Other systems have no such signal: an orderly stop still ends the children.
#[cfg(not(target_os = "linux"))]
pub(crate) fn die_with_parent(_: &mut Command) {}

#[cfg(test)]
mod tests;
