//! The control plane: store, revisions, snapshots, audit.
