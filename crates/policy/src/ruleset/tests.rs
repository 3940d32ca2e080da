//! Every edit of a document.
