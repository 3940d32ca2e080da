//! Answers that the gate gives itself and that refuse nothing.

use crate::Reply;

/// An answer that the gate gives itself: a whole message.
pub(crate) fn answered(body: Vec<u8>) -> Reply {
    Reply { status: 200, headers: vec![("content-type", "application/json".to_owned())], body }
}

/// A session was ended.
pub(crate) fn ended() -> Reply {
    empty(200)
}

/// What has no answer was taken.
pub(crate) fn accepted() -> Reply {
    empty(202)
}

/// Without a content type, a host could take it for an answer of its own.
fn empty(status: u16) -> Reply {
    Reply { status, headers: vec![("content-type", "application/json".to_owned())], body: Vec::new() }
}
