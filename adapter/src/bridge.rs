//! Servers that speak on standard input and output, run here and served to the gateway over HTTP.
//!
//! One process for each server, shared by all callers (`run.rs`); what is under way on it, and whose it is (`link.rs`); which
//! era it speaks (`greet.rs`); how messages are changed on the way, which is as little as sharing asks for (`rewrite.rs`); and
//! the HTTP side (`http.rs`). A server outlives revisions as long as its entry stays the same.

mod greet;
pub(crate) mod http;
mod lines;
mod link;
mod rewrite;
mod run;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use policy::document::{Server, Variable};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::bridge::link::Link;
use crate::config::{Launcher, Program};

/// Why nothing runs where whoever started the adapter gave no way to.
const NO_LAUNCHER: &str = "this adapter runs no programs; `trigate up` does";

/// One server that is run here.
pub(crate) struct Bridged {
    /// The mark of its entry in the document.
    entry: String,
    program: Program,
    link: Arc<Link>,
    stop: watch::Sender<bool>,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// The servers of a document that are run here; those whose entry and variables are as before go on.
pub(crate) fn open(
    servers: &BTreeMap<String, Server>,
    variables: &BTreeMap<String, BTreeMap<String, String>>,
    previous: &BTreeMap<String, Arc<Bridged>>,
    launcher: Option<&Launcher>,
) -> BTreeMap<String, Arc<Bridged>> {
    let nothing = BTreeMap::new();
    let bridged = servers.iter().filter(|(_, server)| server.command.is_some());
    let opened = bridged.map(|(name, server)| {
        let known = variables.get(name).unwrap_or(&nothing);
        let (program, missing) = program(name, server, known);
        let same = previous.get(name).filter(|before| before.program == program);
        let opened = match same {
            Some(same) => Arc::clone(same),
            None => Arc::new(Bridged::start(server.entry(), program, &missing, launcher)),
        };
        (name.clone(), opened)
    });
    opened.collect()
}

/// What is run for a server, and the variables that are missing for it.
fn program(name: &str, server: &Server, known: &BTreeMap<String, String>) -> (Program, Vec<String>) {
    let mut missing = Vec::new();
    let variables = server.env.iter().filter_map(|(name, variable)| {
        let value = match variable {
            Variable::Text(text) => Some(text),
            Variable::Kept(_) => known.get(name),
        };
        if value.is_none() {
            missing.push(name.clone());
        }
        Some((name.clone(), value?.clone()))
    });
    let variables = variables.collect();
    let program = Program {
        server: name.to_owned(),
        command: server.command.clone().unwrap_or_default(),
        variables,
        directory: server.cwd.as_ref().map(PathBuf::from),
    };
    (program, missing)
}

impl Bridged {
    fn start(entry: String, program: Program, missing: &[String], launcher: Option<&Launcher>) -> Self {
        let link = Arc::new(Link::new(program.server.clone()));
        let (stop, stopped) = watch::channel(false);
        let running = match (launcher, Handle::try_current()) {
            _ if !missing.is_empty() => {
                link.down(format!(
                    "the control plane has no value for its variable `{}`",
                    missing.join("`, `")
                ));
                None
            }
            (Some(launcher), Ok(runtime)) => {
                let run = run::keep(program.clone(), Arc::clone(launcher), Arc::clone(&link), stopped);
                Some(runtime.spawn(run))
            }
            _ => {
                link.down(NO_LAUNCHER.to_owned());
                None
            }
        };
        Self { entry, program, link, stop, running: Mutex::new(running) }
    }

    /// Stops it and waits until it is gone.
    pub(crate) async fn stop(&self) {
        self.stop.send_replace(true);
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(running) = running {
            // It cannot fail but by a panic, which has been reported.
            let _ = running.await;
        }
    }
}

impl Drop for Bridged {
    /// The task sees to the rest; where the whole process ends first, the program is killed with the task.
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
