//! Equality, order and membership.

use std::cmp::Ordering;

use crate::condition::Fault;
use crate::condition::evaluate::{Evaluated, Evaluator, MAX_DEPTH};
use crate::condition::node::{Binary, Node};
use crate::condition::outcome::Outcomes;
use crate::condition::value::{Known, Value};

impl<'v> Evaluator<'v> {
    /// Values of different kinds are not equal; that is no error.
    pub(super) fn equality(&mut self, left: &Known<'v>, right: &Known<'v>) -> Evaluated<'v> {
        if let (Known::Exactly(left), Known::Exactly(right)) = (left, right) {
            return self.equal(left, right).map(Known::bool);
        }
        let (left, right) = (left.kinds(), right.kinds());
        let fails = left.or(right).within(Outcomes::ERROR);
        let alike = left.without(Outcomes::ERROR).meets(right.without(Outcomes::ERROR));
        // A map that holds an inexact number can fail to compare; so can a list.
        let holds = Outcomes::LIST.or(Outcomes::MAP);
        let deep = if alike && left.within(right).meets(holds) { Outcomes::ERROR } else { fails };
        let truth = if alike { Outcomes::BOOLEAN } else { Outcomes::FALSE };
        super::known(truth.or(fails).or(deep), None)
    }

    pub(super) fn equal(&mut self, left: &Value<'v>, right: &Value<'v>) -> Result<bool, Fault> {
        self.spend(1 + left.cost().min(right.cost()))?;
        Ok(match (left, right) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(left), Value::Bool(right)) => left == right,
            (Value::Number(left), Value::Number(right)) => left.compare(*right) == Ordering::Equal,
            (Value::Text(left), Value::Text(right)) => left == right,
            (left, right) => self.equal_within(left, right)?,
        })
    }

    fn equal_within(&mut self, left: &Value<'v>, right: &Value<'v>) -> Result<bool, Fault> {
        if self.depth >= MAX_DEPTH {
            return Err(Fault(format!("the arguments are nested deeper than {MAX_DEPTH} levels")));
        }
        self.depth += 1;
        let equal = match (left.kind(), right.kind()) {
            (Outcomes::LIST, Outcomes::LIST) => self.equal_lists(left, right),
            (Outcomes::MAP, Outcomes::MAP) => self.equal_maps(left, right),
            _ => Ok(false),
        };
        self.depth -= 1;
        equal
    }

    fn equal_lists(&mut self, left: &Value<'v>, right: &Value<'v>) -> Result<bool, Fault> {
        self.spend(left.cost().saturating_add(right.cost()))?;
        let (left, right) = (left.elements()?, right.elements()?);
        if left.len() != right.len() {
            return Ok(false);
        }
        for (left, right) in left.iter().zip(&right) {
            if !self.equal(left, right)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn equal_maps(&mut self, left: &Value<'v>, right: &Value<'v>) -> Result<bool, Fault> {
        if left.size() != right.size() {
            return Ok(false);
        }
        self.spend(left.cost())?;
        for key in left.elements()? {
            // Each look-up reads the map anew.
            self.spend(left.cost().saturating_add(right.cost()))?;
            let Value::Text(name) = &key else {
                return Err(Fault("maps with keys that are no text cannot be compared".to_owned()));
            };
            let same = match (left.member(name)?, right.member(name)?) {
                (Some(left), Some(right)) => self.equal(&left, &right)?,
                _ => false,
            };
            if !same {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `x in list`, `key in map`.
    pub(super) fn membership(&mut self, whole: &Node, item: &Known<'v>, of: &Known<'v>) -> Evaluated<'v> {
        let container = Outcomes::LIST.or(Outcomes::MAP);
        let (item, of) = match (item, of) {
            (Known::Exactly(item), Known::Exactly(of)) => (item, of),
            (Known::OneOf(item), Known::Exactly(of)) if of.kind().meets(container) => {
                return self.any_of(*item, of);
            }
            (_, of) if of.kinds().meets(container) => return Ok(Known::OneOf(Outcomes::ANY_TRUTH)),
            _ => return Err(Fault(format!("`{whole}`: expected a list or a map after `in`"))),
        };
        self.spend(of.cost())?;
        match (item, of.kind()) {
            (Value::Text(name), Outcomes::MAP) => of.has(name).map(Known::bool),
            (_, Outcomes::MAP) => Ok(Known::bool(false)),
            (item, Outcomes::LIST) => {
                for element in of.elements()? {
                    if self.equal(item, &element)? {
                        return Ok(Known::bool(true));
                    }
                }
                Ok(Known::bool(false))
            }
            _ => Err(Fault(format!("`{whole}`: expected a list or a map after `in`"))),
        }
    }

    /// Whether something unknown may be among values that are known: only if one of its kinds is there.
    fn any_of(&mut self, item: Outcomes, of: &Value<'v>) -> Evaluated<'v> {
        let mut truth = Outcomes::FALSE.or(item.within(Outcomes::ERROR));
        for element in of.elements()? {
            self.spend(1)?;
            let one = self.equality(&Known::OneOf(item), &Known::Exactly(element))?;
            truth = truth.or(one.truth());
        }
        super::known(truth, None)
    }

    pub(super) fn order(
        &mut self,
        whole: &Node,
        sign: Binary,
        (left, right): (&Known<'v>, &Known<'v>),
    ) -> Evaluated<'v> {
        let wrong = || Fault(format!("`{whole}` compares values that have no order"));
        let (left, right) = match (left, right) {
            (Known::Exactly(left), Known::Exactly(right)) => (left, right),
            (left, right) => {
                let ordered = Outcomes::NUMBER.or(Outcomes::TEXT).or(Outcomes::BOOLEAN);
                let (left, right) = (left.kinds(), right.kinds());
                // Only `false < true` compares truth values, which may be of different sides.
                let both = left.meets(Outcomes::BOOLEAN) && right.meets(Outcomes::BOOLEAN);
                let alike = both || left.within(right).meets(ordered);
                return if alike { Ok(Known::OneOf(Outcomes::ANY_TRUTH)) } else { Err(wrong()) };
            }
        };
        self.spend(left.cost().min(right.cost()))?;
        let order = match (left, right) {
            (Value::Number(left), Value::Number(right)) => left.compare(*right),
            (Value::Text(left), Value::Text(right)) => left.cmp(right),
            (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
            _ => return Err(wrong()),
        };
        Ok(Known::bool(match sign {
            Binary::Less => order.is_lt(),
            Binary::LessOrEqual => order.is_le(),
            Binary::More => order.is_gt(),
            _ => order.is_ge(),
        }))
    }
}
