//! Arithmetic and functions. What would overflow or lose digits is an error.

use std::borrow::Cow;

use crate::condition::Fault;
use crate::condition::evaluate::{Evaluated, Evaluator};
use crate::condition::function::Function;
use crate::condition::node::{Binary, Node};
use crate::condition::number::Number;
use crate::condition::outcome::Outcomes;
use crate::condition::pattern::Pattern;
use crate::condition::value::{Known, Value};

impl<'v> Evaluator<'v> {
    pub(super) fn arithmetic(
        &mut self,
        whole: &Node,
        sign: Binary,
        (left, right): (Known<'v>, Known<'v>),
    ) -> Evaluated<'v> {
        let summable = Outcomes::NUMBER.or(Outcomes::TEXT).or(Outcomes::LIST);
        let works_on = if sign == Binary::Add { summable } else { Outcomes::NUMBER };
        let (left, right) = match (left, right) {
            (Known::Exactly(left), Known::Exactly(right)) => (left, right),
            (left, right) => {
                let kinds = left.kinds().within(right.kinds()).within(works_on);
                return Ok(Known::OneOf(kinds.or(Outcomes::ERROR)));
            }
        };
        self.spend(left.cost().saturating_add(right.cost()))?;
        let result = match (&left, &right) {
            (Value::Number(left), Value::Number(right)) => calculate(sign, *left, *right).map(Value::Number),
            (Value::Text(left), Value::Text(right)) if sign == Binary::Add => {
                Some(Value::Text(Cow::Owned(format!("{left}{right}"))))
            }
            (left, right)
                if sign == Binary::Add && left.kind() == Outcomes::LIST && right.kind() == Outcomes::LIST =>
            {
                Some(Value::List([left.elements()?, right.elements()?].concat().into()))
            }
            _ => None,
        };
        result.map(Known::Exactly).ok_or_else(|| Fault(format!("`{whole}` cannot be calculated")))
    }

    pub(super) fn negate(&mut self, whole: &Node, one: &'v Node) -> Evaluated<'v> {
        let negated = match self.value(one)? {
            Known::OneOf(kinds) => {
                return Ok(Known::OneOf(kinds.within(Outcomes::NUMBER).or(Outcomes::ERROR)));
            }
            Known::Exactly(Value::Number(Number::Int(number))) => number.checked_neg().map(Number::Int),
            Known::Exactly(Value::Number(Number::Double(number))) => Some(Number::Double(-number)),
            Known::Exactly(_) => None,
        };
        let negated = negated.map(|number| Known::Exactly(Value::Number(number)));
        negated.ok_or_else(|| Fault(format!("`{whole}` cannot be calculated")))
    }

    pub(super) fn matches(&mut self, whole: &Node, text: &'v Node, pattern: &Pattern) -> Evaluated<'v> {
        match self.value(text)? {
            Known::Exactly(Value::Text(text)) => {
                // A byte of text costs the engine about as much as a step costs here.
                self.spend(u64::try_from(text.len() / 2).unwrap_or(u64::MAX))?;
                Ok(Known::bool(pattern.matches(&text)))
            }
            Known::OneOf(kinds) if kinds.meets(Outcomes::TEXT) => {
                let fails = kinds.without(Outcomes::TEXT) != Outcomes::NONE;
                Ok(Known::OneOf(if fails { Outcomes::ANY_TRUTH } else { Outcomes::BOOLEAN }))
            }
            _ => Err(Fault(format!("`{whole}` needs text in front of `.matches`"))),
        }
    }

    pub(super) fn call(&mut self, whole: &Node, function: Function, arguments: &'v [Node]) -> Evaluated<'v> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            match self.value(argument)? {
                Known::Exactly(value) => {
                    self.spend(value.cost())?;
                    values.push(value);
                }
                Known::OneOf(kinds) if kinds.meets(function.takes()) => {}
                Known::OneOf(_) => return Err(Fault(format!("`{whole}` cannot be calculated"))),
            }
        }
        if values.len() < arguments.len() {
            return Ok(Known::OneOf(function.gives().or(Outcomes::ERROR)));
        }
        let mut values = values.into_iter();
        let result = match (values.next(), values.next()) {
            (Some(one), None) => apply(function, one),
            (Some(Value::Text(text)), Some(Value::Text(part))) => compare_text(function, &text, &part),
            _ => None,
        };
        result.map(Known::Exactly).ok_or_else(|| Fault(format!("`{whole}` cannot be calculated")))
    }
}

fn calculate(sign: Binary, left: Number, right: Number) -> Option<Number> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => match sign {
            Binary::Add => left.checked_add(right),
            Binary::Subtract => left.checked_sub(right),
            Binary::Multiply => left.checked_mul(right),
            Binary::Divide => left.checked_div(right),
            _ => left.checked_rem(right),
        }
        .map(Number::Int),
        (Number::UInt(left), Number::UInt(right)) => match sign {
            Binary::Add => left.checked_add(right),
            Binary::Subtract => left.checked_sub(right),
            Binary::Multiply => left.checked_mul(right),
            Binary::Divide => left.checked_div(right),
            _ => left.checked_rem(right),
        }
        .map(Number::UInt),
        (Number::Double(left), Number::Double(right)) => {
            let result = match sign {
                Binary::Add => left + right,
                Binary::Subtract => left - right,
                Binary::Multiply => left * right,
                Binary::Divide => left / right,
                _ => return None,
            };
            result.is_finite().then_some(Number::Double(result))
        }
        _ => None,
    }
}

fn apply<'v>(function: Function, value: Value<'v>) -> Option<Value<'v>> {
    match (function, value) {
        (Function::Size, value) => Some(Value::Number(Number::Int(i64::try_from(value.size()?).ok()?))),
        (Function::LowerAscii, Value::Text(text)) => Some(Value::Text(text.to_ascii_lowercase().into())),
        (Function::UpperAscii, Value::Text(text)) => Some(Value::Text(text.to_ascii_uppercase().into())),
        (Function::Bool, value @ Value::Bool(_)) | (Function::Text, value @ Value::Text(_)) => Some(value),
        (Function::Bool, Value::Text(text)) => text.parse().ok().map(Value::Bool),
        (Function::Text, Value::Bool(value)) => Some(Value::Text(value.to_string().into())),
        (Function::Text, Value::Number(number)) => Some(Value::Text(number.to_string().into())),
        (Function::Int | Function::UInt | Function::Double, Value::Number(number)) => {
            convert(function, number).map(Value::Number)
        }
        (Function::Int | Function::UInt | Function::Double, Value::Text(text)) => {
            read(function, &text).map(Value::Number)
        }
        _ => None,
    }
}

fn convert(function: Function, number: Number) -> Option<Number> {
    match function {
        Function::Int => number.to_int().map(Number::Int),
        Function::UInt => number.to_uint().map(Number::UInt),
        _ => number.to_double().map(Number::Double),
    }
}

fn read(function: Function, text: &str) -> Option<Number> {
    match function {
        Function::Int => text.parse().ok().map(Number::Int),
        Function::UInt => text.parse().ok().map(Number::UInt),
        _ => text.parse::<f64>().ok().filter(|double| double.is_finite()).map(Number::Double),
    }
}

fn compare_text<'v>(function: Function, text: &str, part: &str) -> Option<Value<'v>> {
    Some(Value::Bool(match function {
        Function::Contains => text.contains(part),
        Function::EndsWith => text.ends_with(part),
        Function::StartsWith => text.starts_with(part),
        _ => return None,
    }))
}
