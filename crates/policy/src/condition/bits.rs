//! Doubles as their bits: a number that is written as decimals is not always read as itself.

use serde::{Deserialize, Deserializer, Serializer};

pub(super) fn serialize<S: Serializer>(double: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(double.to_bits())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    u64::deserialize(deserializer).map(f64::from_bits)
}
