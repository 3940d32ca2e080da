//! An expression as text again: what a refusal and an explanation show of it.

use std::fmt::{self, Display, Formatter};

use crate::condition::function::{Function, Style};
use crate::condition::node::{Binary, Each, Node};

/// How tightly a part binds; a looser one inside a tighter one needs parentheses.
fn strength(node: &Node) -> u8 {
    match node {
        Node::Choose(_) => 0,
        Node::Or(..) => 1,
        Node::And(..) => 2,
        Node::Binary(sign, ..) => match sign {
            Binary::Equal
            | Binary::In
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::More
            | Binary::MoreOrEqual
            | Binary::NotEqual => 3,
            Binary::Add | Binary::Subtract => 4,
            Binary::Divide | Binary::Multiply | Binary::Remainder => 5,
        },
        Node::Not(_) | Node::Negate(_) => 6,
        Node::Int(number) if *number < 0 => 6,
        _ => 7,
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Node::Null => f.write_str("null"),
            Node::Bool(value) => write!(f, "{value}"),
            Node::Int(value) => write!(f, "{value}"),
            Node::UInt(value) => write!(f, "{value}u"),
            Node::Double(value) => write!(f, "{value:?}"),
            Node::Text(text) => quoted(text, f),
            Node::Variable(variable) => f.write_str(variable.word()),
            Node::Local { name, .. } => f.write_str(name),
            Node::Field { of, name } => {
                part(of, 7, f)?;
                write!(f, ".{name}")
            }
            Node::Has { of, name } => write!(f, "has({of}.{name})"),
            Node::Index { of, key } => {
                part(of, 7, f)?;
                write!(f, "[{key}]")
            }
            Node::Not(one) => prefixed("!", one, f),
            Node::Negate(one) => prefixed("-", one, f),
            Node::And(parts) => chained(self, " && ", parts, f),
            Node::Or(parts) => chained(self, " || ", parts, f),
            Node::Binary(sign, left, right) => between(self, sign.sign(), (left, right), f),
            Node::Choose(three) => {
                let [condition, yes, no] = three.as_ref();
                part(condition, 1, f)?;
                write!(f, " ? ")?;
                part(yes, 1, f)?;
                write!(f, " : {no}")
            }
            Node::Call(function, arguments) => call(*function, arguments, f),
            Node::Matches(text, pattern) => {
                part(text, 7, f)?;
                f.write_str(".matches(")?;
                quoted(pattern.text(), f)?;
                f.write_str(")")
            }
            Node::List(items) => {
                f.write_str("[")?;
                listed(items, f)?;
                f.write_str("]")
            }
            Node::Map(entries) => {
                f.write_str("{")?;
                for (index, (key, value)) in entries.iter().enumerate() {
                    f.write_str(if index > 0 { ", " } else { "" })?;
                    write!(f, "{key}: {value}")?;
                }
                f.write_str("}")
            }
            Node::Each(each) => each.fmt(f),
        }
    }
}

impl fmt::Display for Each {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        part(&self.over, 7, f)?;
        write!(f, ".{}({}", self.macro_name.word(), self.name)?;
        for asked in [self.filter.as_ref(), Some(&self.body)].into_iter().flatten() {
            write!(f, ", {asked}")?;
        }
        f.write_str(")")
    }
}

fn call(function: Function, arguments: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    match arguments.split_first() {
        Some((of, arguments)) if !function.is_written(Style::Plain) => {
            part(of, 7, f)?;
            write!(f, ".{}(", function.name())?;
            listed(arguments, f)?;
        }
        _ => {
            write!(f, "{}(", function.name())?;
            listed(arguments, f)?;
        }
    }
    f.write_str(")")
}

fn part(node: &Node, least: u8, f: &mut Formatter<'_>) -> fmt::Result {
    if strength(node) < least { write!(f, "({node})") } else { node.fmt(f) }
}

fn prefixed(sign: &str, node: &Node, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(sign)?;
    part(node, 7, f)
}

fn between(whole: &Node, sign: &str, (left, right): (&Node, &Node), f: &mut Formatter<'_>) -> fmt::Result {
    part(left, strength(whole), f)?;
    write!(f, " {sign} ")?;
    part(right, strength(whole) + 1, f)
}

fn chained(whole: &Node, sign: &str, parts: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, node) in parts.iter().enumerate() {
        f.write_str(if index > 0 { sign } else { "" })?;
        part(node, strength(whole) + 1, f)?;
    }
    Ok(())
}

fn listed(nodes: &[Node], f: &mut Formatter<'_>) -> fmt::Result {
    for (index, node) in nodes.iter().enumerate() {
        f.write_str(if index > 0 { ", " } else { "" })?;
        node.fmt(f)?;
    }
    Ok(())
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    // The escapes of JSON are escapes of CEL as well.
    f.write_str(&serde_json::Value::from(text).to_string())
}
