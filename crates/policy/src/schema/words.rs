//! What a schema found, in words a caller or an operator can act on. The arguments themselves are not repeated.

use jsonschema::ValidationError;

use crate::problem::{item, member};
use crate::schema::Unusable;

/// What arguments do not meet.
pub(super) fn unmet(error: &ValidationError<'_>) -> String {
    let pointer = error.instance_path().as_str();
    let told = error.masked_with("it").to_string();
    if pointer.is_empty() {
        format!("the arguments: {told}")
    } else {
        format!("`{}`: {told}", path("args", pointer))
    }
}

/// Why a schema is none.
pub(super) fn unusable(error: &ValidationError<'_>) -> Unusable {
    let message = error.masked_with("it").to_string();
    let first = message.lines().next().unwrap_or_default();
    Unusable { path: path("", error.instance_path().as_str()), message: format!("no valid schema: {first}") }
}

fn path(root: &str, pointer: &str) -> String {
    let tokens = pointer.split('/').skip(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    tokens.fold(root.to_owned(), |path, token| match token.parse() {
        Ok(index) => item(&path, index),
        Err(_) => member(&path, &token),
    })
}
