//! References that lead back to where they stand without going deeper into the value: checking them would have no end.

use crate::schema::Unusable;
use crate::schema::compile::{Reference, unusable};
use crate::schema::part::{Part, PartId};

pub(super) fn refuse(parts: &[Part], references: &[Reference]) -> Result<(), Unusable> {
    let in_place: Vec<Vec<PartId>> =
        parts.iter().map(|part| part.checks.iter().flat_map(|check| check.in_place()).collect()).collect();
    let left = handing_on(&in_place);
    // What is left stands in a circle or behind one.
    let in_circle = |part: PartId| left.get(part).is_some_and(|count| *count > 0);
    match references.iter().find(|reference| in_circle(reference.part)) {
        Some(reference) => {
            let message = "the reference leads back to itself without going deeper into the value";
            Err(unusable(&reference.path, message))
        }
        None => Ok(()),
    }
}

/// How many parts hand their value to each part, once those to whom none does have been taken away, again and again:
/// nothing but what circles lead to is left.
fn handing_on(in_place: &[Vec<PartId>]) -> Vec<usize> {
    let mut before = vec![0_usize; in_place.len()];
    for target in in_place.iter().flatten() {
        if let Some(count) = before.get_mut(*target) {
            *count += 1;
        }
    }
    let mut ready: Vec<PartId> =
        before.iter().enumerate().filter(|(_, count)| **count == 0).map(|(index, _)| index).collect();
    while let Some(index) = ready.pop() {
        for target in in_place.get(index).map(Vec::as_slice).unwrap_or_default() {
            if let Some(count) = before.get_mut(*target) {
                *count -= 1;
                if *count == 0 {
                    ready.push(*target);
                }
            }
        }
    }
    before
}
