//! The nodes of a filter as expressions.

use crate::catalogue::Type;
use crate::claims::{Claim, Claims};
use crate::dialect::Dialect;
use crate::filter::{
    Comparison, Condition, ESCAPE, Filter, Form, Given, Literal, Node, Source, Subject, Test,
};
use crate::ir::{CastType, Expr, IsTest};
use crate::lexer::{SyntaxError, SyntaxProblem};
use crate::name::Name;
use crate::refusal::{Place, Refusal};
use crate::value::{self, Value};

use super::exact::{binary, cast, is_blind, operand_binary};
use super::{Names, Operand};

/// What binds a filter.
pub(crate) struct Binder<'a> {
    pub(crate) names: &'a dyn Names,
    pub(crate) dialect: Dialect,
    /// The claims a row rule may speak of, and the table it is of.
    pub(crate) claims: Option<(&'a Claims, &'a str)>,
    /// What the text is called in a refusal.
    pub(crate) place: fn(usize) -> Place,
}

impl Binder<'_> {
    /// The filter as an expression.
    pub(crate) fn filter(&self, filter: &Filter) -> Result<Expr, Refusal> {
        self.node(&filter.root)
    }

    fn node(&self, node: &Node) -> Result<Expr, Refusal> {
        match node {
            Node::And(all) => Ok(Expr::And(self.nodes(all)?)),
            Node::Condition(condition) => self.condition(condition),
            Node::Not(inner) => Ok(Expr::Not(Box::new(self.node(inner)?))),
            Node::Or(all) => Ok(Expr::Or(self.nodes(all)?)),
        }
    }

    fn nodes(&self, nodes: &[Node]) -> Result<Vec<Expr>, Refusal> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn condition(&self, condition: &Condition) -> Result<Expr, Refusal> {
        let place = (self.place)(condition.offset);
        let operand = self.names.operand(&condition.subject, place)?;
        match &condition.test {
            Test::Between { negated, low, high } => {
                let (low, high) =
                    (Box::new(self.value(low, &operand)?), Box::new(self.value(high, &operand)?));
                Ok(Expr::Between {
                    negated: *negated,
                    operand: Box::new(self.comparable(&operand)),
                    low,
                    high,
                })
            }
            Test::Compare(operator, given) => {
                let right = self.value(given, &operand)?;
                let exact = || binary(right.clone());
                Ok(self.compared(*operator, &operand, (right.clone(), exact)))
            }
            Test::CompareColumn(operator, name, offset) => {
                self.compared_columns(*operator, &operand, (name, *offset))
            }
            Test::In { negated, values } => {
                let list =
                    values.iter().map(|given| self.value(given, &operand)).collect::<Result<Vec<_>, _>>()?;
                Ok(self.listed(*negated, &operand, list))
            }
            Test::InClaim { negated, claim } => {
                let Some(Claim::List(claims)) = self.claim(claim) else { return Err(self.unfit(claim)) };
                let value =
                    |one: &Claim| literal(one).and_then(|one| value::typed(&one, operand.ty, self.dialect));
                let values: Option<Vec<Value>> = claims.iter().map(value).collect();
                let values = values.ok_or_else(|| self.unfit(claim))?;
                let list = values.into_iter().map(|value| value::expression(value, self.dialect));
                Ok(self.listed(*negated, &operand, list.collect()))
            }
            Test::Match { negated, form, text } => self.matched(*negated, &operand, (*form, text, place)),
            Test::Null { negated } => {
                Ok(Expr::Is { negated: *negated, operand: Box::new(operand.expr), test: IsTest::Null })
            }
        }
    }

    /// What the engine can compare with a value: where it has no operator for the type, the text of it.
    fn comparable(&self, operand: &Operand) -> Expr {
        let is_old_text =
            self.dialect == Dialect::SqlServer && matches!(operand.type_name.as_str(), "text" | "ntext");
        match is_old_text || self.dialect.compares_as_text(operand.ty) {
            true => cast(operand.expr.clone(), CastType::Text),
            false => operand.expr.clone(),
        }
    }

    /// The comparison, text exactly. The right side is given as it is and, where it is wanted, in its bytes.
    fn compared(
        &self,
        operator: Comparison,
        operand: &Operand,
        (right, exact): (Expr, impl FnOnce() -> Expr),
    ) -> Expr {
        let compare = |left, right| Expr::Compare { operator, left: Box::new(left), right: Box::new(right) };
        let is_blind = is_blind(operand, self.dialect);
        match operator {
            Comparison::Equal if is_blind => Expr::And(vec![
                compare(self.comparable(operand), right),
                compare(operand_binary(operand, self.dialect), exact()),
            ]),
            Comparison::NotEqual if is_blind => compare(operand_binary(operand, self.dialect), exact()),
            _ => compare(self.comparable(operand), right),
        }
    }

    fn compared_columns(
        &self,
        operator: Comparison,
        left: &Operand,
        (name, offset): (&Name, usize),
    ) -> Result<Expr, Refusal> {
        let place = (self.place)(offset);
        // An unknown name is most often a string without its quotes, so that is what is said.
        let unknown = |_| {
            let found = format!("`{}`", name.written());
            let expected = "a value (a 'string' in single quotes, a number, TRUE or FALSE) or a column";
            let error = SyntaxError { offset, problem: SyntaxProblem::Expected { expected, found } };
            Refusal::Syntax { place, error }
        };
        let right = self.names.operand(&Subject::Column(name.clone()), place).map_err(unknown)?;
        if !are_comparable(left.ty, right.ty) {
            return Err(mismatch(place, left));
        }
        let exact = || operand_binary(&right, self.dialect);
        Ok(self.compared(operator, left, (self.comparable(&right), exact)))
    }

    fn listed(&self, negated: bool, operand: &Operand, list: Vec<Expr>) -> Expr {
        if list.is_empty() {
            return if negated { Expr::Not(Box::new(never())) } else { never() };
        }
        let within = |operand, list| Expr::In { negated, operand: Box::new(operand), list };
        let plain = self.comparable(operand);
        if !is_blind(operand, self.dialect) {
            return within(plain, list);
        }
        let bytes = list.iter().map(|value| binary(value.clone())).collect();
        let exact = within(operand_binary(operand, self.dialect), bytes);
        if negated { exact } else { Expr::And(vec![within(plain, list), exact]) }
    }

    fn matched(
        &self,
        negated: bool,
        operand: &Operand,
        (form, text, place): (Form, &Given, Place),
    ) -> Result<Expr, Refusal> {
        if !self.matches_patterns(operand.ty) {
            return Err(mismatch(place, operand));
        }
        let Literal::Text(text_value) = self.given(text)? else { return Err(mismatch(place, operand)) };
        let syntax = |problem| {
            let error = SyntaxError { offset: text.offset, problem };
            Refusal::Syntax { place: (self.place)(text.offset), error }
        };
        let pattern = form.pattern(&text_value, self.dialect).map_err(syntax)?;
        Ok(Expr::Like {
            negated,
            blind: true,
            operand: Box::new(self.comparable(operand)),
            pattern: Box::new(Expr::Literal(Value::Text(pattern))),
            escape: Some(ESCAPE),
        })
    }

    fn value(&self, given: &Given, operand: &Operand) -> Result<Expr, Refusal> {
        let unfit = || match &given.source {
            Source::Claim(name) => self.unfit(name),
            Source::Literal(_) => mismatch((self.place)(given.offset), operand),
        };
        let value = value::typed(&self.given(given)?, operand.ty, self.dialect);
        value.map(|value| value::expression(value, self.dialect)).ok_or_else(unfit)
    }

    fn given(&self, given: &Given) -> Result<Literal, Refusal> {
        match &given.source {
            Source::Claim(name) => self.claim(name).and_then(literal).ok_or_else(|| self.unfit(name)),
            Source::Literal(literal) => Ok(literal.clone()),
        }
    }

    fn claim(&self, name: &str) -> Option<&Claim> {
        self.claims.and_then(|(claims, _)| claims.0.get(name))
    }

    fn unfit(&self, claim: &str) -> Refusal {
        let table = self.claims.map_or(String::new(), |(_, table)| table.to_owned());
        Refusal::Claim { claim: claim.to_owned(), table }
    }

    /// Whether LIKE and its forms make sense: on text, and on whatever the engine may hold text in.
    fn matches_patterns(&self, ty: Type) -> bool {
        match ty {
            Type::Other | Type::Text => true,
            Type::Date | Type::Time | Type::Timestamp | Type::TimestampTz | Type::Uuid => {
                !self.dialect.is_strictly_typed()
            }
            Type::Boolean | Type::Bytes | Type::Decimal | Type::Integer | Type::Json | Type::Real => false,
        }
    }
}

/// A condition that no row meets.
pub(crate) fn never() -> Expr {
    let number = |number| Box::new(Expr::Literal(Value::Integer(number)));
    Expr::Compare { operator: Comparison::Equal, left: number(1), right: number(0) }
}

/// The claim as a value, unless it is several.
fn literal(claim: &Claim) -> Option<Literal> {
    match claim {
        Claim::Boolean(value) => Some(Literal::Boolean(*value)),
        Claim::List(_) => None,
        Claim::Number(digits) => Some(Literal::Number(digits.clone())),
        Claim::Text(text) => Some(Literal::Text(text.clone())),
    }
}

fn are_comparable(left: Type, right: Type) -> bool {
    let is_number = |ty| matches!(ty, Type::Decimal | Type::Integer | Type::Real);
    let is_moment = |ty| matches!(ty, Type::Date | Type::Timestamp);
    let has_order = left.has_order() && right.has_order();
    has_order
        && (left == right || (is_number(left) && is_number(right)) || (is_moment(left) && is_moment(right)))
}

fn mismatch(place: Place, operand: &Operand) -> Refusal {
    Refusal::Mismatch { place, column: operand.name.clone(), ty: operand.ty }
}
