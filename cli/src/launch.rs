//! Starts the programs of servers for the adapter: without a shell, with an environment of their own, with a log each.
//!
//! The kernel ends a program with the *thread* that started it, so all are started by one thread that lives as long as the
//! launcher (see `supervise`).

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, mpsc};
use std::thread;

use adapter::{Launcher, Program};
use tokio::process::{Child, Command};
use tokio::runtime::Handle;

use crate::args;
use crate::state::StateDir;
use crate::supervise::{die_with_parent, open_log};

/// A program to start, and where to say what came of it.
type Order = (Command, mpsc::Sender<io::Result<Child>>);

/// What starts programs for as long as it is kept.
pub(crate) fn launcher(state: &StateDir) -> io::Result<Launcher> {
    let (orders, queue) = mpsc::channel::<Order>();
    let runtime = Handle::current();
    let work = move || {
        let _context = runtime.enter();
        for (mut command, reply) in queue {
            // Whoever ordered it waits below.
            let _ = reply.send(command.spawn());
        }
    };
    thread::Builder::new().name("launcher".to_owned()).spawn(work)?;
    let logs = state.path().to_owned();
    Ok(Arc::new(move |program: &Program| {
        let (reply, started) = mpsc::channel();
        let ended = || io::Error::other("the launcher has ended");
        let order = (command(program, &log(&logs, program))?, reply);
        orders.send(order).map_err(|_| ended())?;
        started.recv().map_err(|_| ended())?
    }))
}

/// Where a program's standard error goes.
fn log(logs: &std::path::Path, program: &Program) -> PathBuf {
    logs.join(format!("server-{}.log", program.server))
}

fn command(program: &Program, log: &std::path::Path) -> io::Result<Command> {
    let mut command = Command::new(program.name());
    command
        .args(program.command.iter().skip(1))
        .env_clear()
        .envs(args::environment_of_programs())
        .envs(&program.variables)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(open_log(log)?)
        .process_group(0)
        .kill_on_drop(true);
    if let Some(directory) = &program.directory {
        command.current_dir(directory);
    }
    die_with_parent(&mut command);
    Ok(command)
}
