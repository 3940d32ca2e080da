//! The macros over lists and maps.

use crate::condition::Fault;
use crate::condition::evaluate::{Evaluated, Evaluator, Truth, known};
use crate::condition::node::{Each, Macro};
use crate::condition::outcome::Outcomes;
use crate::condition::value::{Known, Value};

impl<'v> Evaluator<'v> {
    pub(super) fn each(&mut self, each: &'v Each) -> Evaluated<'v> {
        let range = match self.value(&each.over)? {
            Known::Exactly(range) => range,
            Known::OneOf(kinds) => return self.over_unknown(each, kinds),
        };
        self.spend(range.cost())?;
        let elements = range.elements().map_err(|_| not_a_range(each))?;
        match each.macro_name {
            Macro::All => self.all(each, elements, false),
            Macro::Exists => self.all(each, elements, true),
            Macro::ExistsOne => self.exactly_one(each, elements),
            Macro::Filter => self.filter(each, elements),
            Macro::Map => self.map_each(each, elements),
        }
    }

    /// Nothing is known of the elements: a list may be empty, and each may be anything.
    fn over_unknown(&mut self, each: &'v Each, kinds: Outcomes) -> Evaluated<'v> {
        if !kinds.meets(Outcomes::LIST.or(Outcomes::MAP)) {
            return Err(not_a_range(each));
        }
        Ok(Known::OneOf(match each.macro_name {
            Macro::All | Macro::Exists | Macro::ExistsOne => Outcomes::ANY_TRUTH,
            Macro::Filter | Macro::Map => Outcomes::LIST.or(Outcomes::ERROR),
        }))
    }

    fn with_element(&mut self, each: &'v Each, element: Value<'v>) -> Truth {
        self.locals.truncate(each.slot);
        self.locals.push(Known::Exactly(element));
        let truth = self.truth(&each.body);
        self.locals.truncate(each.slot);
        truth
    }

    /// `all`, or `exists`, which is `all` of the opposites.
    fn all(&mut self, each: &'v Each, elements: Vec<Value<'v>>, opposite: bool) -> Evaluated<'v> {
        let turned = |truth: Outcomes| if opposite { truth.not() } else { truth };
        let mut all = Outcomes::TRUE;
        let mut fault = None;
        for element in elements {
            if self.is_spent() {
                self.spend(1)?;
            }
            let truth = self.with_element(each, element);
            all = all.and(turned(truth.outcomes));
            fault = fault.or(truth.fault);
            if all == Outcomes::FALSE {
                break;
            }
        }
        known(turned(all), fault)
    }

    fn exactly_one(&mut self, each: &'v Each, elements: Vec<Value<'v>>) -> Evaluated<'v> {
        let mut count = 0_usize;
        for element in elements {
            let truth = self.with_element(each, element);
            match truth.outcomes {
                Outcomes::TRUE => count += 1,
                Outcomes::FALSE => {}
                Outcomes::ERROR => return known(Outcomes::ERROR, truth.fault),
                _ => return Ok(Known::OneOf(Outcomes::ANY_TRUTH)),
            }
        }
        Ok(Known::bool(count == 1))
    }

    fn filter(&mut self, each: &'v Each, elements: Vec<Value<'v>>) -> Evaluated<'v> {
        let mut taken = Vec::new();
        for element in elements {
            let truth = self.with_element(each, element.clone());
            match truth.outcomes {
                Outcomes::TRUE => taken.push(element),
                Outcomes::FALSE => {}
                Outcomes::ERROR => return known(Outcomes::ERROR, truth.fault),
                _ => return Ok(Known::OneOf(Outcomes::LIST.or(Outcomes::ERROR))),
            }
        }
        Ok(Known::Exactly(Value::List(taken.into())))
    }

    fn map_each(&mut self, each: &'v Each, elements: Vec<Value<'v>>) -> Evaluated<'v> {
        let mut made = Vec::new();
        for element in elements {
            self.locals.truncate(each.slot);
            self.locals.push(Known::Exactly(element));
            if let Some(filter) = &each.filter {
                let truth = self.truth(filter);
                match truth.outcomes {
                    Outcomes::TRUE => {}
                    Outcomes::FALSE => continue,
                    Outcomes::ERROR => return known(Outcomes::ERROR, truth.fault),
                    _ => return Ok(Known::OneOf(Outcomes::LIST.or(Outcomes::ERROR))),
                }
            }
            match self.value(&each.body)? {
                Known::Exactly(value) => made.push(value),
                Known::OneOf(_) => return Ok(Known::OneOf(Outcomes::LIST.or(Outcomes::ERROR))),
            }
        }
        self.locals.truncate(each.slot);
        Ok(Known::Exactly(Value::List(made.into())))
    }
}

fn not_a_range(each: &Each) -> Fault {
    Fault(format!("`{}` needs a list or a map in front of `.{}`", each.over, each.macro_name.word()))
}
