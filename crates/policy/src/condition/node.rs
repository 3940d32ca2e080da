//! The closed form of an expression: every variable, function and operator it may hold, and nothing else.

use serde::{Deserialize, Serialize};

use crate::condition::bits;
use crate::condition::function::Function;
use crate::condition::pattern::Pattern;

/// One part of an expression.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Node {
    Null,
    Bool(bool),
    Int(i64),
    UInt(u64),
    Double(#[serde(with = "bits")] f64),
    Text(String),
    Variable(Variable),
    /// The name a macro gives to each element; the slot counts enclosing macros from the outside.
    Local {
        slot: usize,
        name: String,
    },
    /// `of.name`
    Field {
        of: Box<Node>,
        name: String,
    },
    /// `has(of.name)`
    Has {
        of: Box<Node>,
        name: String,
    },
    /// `of[key]`
    Index {
        of: Box<Node>,
        key: Box<Node>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    /// `condition ? yes : no`
    Choose(Box<[Node; 3]>),
    Binary(Binary, Box<Node>, Box<Node>),
    Call(Function, Vec<Node>),
    /// `text.matches("pattern")`: in time linear in the text.
    Matches(Box<Node>, Pattern),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
    Each(Box<Each>),
}

/// `over.macro(name, body)`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Each {
    pub(super) macro_name: Macro,
    pub(super) over: Node,
    pub(super) slot: usize,
    pub(super) name: String,
    /// Which elements are taken, in the long form of `map`.
    pub(super) filter: Option<Node>,
    /// What is asked or made of each.
    pub(super) body: Node,
}

/// The macros over lists and maps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Macro {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// What an expression may ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Variable {
    Arguments,
    Claims,
    Name(Name),
    Server,
    Subject,
}

/// How the rules of a section call what is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Name {
    /// `method`
    Method,
    /// `prompt`
    Prompt,
    /// `task`: what is to be done with it.
    Task,
    /// `tool`
    Tool,
    /// `uri`
    Uri,
}

/// Operators between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Binary {
    Add,
    Divide,
    Equal,
    In,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Multiply,
    NotEqual,
    Remainder,
    Subtract,
}

impl Name {
    pub(super) fn word(self) -> &'static str {
        match self {
            Name::Method => "method",
            Name::Prompt => "prompt",
            Name::Task => "task",
            Name::Tool => "tool",
            Name::Uri => "uri",
        }
    }

    /// Whether what is asked for comes with arguments.
    pub(super) fn has_arguments(self) -> bool {
        matches!(self, Name::Prompt | Name::Tool)
    }
}

impl Variable {
    pub(super) fn word(self) -> &'static str {
        match self {
            Variable::Arguments => "args",
            Variable::Claims => "claims",
            Variable::Name(name) => name.word(),
            Variable::Server => "server",
            Variable::Subject => "subject",
        }
    }
}

impl Node {
    /// What has to be true for the whole to be true.
    pub(super) fn conjuncts(&self) -> Vec<&Node> {
        match self {
            Node::And(parts) => parts.iter().flat_map(Node::conjuncts).collect(),
            other => vec![other],
        }
    }

    pub(super) fn mentions_arguments(&self) -> bool {
        matches!(self, Node::Variable(Variable::Arguments))
            || self.parts().into_iter().any(Node::mentions_arguments)
    }

    /// Members read of a variable, unless the expression asks with `has` somewhere whether they are there.
    pub(super) fn members_of(&self, variable: Variable) -> Vec<&str> {
        let mut read = Vec::new();
        let mut asked = Vec::new();
        self.collect(variable, &mut read, &mut asked);
        read.retain(|name| !asked.contains(name));
        read.sort_unstable();
        read.dedup();
        read
    }

    fn collect<'n>(&'n self, variable: Variable, read: &mut Vec<&'n str>, asked: &mut Vec<&'n str>) {
        let is_of = |node: &Node| matches!(node, Node::Variable(found) if *found == variable);
        match self {
            Node::Field { of, name } if is_of(of) => read.push(name),
            Node::Has { of, name } if is_of(of) => asked.push(name),
            Node::Index { of, key } if is_of(of) => {
                if let Node::Text(name) = key.as_ref() {
                    read.push(name);
                }
            }
            Node::Binary(Binary::In, key, of) if is_of(of) => {
                if let Node::Text(name) = key.as_ref() {
                    asked.push(name);
                }
            }
            _ => {}
        }
        self.parts().into_iter().for_each(|part| part.collect(variable, read, asked));
    }

    fn parts(&self) -> Vec<&Node> {
        match self {
            Node::Null
            | Node::Bool(_)
            | Node::Int(_)
            | Node::UInt(_)
            | Node::Double(_)
            | Node::Text(_)
            | Node::Variable(_)
            | Node::Local { .. } => Vec::new(),
            Node::Field { of, .. } | Node::Has { of, .. } => vec![of],
            Node::Not(one) | Node::Negate(one) | Node::Matches(one, _) => vec![one],
            Node::Index { of: one, key: other } | Node::Binary(_, one, other) => vec![one, other],
            Node::Choose(three) => three.iter().collect(),
            Node::And(several) | Node::Or(several) | Node::Call(_, several) | Node::List(several) => {
                several.iter().collect()
            }
            Node::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            Node::Each(each) => {
                [Some(&each.over), each.filter.as_ref(), Some(&each.body)].into_iter().flatten().collect()
            }
        }
    }
}

impl Binary {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Binary::Add => "+",
            Binary::Divide => "/",
            Binary::Equal => "==",
            Binary::In => "in",
            Binary::Less => "<",
            Binary::LessOrEqual => "<=",
            Binary::More => ">",
            Binary::MoreOrEqual => ">=",
            Binary::Multiply => "*",
            Binary::NotEqual => "!=",
            Binary::Remainder => "%",
            Binary::Subtract => "-",
        }
    }
}

impl Macro {
    pub(super) fn word(self) -> &'static str {
        match self {
            Macro::All => "all",
            Macro::Exists => "exists",
            Macro::ExistsOne => "exists_one",
            Macro::Filter => "filter",
            Macro::Map => "map",
        }
    }
}
