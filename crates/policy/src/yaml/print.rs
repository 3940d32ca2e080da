//! A document as YAML: block style, fields in the order of the reference, short lists and small records on one line.
//!
//! The fields come from the JSON form, read back as a tree, which keeps their order; so there is no second list of them.

use crate::document::Document;
use crate::yaml::tree::{Content, NodeId, Tree};

/// Longest value that is written on one line.
const LINE: usize = 100;

pub(crate) fn print(document: &Document) -> String {
    let json = document.to_json();
    let Some(tree) = std::str::from_utf8(&json).ok().and_then(|text| Tree::read(text).ok()) else {
        // What does not fit the limits of a tree is still YAML in its JSON form.
        return String::from_utf8(json).unwrap_or_default();
    };
    let mut printer = Printer { tree: &tree, text: String::new() };
    printer.block(tree.root, 0);
    printer.text
}

struct Printer<'t> {
    tree: &'t Tree,
    text: String,
}

impl Printer<'_> {
    fn block(&mut self, id: NodeId, indent: usize) {
        match self.tree.node(id).map(|node| &node.content) {
            Some(Content::Mapping(entries)) => {
                for (index, (key, value)) in entries.iter().enumerate() {
                    if index > 0 {
                        self.text.extend(std::iter::repeat_n(' ', indent));
                    }
                    self.flow(*key);
                    self.text.push(':');
                    self.value(*value, indent);
                }
            }
            Some(Content::Sequence(items)) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.text.extend(std::iter::repeat_n(' ', indent));
                    }
                    self.text.push_str("- ");
                    self.item(*item, indent + 2);
                }
            }
            _ => {
                self.flow(id);
                self.text.push('\n');
            }
        }
    }

    fn value(&mut self, id: NodeId, indent: usize) {
        // The sections of the document always spread out, so that a later edit changes few lines.
        let spreads = indent == 0 && self.depth(id) > 1;
        if let Some(line) = self.short(id).filter(|_| !spreads) {
            self.text.push(' ');
            self.line(&line);
            return;
        }
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent + 2));
        self.block(id, indent + 2);
    }

    /// A rule reads best without braces: `- allow: shop.query`.
    fn item(&mut self, id: NodeId, indent: usize) {
        match self.short(id).filter(|_| !self.is_rule(id)) {
            Some(line) => self.line(&line),
            None => self.block(id, indent),
        }
    }

    fn is_rule(&self, id: NodeId) -> bool {
        let Some(Content::Mapping(entries)) = self.tree.node(id).map(|node| &node.content) else {
            return false;
        };
        let first = entries.first().and_then(|(key, _)| self.tree.node(*key)).map(|node| &node.content);
        matches!(first, Some(Content::Scalar { text, .. }) if text == "allow" || text == "deny")
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The value on one line: a scalar, a short list or record of scalars, or a short record of one of these.
    fn short(&self, id: NodeId) -> Option<String> {
        let shallow = match self.tree.node(id).map(|node| &node.content) {
            Some(Content::Mapping(entries)) if entries.len() == 1 => self.depth(id) <= 2,
            _ => self.depth(id) <= 1,
        };
        if !shallow || self.holds_records(id) {
            return None;
        }
        let mut line = Printer { tree: self.tree, text: String::new() };
        line.flow(id);
        (self.depth(id) == 0 || line.text.chars().count() <= LINE).then_some(line.text)
    }

    fn depth(&self, id: NodeId) -> usize {
        match self.tree.node(id).map(|node| &node.content) {
            Some(Content::Mapping(entries)) => {
                1 + entries.iter().map(|(_, value)| self.depth(*value)).max().unwrap_or_default()
            }
            Some(Content::Sequence(items)) => {
                1 + items.iter().map(|item| self.depth(*item)).max().unwrap_or_default()
            }
            _ => 0,
        }
    }

    /// Lists of records read best with one record a line.
    fn holds_records(&self, id: NodeId) -> bool {
        match self.tree.node(id).map(|node| &node.content) {
            Some(Content::Sequence(items)) => items.iter().any(|item| self.depth(*item) > 0),
            Some(Content::Mapping(entries)) => entries.iter().any(|(_, value)| self.holds_records(*value)),
            _ => false,
        }
    }

    fn flow(&mut self, id: NodeId) {
        match self.tree.node(id).map(|node| &node.content) {
            Some(Content::Mapping(entries)) if entries.is_empty() => self.text.push_str("{}"),
            Some(Content::Mapping(entries)) => {
                self.text.push_str("{ ");
                for (index, (key, value)) in entries.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.flow(*key);
                    self.text.push_str(": ");
                    self.flow(*value);
                }
                self.text.push_str(" }");
            }
            Some(Content::Sequence(items)) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.flow(*item);
                }
                self.text.push(']');
            }
            // A bare scalar of the JSON form is a number, `true` or `false`.
            Some(Content::Scalar { text, plain }) => {
                self.text.push_str(&if *plain { text.clone() } else { quoted(text) })
            }
            None => {}
        }
    }
}

/// Text as a scalar: bare where no reader could take it for something else.
fn quoted(text: &str) -> String {
    let ordinary = |c: char| c.is_ascii_alphanumeric() || "_./-:@+=*".contains(c) || c == ' ';
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '_');
    let ends = text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '/' || "_.*".contains(c));
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    let colons = text.contains(": ");
    if begins && ends && !word && !colons && text.chars().all(ordinary) {
        return text.to_owned();
    }
    serde_json::Value::from(text).to_string()
}
