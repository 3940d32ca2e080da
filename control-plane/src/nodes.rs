//! The nodes that are connected: who they are, and which revision each runs under.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use proto::v1::{Ack, Hello, Nack, Node};

use crate::instant;

/// The nodes that are connected, by the order they came in.
#[derive(Default)]
pub(crate) struct Nodes {
    connected: Arc<Mutex<BTreeMap<u64, Node>>>,
}

/// One node's place among them, given up when it is dropped.
pub(crate) struct Connection {
    connected: Arc<Mutex<BTreeMap<u64, Node>>>,
    place: u64,
}

impl Nodes {
    /// Takes in a node that said hello.
    pub(crate) fn join(&self, hello: &Hello) -> Connection {
        let node = Node {
            node: hello.node.clone(),
            kind: hello.kind,
            revision: hello.revision,
            nack: String::new(),
            connected: Some(instant::timestamp(instant::now())),
        };
        let mut connected = lock(&self.connected);
        let place = connected.last_key_value().map_or(0, |(last, _)| last.wrapping_add(1));
        connected.insert(place, node);
        drop(connected);
        Connection { connected: Arc::clone(&self.connected), place }
    }

    /// All of them.
    pub(crate) fn list(&self) -> Vec<Node> {
        lock(&self.connected).values().cloned().collect()
    }
}

impl Connection {
    /// The node runs under a revision.
    pub(crate) fn acknowledge(&self, ack: Ack) {
        if let Some(node) = lock(&self.connected).get_mut(&self.place) {
            node.revision = ack.revision;
            node.nack.clear();
        }
    }

    /// The node refused a revision.
    pub(crate) fn refuse(&self, nack: &Nack) {
        if let Some(node) = lock(&self.connected).get_mut(&self.place) {
            node.nack = format!("revision {}: {}", nack.revision, nack.reason);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        lock(&self.connected).remove(&self.place);
    }
}

/// Each change to a node is complete in itself, so a panic elsewhere leaves nothing half done.
fn lock(connected: &Mutex<BTreeMap<u64, Node>>) -> MutexGuard<'_, BTreeMap<u64, Node>> {
    connected.lock().unwrap_or_else(PoisonError::into_inner)
}
