//! Keeps one server's program running: starts it again with a growing delay, and ends it with everything it started.

use std::process::ExitStatus;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::BufReader;
use tokio::process::Child;
use tokio::sync::watch;
use tokio::time::timeout;

use super::greet::{Habit, greet};
use super::lines;
use super::link::Link;
use crate::config::{Launcher, Program};

/// First delay before a program is started again; doubled each time, up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(30);
/// A program that ran this long is healthy: the delay begins anew.
const HEALTHY: Duration = Duration::from_secs(30);
/// How long a program may take to say what it speaks. Some download themselves first.
const GREETING: Duration = Duration::from_secs(180);
/// How long a program may take to end: when its input is closed, and again when it is told to.
const GRACE: Duration = Duration::from_secs(1);
/// How long what a program wrote before it ended is waited for.
const REST: Duration = Duration::from_millis(300);

/// Room for what is read at once.
const BUFFER: usize = 64 * 1024;

/// Runs the program until it is told to stop.
pub(super) async fn keep(
    program: Program,
    launcher: Launcher,
    link: Arc<Link>,
    mut stop: watch::Receiver<bool>,
) {
    let server = &program.server;
    let (mut delay, mut habit) = (SHORTEST, Habit::default());
    loop {
        let began = Instant::now();
        let ended = match launcher(&program) {
            Ok(child) => attend(child, server, &link, &mut habit, &mut stop).await,
            Err(error) => Some(format!("its program `{}` cannot be started: {error}", program.name())),
        };
        let Some(how) = ended else {
            link.down("it is stopped".to_owned());
            return;
        };
        if began.elapsed() >= HEALTHY {
            delay = SHORTEST;
        }
        tracing::warn!(
            target: "trigate::server",
            "server `{server}`: {how}; starting it again in {:.1} s",
            delay.as_secs_f32()
        );
        link.down(how);
        if timeout(delay, told_to_stop(&mut stop)).await.is_ok() {
            return;
        }
        delay = (delay * 2).min(LONGEST);
    }
}

/// Serves one process until it ends: how it did, or `None` where it was told to.
async fn attend(
    mut child: Child,
    server: &str,
    link: &Arc<Link>,
    habit: &mut Habit,
    stop: &mut watch::Receiver<bool>,
) -> Option<String> {
    let group = Group::of(&child);
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Some("its program has no standard input or output".to_owned());
    };
    let write = lines::write(input, link.up());
    let read = lines::read(BufReader::with_capacity(BUFFER, output), |line| link.receive(line));
    let met = async {
        match timeout(GREETING, greet(link, habit)).await {
            Ok(Ok(hello)) => {
                tracing::info!(target: "trigate::server", "server `{server}` runs and speaks {}", hello.revision);
                link.ready(hello);
                std::future::pending().await
            }
            Ok(Err(unmet)) => unmet.to_string(),
            Err(_) => format!("its program did not introduce itself within {} s", GREETING.as_secs()),
        }
    };
    tokio::pin!(read);
    let ended = tokio::select! {
        done = &mut read => Some(match done {
            Ok(()) => "its program closed its standard output".to_owned(),
            Err(why) => format!("its program {why}"),
        }),
        // The other end is closed: the program says more by ending.
        written = write => {
            let _ = timeout(GRACE, &mut read).await;
            Some(format!("its program takes no more input{}", written.err().map(|error| format!(": {error}")).unwrap_or_default()))
        }
        why = met => Some(why),
        status = child.wait() => {
            // What it said before it ended still counts.
            let _ = timeout(REST, &mut read).await;
            Some(told(status.ok()))
        }
        () = told_to_stop(stop) => None,
    };
    // Whoever waits is not kept waiting for the rest.
    link.down(ended.clone().unwrap_or_else(|| "it is stopped".to_owned()));
    // Its input was closed with `write`; the rest of a polite end follows.
    if timeout(GRACE, child.wait()).await.is_err() {
        group.signal(Signal::SIGTERM);
        let _ = timeout(GRACE, child.wait()).await;
    }
    drop(group);
    let status = timeout(GRACE, child.wait()).await.ok().and_then(Result::ok);
    ended.map(|how| match status {
        Some(status) if how.starts_with("its program closed") || how.starts_with("its program takes") => {
            told(Some(status))
        }
        _ => how,
    })
}

/// Completes once it is to stop, or nobody is there to say so.
async fn told_to_stop(stop: &mut watch::Receiver<bool>) {
    let _ = stop.wait_for(|stop| *stop).await;
}

fn told(status: Option<ExitStatus>) -> String {
    status.map_or_else(|| "its program is lost".to_owned(), |status| format!("its program ended ({status})"))
}

/// The process group of a program: with it goes everything it started.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &Child) -> Self {
        Self(child.id().and_then(|id| i32::try_from(id).ok()).filter(|id| *id > 1).map(Pid::from_raw))
    }

    fn signal(&self, signal: Signal) {
        if let Some(group) = self.0 {
            // All of it may have ended.
            let _ = killpg(group, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
    }
}
