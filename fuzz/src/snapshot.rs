//! Target `snapshot`: documents as a node takes them from the control plane, and as an operator writes them.
//!
//! Nothing panics; what cannot be read is refused; and with what is taken, decisions can be made.

use engine::{Revision, SnapshotParts};
use mcp::{Frame, Limits};
use policy::{Conditions, Document, Operation, Subject};

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

/// Conditions and schemas, in the places where the corpus has one.
const CONDITIONS: [&str; 28] = [
    "args.a.b.c",
    "args.a[0]",
    "has(args.a)",
    "args",
    "claims.region",
    "subject",
    "server",
    "tool",
    "1 / 0",
    "-9223372036854775808 / -1",
    "9223372036854775807 + 1",
    "args.n % 0 == 1",
    "args.n == 9007199254740993",
    "size(args) > 0",
    "args.all(k, k != 'a')",
    "args.l.exists(x, args.l.exists(y, x == y))",
    "args.l.map(x, x * x).size()",
    "args.s.matches('(a+)+$')",
    "args.s.startsWith('a')",
    "[1, 2, 3].map(x, [x, x]).size() == 3",
    "{'a': 1}.a == 1",
    "int(args.s)",
    "timestamp(args.s)",
    "duration('1s')",
    "'\\u0000'",
    "!!!!!!!!!!!!!!!!true",
    "((((((((((true))))))))))",
    "true ? false : args.x",
];
const SCHEMAS: [&str; 12] = [
    r##"{"$ref":"#"}"##,
    r#"{"$ref":"http://127.0.0.1:1/a"}"#,
    r##"{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}"##,
    r#"{"pattern":"(a+)+$"}"#,
    r#"{"allOf":[{"anyOf":[{"not":{}}]}]}"#,
    r#"{"type":"strnig"}"#,
    r#"{"minimum":1e308}"#,
    r#"{"maxLength":-1}"#,
    r#"{"properties":{"a":true}}"#,
    r#"{"unevaluatedProperties":false}"#,
    r#"{"$id":"a"}"#,
    "true",
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
    /// From a control plane.
    Sent(Sent),
}

/// The parts of a snapshot.
pub(crate) struct Sent {
    document: Vec<u8>,
    /// Whether the digest is the document's.
    right: bool,
    catalogue: Vec<u8>,
    conditions: Vec<u8>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Written(text) => write!(f, "written:\n{}", String::from_utf8_lossy(text)),
            Self::Sent(sent) => write!(
                f,
                "sent, digest right: {}:\n{}\ncatalogue:\n{}\nconditions:\n{}",
                sent.right,
                String::from_utf8_lossy(&sent.document),
                String::from_utf8_lossy(&sent.catalogue),
                String::from_utf8_lossy(&sent.conditions)
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
            let text = bytes::mutated(dice, &self.written);
            return Input::Written(reworded(dice, text));
        }
        let catalogue = if dice.once_in(4) { bytes::mutated(dice, &self.catalogues) } else { Vec::new() };
        let document = bytes::mutated(dice, &self.sent);
        let document = reworded(dice, document);
        let conditions = conditions(&document);
        let broken = !conditions.is_empty() && dice.once_in(4);
        let conditions = if broken { bytes::mutated(dice, &[conditions]) } else { conditions };
        Input::Sent(Sent { document, right: !dice.once_in(10), catalogue, conditions })
    }

    fn judge(&self, input: &Input) -> Verdict {
        match input {
            Input::Written(text) => written(text),
            Input::Sent(parts) => sent(parts),
        }
    }
}

/// Perhaps with another condition or schema; a text that is none stays as it is.
fn reworded(dice: &mut Dice, text: Vec<u8>) -> Vec<u8> {
    if dice.once_in(2) {
        return text;
    }
    let Ok(mut said) = String::from_utf8(text) else { return Vec::new() };
    for old in [
        "args.n < 3",
        "args.n == \\\"x\\\"",
        "claims.region == \\\"EU\\\"",
        "args.n == \"x\"",
        "claims.region == \"EU\"",
    ] {
        let new = condition(dice);
        if dice.once_in(3) {
            said = said.replacen(old, &new, 1);
        }
    }
    if dice.once_in(3) {
        said = said.replacen(r#"{"required":["n"]}"#, dice.pick(&SCHEMAS), 1).replacen(
            "{ required: [n] }",
            dice.pick(&SCHEMAS),
            1,
        );
    }
    said.into_bytes()
}

/// One condition, or some in one.
fn condition(dice: &mut Dice) -> String {
    let mut made = dice.pick(&CONDITIONS).to_owned();
    for _ in 0..dice.below(4) {
        let other = dice.pick(&CONDITIONS);
        made = match dice.below(4) {
            0 => format!("({made}) && ({other})"),
            1 => format!("({made}) == ({other})"),
            2 => format!("!({made}) || ({other})"),
            _ => format!("({made}).map(x, {other})"),
        };
    }
    if dice.once_in(50) { "(".repeat(1 << dice.below(14)) + &made } else { made }
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
            Ok(_) => {
                let document = source.document.to_json();
                let conditions = conditions(&document);
                match sent(&Sent { document, right: true, catalogue: Vec::new(), conditions }) {
                    Verdict::Refused => {
                        Verdict::Wrong("it compiles, and is refused as a snapshot".to_owned())
                    }
                    verdict => verdict,
                }
            }
        },
    }
}

/// The conditions of a document as the control plane sends them.
fn conditions(document: &[u8]) -> Vec<u8> {
    Document::from_json(document).map(|document| Conditions::parse(&document).to_json()).unwrap_or_default()
}

fn sent(Sent { document, right, catalogue, conditions }: &Sent) -> Verdict {
    let digest = blake3::hash(document).to_hex().to_string();
    let digest = if *right { digest.as_str() } else { "0" };
    let parts =
        SnapshotParts { revision: 1, digest, document, catalogue, conditions, ..SnapshotParts::default() };
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
