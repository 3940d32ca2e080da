//! Values that a `server.json` asks for: those that were given, those it has itself, and those that are missing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Argument, Input};

/// What was given on the command line, and what came to be missing.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    given: BTreeMap<String, Vec<String>>,
    used: BTreeSet<String>,
    missing: Vec<String>,
    wrong: Vec<String>,
}

impl Inputs {
    pub(crate) fn new(given: &[(String, String)]) -> Self {
        let mut inputs = Self::default();
        for (name, value) in given {
            inputs.given.entry(name.clone()).or_default().push(value.clone());
        }
        inputs
    }

    /// What was given under a name.
    pub(super) fn given(&mut self, name: &str, input: &Input) -> Vec<String> {
        let given = self.given.get(name).cloned().unwrap_or_default();
        if given.is_empty() {
            return given;
        }
        self.used.insert(name.to_owned());
        if input.is_secret {
            self.wrong.push(format!("`{name}` is a secret and does not belong on a command line"));
        }
        for value in given.iter().filter(|value| !input.choices.is_empty() && !input.choices.contains(value))
        {
            self.wrong.push(format!("`{name}` may be {}, not `{value}`", input.choices.join(", ")));
        }
        given
    }

    /// The value of an input: its own, with what is in braces filled in; what was given; its default. A value that has to be
    /// there and is not, is noted.
    pub(super) fn value(&mut self, name: &str, input: &Input) -> Option<String> {
        if let Some(template) = &input.value {
            return Some(self.filled(template, &input.variables));
        }
        let given = self.given(name, input).into_iter().next();
        let value =
            given.or_else(|| input.default.as_ref().map(|default| self.filled(default, &input.variables)));
        if value.is_none() && input.is_required {
            self.lacks(name, input);
        }
        value
    }

    /// A text with its variables filled in. What is in braces and is no variable stays as it is.
    pub(super) fn filled(&mut self, template: &str, variables: &BTreeMap<String, Input>) -> String {
        let mut filled = template.to_owned();
        for (name, variable) in variables {
            let place = format!("{{{name}}}");
            if filled.contains(&place) {
                let needed = Input { is_required: true, ..variable.clone() };
                let value = self.value(name, &needed).unwrap_or_default();
                filled = filled.replace(&place, &value);
            }
        }
        filled
    }

    /// The words of an argument; none where it may be left out.
    pub(super) fn words(&mut self, argument: &Argument) -> Vec<String> {
        let Argument { kind, value_hint, is_repeated, input } = argument;
        let flag = input.name.as_str();
        let name = if kind == "named" { flag.trim_start_matches('-') } else { value_hint.as_str() };
        let several =
            if input.value.is_none() && *is_repeated { self.given(name, input) } else { Vec::new() };
        let values = if several.is_empty() { self.value(name, input).into_iter().collect() } else { several };
        if kind != "named" {
            return values;
        }
        // Without a value to give, a name is a switch.
        let is_switch =
            input.value.is_none() && input.default.is_none() && value_hint.is_empty() && !input.is_required;
        if values.is_empty() && is_switch && input.choices.is_empty() && input.description.is_empty() {
            return vec![flag.to_owned()];
        }
        values.into_iter().flat_map(|value| [flag.to_owned(), value]).collect()
    }

    fn lacks(&mut self, name: &str, input: &Input) {
        let about =
            if input.description.is_empty() { String::new() } else { format!(": {}", input.description) };
        self.missing.push(format!("--set {name}=…{about}"));
    }

    /// Notes what stands in the way.
    pub(super) fn refuse(&mut self, why: String) {
        self.wrong.push(why);
    }

    /// Everything that stands in the way, one a line.
    pub(crate) fn problems(&self) -> Vec<String> {
        let unused = self.given.keys().filter(|name| !self.used.contains(*name));
        let unused = unused.map(|name| format!("nothing here takes a value `{name}`"));
        let missing = self.missing.iter().map(|missing| format!("a value is missing, give {missing}"));
        missing.chain(self.wrong.iter().cloned()).chain(unused).collect()
    }
}
