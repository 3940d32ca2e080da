//! Generators of documents and streams.

use std::collections::BTreeMap;

use proptest::prelude::*;

/// A tree from which one of many spellings is written.
#[derive(Debug, Clone)]
enum Tree {
    Word(String),
    Text(String, u64),
    Array(Vec<Tree>, String),
    Object(BTreeMap<String, Tree>, String, u64),
}

impl Tree {
    fn write(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Text(text, spelling) => string(text, *spelling),
            Self::Array(items, blanks) => {
                let items: Vec<String> = items.iter().map(Self::write).collect();
                format!("[{blanks}{}{blanks}]", items.join(&format!("{blanks},{blanks}")))
            }
            Self::Object(members, blanks, spelling) => {
                let mut members: Vec<String> = members
                    .iter()
                    .map(|(key, value)| {
                        format!("{}{blanks}:{blanks}{}", string(key, *spelling), value.write())
                    })
                    .collect();
                if spelling & 1 == 1 {
                    members.reverse();
                }
                format!("{{{blanks}{}{blanks}}}", members.join(&format!("{blanks},{blanks}")))
            }
        }
    }
}

impl Tree {
    /// The same value in another spelling: order, blanks, escapes, numbers.
    fn respelt(&self) -> Self {
        match self {
            Self::Word(word) if word.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => {
                Self::Word(if word.contains(['e', 'E']) {
                    word.replace('e', "E")
                } else {
                    format!("{word}e0")
                })
            }
            Self::Word(word) => Self::Word(word.clone()),
            Self::Text(text, spelling) => Self::Text(text.clone(), !spelling),
            Self::Array(items, _) => Self::Array(items.iter().map(Self::respelt).collect(), " \n".to_owned()),
            Self::Object(members, _, spelling) => {
                let members = members.iter().map(|(key, value)| (key.clone(), value.respelt()));
                Self::Object(members.collect(), "\t".to_owned(), !spelling)
            }
        }
    }
}

/// A strict JSON document in some spelling.
pub(crate) fn document() -> impl Strategy<Value = String> {
    tree().prop_map(|tree| tree.write())
}

/// A strict JSON document in two spellings.
pub(crate) fn spellings() -> impl Strategy<Value = (String, String)> {
    tree().prop_map(|tree| (tree.write(), tree.respelt().write()))
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        prop_oneof!["null", "true", "false"].prop_map(Tree::Word),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,9})?([eE][-+]?[0-9]{1,2})?".prop_map(Tree::Word),
        (".{0,40}", any::<u64>()).prop_map(|(text, spelling)| Tree::Text(text, spelling)),
        ("[a-z ]{60,200}", Just(0)).prop_map(|(text, spelling)| Tree::Text(text, spelling)),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        let members = prop::collection::btree_map(".{0,10}", inner.clone(), 0..8);
        prop_oneof![
            (prop::collection::vec(inner, 0..8), blanks())
                .prop_map(|(items, blanks)| Tree::Array(items, blanks)),
            (members, blanks(), any::<u64>())
                .prop_map(|(members, blanks, spelling)| Tree::Object(members, blanks, spelling)),
        ]
    })
}

/// Blanks as JSON knows them, mostly few.
pub(crate) fn blanks() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[ \n\r\t]{0,3}", "\r?\n {0,20}"]
}

/// A byte that is likely to break a document.
pub(crate) fn odd_byte() -> impl Strategy<Value = u8> {
    prop_oneof![prop::sample::select(b"\"\\{}[]:,0-.eutn \n/".to_vec()), any::<u8>()]
}

/// Bytes that look like JSON from afar.
pub(crate) fn punctuation() -> impl Strategy<Value = Vec<u8>> {
    let parts = [
        "{", "}", "[", "]", ":", ",", "\"", "\"a\"", "\\", "\\u", "d800", "0", "-", "1.5", "e9", "null", " ",
    ];
    prop::collection::vec(prop::sample::select(parts.to_vec()), 0..14)
        .prop_map(|parts| parts.concat().into_bytes())
}

/// An event stream with all kinds of lines and endings.
pub(crate) fn stream() -> impl Strategy<Value = Vec<u8>> {
    let line = prop::sample::select(vec![
        "data: {\"a\":1}",
        "data:x",
        "data",
        "data:",
        "id: 1",
        ": comment",
        "retry: 9",
        "",
        "",
        "é",
    ]);
    let ending = prop_oneof![Just("\n"), Just("\r\n"), Just("\r")];
    let mark = prop::sample::select(vec!["", "", "\u{feff}"]);
    let one_ending = (prop::collection::vec(line.clone(), 0..12), ending.clone())
        .prop_map(|(lines, ending)| lines.iter().map(|line| format!("{line}{ending}")).collect::<String>());
    let any_endings = prop::collection::vec((line, ending), 0..12)
        .prop_map(|lines| lines.iter().map(|(line, ending)| format!("{line}{ending}")).collect::<String>());
    (mark, prop_oneof![one_ending, any_endings], "(data: cut)?")
        .prop_map(|(mark, lines, end)| format!("{mark}{lines}{end}").into_bytes())
}

/// A member with this key, spelt by the bits of `spelling`.
pub(crate) fn member(key: &str, spelling: u64) -> String {
    format!("{}:0", string(key, spelling))
}

/// A string literal: each character whose bit is set is escaped, others only if they have to be.
fn string(text: &str, spelling: u64) -> String {
    let mut literal = String::from("\"");
    for (place, character) in text.chars().enumerate() {
        let escape = spelling.rotate_right(place as u32) & 1 == 1;
        match character {
            '"' | '\\' if !escape => literal.extend(['\\', character]),
            _ if escape || character < ' ' => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    literal.push_str(&if place % 2 == 0 {
                        format!("\\u{unit:04x}")
                    } else {
                        format!("\\u{unit:04X}")
                    });
                }
            }
            _ => literal.push(character),
        }
    }
    literal + "\""
}
