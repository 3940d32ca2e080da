//! What an expression comes to. Where a fact is missing the answer is a set: everything it could come to, whatever the fact
//! turned out to be, and perhaps more, never less. Each step costs; an evaluation that costs too much is an error.

mod compare;
mod each;
mod operate;

use crate::condition::node::{Binary, Node, Variable};
use crate::condition::number::Number;
use crate::condition::outcome::Outcomes;
use crate::condition::value::{Known, Value};
use crate::condition::{Facts, Fault};
use crate::operation::Arguments;

/// Most steps of one evaluation; reading 16 bytes of the arguments is a step as well. A few milliseconds.
pub(super) const MAX_STEPS: u64 = 600_000;

/// Deepest lists and maps that are compared: the stack of a filter is small.
const MAX_DEPTH: usize = 100;

pub(super) type Evaluated<'v> = Result<Known<'v>, Fault>;

/// One evaluation.
pub(super) struct Evaluator<'v> {
    facts: Facts<'v>,
    locals: Vec<Known<'v>>,
    steps: u64,
    /// How deep a comparison of lists and maps is at.
    depth: usize,
}

impl<'v> Evaluator<'v> {
    pub(super) fn new(facts: Facts<'v>) -> Evaluator<'v> {
        Evaluator { facts, locals: Vec::new(), steps: MAX_STEPS, depth: 0 }
    }

    /// Takes steps from what is left.
    fn spend(&mut self, steps: u64) -> Result<(), Fault> {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => {
                self.steps = 0;
                Err(Fault("the arguments are too large for the condition to be evaluated".to_owned()))
            }
        }
    }

    fn is_spent(&self) -> bool {
        self.steps == 0
    }

