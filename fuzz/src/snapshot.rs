//! Target `snapshot`: documents as a node takes them from the control plane, and as an operator writes them.
//!
//! Nothing panics; what cannot be read is refused; and with what is taken, decisions can be made.

use engine::{Revision, SnapshotParts};
use mcp::{Frame, Limits};
use policy::{Operation, Subject};

use crate::{
    bytes,
    dice::Dice,
    scene,
    target::{Target, Verdict},
};

/// Documents of operators.
const WRITTEN: [&str; 3] = [
    scene::POLICY,
    include_str!("../../crates/policy/src/yaml/tests/full.yaml"),
    include_str!("../../crates/policy/src/yaml/tests/example.yaml"),
];

pub(crate) struct Snapshots {
    written: Vec<Vec<u8>>,
    sent: Vec<Vec<u8>>,
    catalogues: Vec<Vec<u8>>,
}

/// What arrives.
pub(crate) enum Input {
    /// From an operator.
    Written(Vec<u8>),
    /// From a control plane: the document, whether its digest is right, the catalogue.
    Sent(Vec<u8>, bool, Vec<u8>),
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Written(text) => write!(f, "written:\n{}", String::from_utf8_lossy(text)),
            Self::Sent(document, right, catalogue) => write!(
                f,
                "sent, digest right: {right}:\n{}\ncatalogue:\n{}",
                String::from_utf8_lossy(document),
                String::from_utf8_lossy(catalogue)
            ),
        }
    }
}

impl Snapshots {
    pub(crate) fn new() -> Self {
        let documents = WRITTEN
            .iter()
            .filter_map(|text| policy::parse(text).ok())
            .map(|source| source.document.to_json());
        Self {
            written: WRITTEN.iter().map(|text| text.as_bytes().to_vec()).collect(),
            sent: documents.collect(),
            catalogues: vec![Vec::new(), br#"{"servers":{"s":{"tools":[]}}}"#.to_vec()],
        }
    }
}

impl Target for Snapshots {
    type Input = Input;

    fn next(&mut self, dice: &mut Dice) -> Input {
        if dice.once_in(3) {
            return Input::Written(bytes::mutated(dice, &self.written));
        }
        let catalogue = if dice.once_in(4) { bytes::mutated(dice, &self.catalogues) } else { Vec::new() };
        Input::Sent(bytes::mutated(dice, &self.sent), !dice.once_in(10), catalogue)
    }

    fn judge(&self, input: &Input) -> Verdict {
        match input {
            Input::Written(text) => written(text),
            Input::Sent(document, right, catalogue) => sent(document, *right, catalogue),
        }
    }
}

fn written(text: &[u8]) -> Verdict {
    let Ok(text) = str::from_utf8(text) else { return Verdict::Refused };
    match policy::parse(text) {
        Err(problems) if problems.to_string().is_empty() => {
            Verdict::Wrong("it is refused without a word".to_owned())
        }
        Err(_) => Verdict::Refused,
        Ok(source) => match policy::RuleSet::compile(&source.document, 1) {
            Err(_) => Verdict::Refused,
            // What an operator could apply, a node has to take.
            Ok(_) => match sent(&source.document.to_json(), true, b"") {
                Verdict::Refused => Verdict::Wrong("it compiles, and is refused as a snapshot".to_owned()),
                verdict => verdict,
            },
        },
    }
}

fn sent(document: &[u8], right: bool, catalogue: &[u8]) -> Verdict {
    let digest = blake3::hash(document).to_hex().to_string();
    let digest = if right { digest.as_str() } else { "0" };
    let parts = SnapshotParts { revision: 1, digest, document, catalogue, ..SnapshotParts::default() };
    match Revision::from_snapshot(parts) {
        Err(error) if error.to_string().is_empty() => {
            Verdict::Wrong("it is refused without a word".to_owned())
        }
        Err(_) => Verdict::Refused,
        Ok(_) if !right => Verdict::Wrong("its digest is wrong, and it is taken".to_owned()),
        Ok(_) if serde_json::from_slice::<serde_json::Value>(document).is_err() => {
            Verdict::Wrong("it is no JSON, and is taken".to_owned())
        }
        Ok(revision) => decides(&revision),
    }
}

/// Every request of the corpus gets a decision.
fn decides(revision: &Revision) -> Verdict {
    let subject = Subject { role: "agent".to_owned(), ..Subject::default() };
    for body in scene::requests() {
        let Ok(frame) = Frame::parse(body.as_bytes(), &Limits::default()) else { continue };
        let Ok(operation) = Operation::from_frame(&frame) else { continue };
        for server in ["s", "shop", "one"] {
            let _ = revision.rules().decide(&subject, server, &operation);
            let _ = revision.rules().decide(&subject, server, &operation.clone().into_owned());
        }
    }
    Verdict::Passes
}
