//! Operators as each dialect writes them, with the blanks around them.

use crate::dialect::Dialect;
use crate::filter::Comparison;
use crate::ir::{Binary, Unary};

use super::Printer;

impl Printer {
    pub(super) fn operator(&mut self, operator: Binary) {
        let text = match operator {
            Binary::Add => " + ",
            Binary::BitAnd => " & ",
            Binary::BitOr => " | ",
            Binary::BitXor if self.dialect == Dialect::Postgres => " # ",
            Binary::BitXor => " ^ ",
            Binary::Concat => " || ",
            Binary::Contains => " @> ",
            Binary::ContainedBy => " <@ ",
            Binary::Divide => " / ",
            Binary::DivideWhole => " DIV ",
            Binary::HasKey => " ? ",
            Binary::HasAnyKey => " ?| ",
            Binary::HasAllKeys => " ?& ",
            Binary::Json => " -> ",
            Binary::JsonPath => " #> ",
            Binary::JsonPathText => " #>> ",
            Binary::JsonText => " ->> ",
            Binary::Modulo => " % ",
            Binary::Multiply => " * ",
            Binary::Overlaps => " && ",
            Binary::Power => " ^ ",
            Binary::Regex if self.dialect == Dialect::Postgres => " ~ ",
            Binary::Regex => " REGEXP ",
            Binary::RegexBlind => " ~* ",
            Binary::NotRegex if self.dialect == Dialect::Postgres => " !~ ",
            Binary::NotRegex => " NOT REGEXP ",
            Binary::NotRegexBlind => " !~* ",
            Binary::Glob => " GLOB ",
            Binary::ShiftLeft => " << ",
            Binary::ShiftRight => " >> ",
            Binary::Subtract => " - ",
        };
        self.text(text);
    }

    pub(super) fn comparison(&mut self, comparison: Comparison) {
        self.text(match comparison {
            Comparison::Equal => " = ",
            Comparison::Greater => " > ",
            Comparison::GreaterOrEqual => " >= ",
            Comparison::Less => " < ",
            Comparison::LessOrEqual => " <= ",
            Comparison::NotEqual => " <> ",
        });
    }

    pub(super) fn sign(&mut self, operator: Unary) {
        self.text(match operator {
            Unary::BitNot => "~",
            Unary::Minus => "-",
            Unary::Plus => "+",
        });
    }
}