    pub(super) fn value(&mut self, node: &'v Node) -> Evaluated<'v> {
        self.spend(1)?;
        Ok(match node {
            Node::Null => Known::Exactly(Value::Null),
            Node::Bool(value) => Known::bool(*value),
            Node::Int(number) => Known::Exactly(Value::Number(Number::Int(*number))),
            Node::UInt(number) => Known::Exactly(Value::Number(Number::UInt(*number))),
            Node::Double(number) => Known::Exactly(Value::Number(Number::Double(*number))),
            Node::Text(text) => Known::Exactly(Value::text(text)),
            Node::Variable(variable) => self.variable(*variable)?,
            Node::Local { slot, name } => {
                self.locals.get(*slot).cloned().ok_or_else(|| Fault(format!("`{name}` has no value")))?
            }
            Node::Field { of, name } => self.field(node, of, name)?,
            Node::Has { of, name } => self.has(of, name)?,
            Node::Index { of, key } => self.index(node, (of, key))?,
            Node::Not(one) => {
                let truth = self.truth(one);
                known(truth.outcomes.not(), truth.fault)?
            }
            Node::And(parts) => self.chain(parts, false)?,
            Node::Or(parts) => self.chain(parts, true)?,
            Node::Choose(three) => self.choose(three)?,
            Node::Negate(one) => self.negate(node, one)?,
            Node::Binary(sign, left, right) => self.binary(node, *sign, (left, right))?,
            Node::Call(function, arguments) => self.call(node, *function, arguments)?,
            Node::Matches(text, pattern) => self.matches(node, text, pattern)?,
            Node::List(items) => self.list(items)?,
            Node::Map(entries) => self.map(entries)?,
            Node::Each(each) => self.each(each)?,
        })
    }

    fn variable(&mut self, variable: Variable) -> Evaluated<'v> {
        let text = |text: Option<&'v str>| match text {
            Some(text) => Known::Exactly(Value::text(text)),
            None => Known::OneOf(Outcomes::TEXT),
        };
        Ok(match variable {
            Variable::Arguments => match self.facts.arguments {
                Arguments::Known(json) => Known::Exactly(Value::of_json(json)?),
                Arguments::Unknown => Known::OneOf(Outcomes::MAP),
            },
            Variable::Claims => match self.facts.subject {
                Some(subject) => Known::Exactly(Value::Claims(&subject.claims)),
                None => Known::OneOf(Outcomes::MAP),
            },
            Variable::Subject => match self.facts.subject {
                Some(subject) => Known::Exactly(Value::Subject(subject)),
                None => Known::OneOf(Outcomes::MAP),
            },
            Variable::Server => text(self.facts.server),
            Variable::Name(_) => text(self.facts.name),
        })
    }

    /// The truth of a part; what is neither true nor false is an error.
    fn truth(&mut self, node: &'v Node) -> Truth {
        match self.value(node) {
            Ok(value) => {
                let outcomes = value.truth();
                let wrong = outcomes == Outcomes::ERROR;
                Truth { outcomes, fault: wrong.then(|| Fault(format!("`{node}` is not true or false"))) }
            }
            Err(fault) => Truth { outcomes: Outcomes::ERROR, fault: Some(fault) },
        }
    }

    /// `&&`, or `||`, which is `&&` of the opposites. What comes after the part that decides is not looked at.
    fn chain(&mut self, parts: &'v [Node], opposite: bool) -> Evaluated<'v> {
        let turned = |truth: Outcomes| if opposite { truth.not() } else { truth };
        let (mut all, mut fault) = (Outcomes::TRUE, None);
        for part in parts {
            let truth = self.truth(part);
            all = all.and(turned(truth.outcomes));
            fault = fault.or(truth.fault);
            if all == Outcomes::FALSE {
                break;
            }
        }
        known(turned(all), fault)
    }

    fn choose(&mut self, [condition, yes, no]: &'v [Node; 3]) -> Evaluated<'v> {
        let truth = self.truth(condition);
        match (truth.outcomes.may_be_true(), truth.outcomes.may_be_false()) {
            (true, false) if !truth.outcomes.may_fail() => self.value(yes),
            (false, true) if !truth.outcomes.may_fail() => self.value(no),
            (may, may_not) => {
                let mut kinds = truth.outcomes.within(Outcomes::ERROR);
                for branch in [may.then_some(yes), may_not.then_some(no)].into_iter().flatten() {
                    kinds = kinds.or(self.value(branch).map_or(Outcomes::ERROR, |value| value.kinds()));
                }
                known(kinds, truth.fault)
            }
        }
    }

    /// `of.name`; a member that is not there is an error.
    fn field(&mut self, whole: &Node, of: &'v Node, name: &str) -> Evaluated<'v> {
        let of = match self.value(of)? {
            Known::Exactly(value) => value,
            Known::OneOf(_) => return Ok(Known::OneOf(self.member_kinds(of))),
        };
        self.spend(of.cost())?;
        match of.member(name)? {
            Some(value) => Ok(Known::Exactly(value)),
            None => Err(Fault(format!("`{whole}` is missing"))),
        }
    }

    /// Fields of the subject are text, whoever it is.
    fn member_kinds(&self, of: &Node) -> Outcomes {
        match of {
            Node::Variable(Variable::Subject) => Outcomes::TEXT,
            _ => Outcomes::ANY,
        }
    }

    fn has(&mut self, of: &'v Node, name: &str) -> Evaluated<'v> {
        match self.value(of)? {
            Known::Exactly(value) => {
                self.spend(value.cost())?;
                Ok(Known::bool(value.has(name)?))
            }
            Known::OneOf(kinds) if kinds == Outcomes::MAP => Ok(Known::OneOf(Outcomes::BOOLEAN)),
            Known::OneOf(_) => Ok(Known::OneOf(Outcomes::ANY_TRUTH)),
        }
    }

    fn index(&mut self, whole: &Node, (of, key): (&'v Node, &'v Node)) -> Evaluated<'v> {
        let (list, index) = match (self.value(of)?, self.value(key)?) {
            (Known::Exactly(list), Known::Exactly(index)) => (list, index),
            _ => return Ok(Known::OneOf(Outcomes::ANY)),
        };
        self.spend(list.cost())?;
        let missing = || Fault(format!("`{whole}` is missing"));
        match (&index, list.kind()) {
            (Value::Text(name), Outcomes::MAP) => list.member(name)?.map(Known::Exactly).ok_or_else(missing),
            (Value::Number(number), Outcomes::LIST) => {
                let place = number.to_int().filter(|_| !matches!(number, Number::Double(_)));
                let place = place.and_then(|place| usize::try_from(place).ok()).ok_or_else(missing)?;
                let item = list.elements()?.into_iter().nth(place);
                item.map(Known::Exactly).ok_or_else(missing)
            }
            _ => Err(Fault(format!("`{whole}`: a list takes a whole number, a map takes text"))),
        }
    }

    fn list(&mut self, items: &'v [Node]) -> Evaluated<'v> {
        let mut values = Vec::with_capacity(items.len());
        let mut kinds = Outcomes::LIST;
        for item in items {
            match self.value(item)? {
                Known::Exactly(value) => values.push(value),
                Known::OneOf(item) => kinds = kinds.or(item.within(Outcomes::ERROR)).or(Outcomes::LIST),
            }
        }
        Ok(if values.len() == items.len() {
            Known::Exactly(Value::List(values.into()))
        } else {
            Known::OneOf(kinds)
        })
    }

    fn map(&mut self, entries: &'v [(Node, Node)]) -> Evaluated<'v> {
        let mut values: Vec<(Value<'v>, Value<'v>)> = Vec::with_capacity(entries.len());
        let mut kinds = Outcomes::MAP;
        for (key, value) in entries {
            match (self.value(key)?, self.value(value)?) {
                (Known::Exactly(key), Known::Exactly(value)) => {
                    for (known, _) in &values {
                        if self.equal(known, &key)? {
                            return Err(Fault("a map names a key twice".to_owned()));
                        }
                    }
                    values.push((key, value));
                }
                _ => kinds = kinds.or(Outcomes::ERROR),
            }
        }
        let all = values.len() == entries.len();
        Ok(if all { Known::Exactly(Value::Map(values.into())) } else { Known::OneOf(kinds) })
    }

    fn binary(&mut self, whole: &Node, sign: Binary, (left, right): (&'v Node, &'v Node)) -> Evaluated<'v> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        match sign {
            Binary::Equal => self.equality(&left, &right),
            Binary::NotEqual => {
                let equal = self.equality(&left, &right)?;
                known(equal.truth().not(), None)
            }
            Binary::In => self.membership(whole, &left, &right),
            Binary::Less | Binary::LessOrEqual | Binary::More | Binary::MoreOrEqual => {
                self.order(whole, sign, (&left, &right))
            }
            _ => self.arithmetic(whole, sign, (left, right)),
        }
    }
}

/// The truth of a part, and why it has none where it surely has none.
struct Truth {
    outcomes: Outcomes,
    fault: Option<Fault>,
}

/// A set of outcomes as a value: one alone is known.
fn known<'v>(outcomes: Outcomes, fault: Option<Fault>) -> Evaluated<'v> {
    match outcomes {
        Outcomes::TRUE => Ok(Known::bool(true)),
        Outcomes::FALSE => Ok(Known::bool(false)),
        Outcomes::ERROR => {
            Err(fault.unwrap_or_else(|| Fault("the condition cannot be evaluated".to_owned())))
        }
        several => Ok(Known::OneOf(several)),
    }
}
