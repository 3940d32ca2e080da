//! The functions expressions may call. Each works in time linear in its arguments.

use serde::{Deserialize, Serialize};

use crate::condition::outcome::Outcomes;

/// One function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Function {
    Bool,
    Contains,
    Double,
    EndsWith,
    Int,
    LowerAscii,
    Size,
    StartsWith,
    Text,
    UInt,
    UpperAscii,
}

/// How a call is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// `f(x)`
    Plain,
    /// `x.f()`
    Member,
}

/// What `matches` is called by; it is a node of its own, since its pattern is compiled once.
pub(super) const MATCHES: &str = "matches";

/// The macros, for hints on misspelt names.
pub(super) const MACROS: [&str; 6] = ["has", "all", "exists", "exists_one", "filter", "map"];

impl Function {
    pub(super) const ALL: [Function; 11] = [
        Function::Bool,
        Function::Contains,
        Function::Double,
        Function::EndsWith,
        Function::Int,
        Function::LowerAscii,
        Function::Size,
        Function::StartsWith,
        Function::Text,
        Function::UInt,
        Function::UpperAscii,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Function::Bool => "bool",
            Function::Contains => "contains",
            Function::Double => "double",
            Function::EndsWith => "endsWith",
            Function::Int => "int",
            Function::LowerAscii => "lowerAscii",
            Function::Size => "size",
            Function::StartsWith => "startsWith",
            Function::Text => "string",
            Function::UInt => "uint",
            Function::UpperAscii => "upperAscii",
        }
    }

    /// How many values it takes, the one before the dot included.
    pub(super) fn arity(self) -> usize {
        match self {
            Function::Contains | Function::EndsWith | Function::StartsWith => 2,
            _ => 1,
        }
    }

    pub(super) fn is_written(self, style: Style) -> bool {
        match self {
            Function::Size => true,
            Function::Bool | Function::Double | Function::Int | Function::Text | Function::UInt => {
                style == Style::Plain
            }
            _ => style == Style::Member,
        }
    }

    /// Kinds of value it can work on.
    pub(super) fn takes(self) -> Outcomes {
        match self {
            Function::Size => Outcomes::TEXT.or(Outcomes::LIST).or(Outcomes::MAP),
            Function::Double | Function::Int | Function::UInt => Outcomes::NUMBER.or(Outcomes::TEXT),
            Function::Bool => Outcomes::BOOLEAN.or(Outcomes::TEXT),
            Function::Text => Outcomes::BOOLEAN.or(Outcomes::TEXT).or(Outcomes::NUMBER),
            _ => Outcomes::TEXT,
        }
    }

    /// Kinds of value it can come to.
    pub(super) fn gives(self) -> Outcomes {
        match self {
            Function::Bool | Function::Contains | Function::EndsWith | Function::StartsWith => {
                Outcomes::BOOLEAN
            }
            Function::LowerAscii | Function::Text | Function::UpperAscii => Outcomes::TEXT,
            Function::Double | Function::Int | Function::Size | Function::UInt => Outcomes::NUMBER,
        }
    }

    pub(super) fn example(self) -> &'static str {
        match self {
            Function::Bool => "`bool(x)`",
            Function::Contains => "`x.contains(\"text\")`",
            Function::Double => "`double(x)`",
            Function::EndsWith => "`x.endsWith(\"text\")`",
            Function::Int => "`int(x)`",
            Function::LowerAscii => "`x.lowerAscii()`",
            Function::Size => "`size(x)`",
            Function::StartsWith => "`x.startsWith(\"text\")`",
            Function::Text => "`string(x)`",
            Function::UInt => "`uint(x)`",
            Function::UpperAscii => "`x.upperAscii()`",
        }
    }
}
