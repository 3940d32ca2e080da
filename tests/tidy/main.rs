//! What the project says of its own shape, checked: sizes, heads, names, and which package may use which.
//!
//! Prose that names files rots unless a test reads it; a layer that only a page describes is crossed within a month.

mod budgets;
mod conformance;
mod layers;
mod map;
mod refusals;
mod sources;
