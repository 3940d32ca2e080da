//! What is known of a caller beyond its role, for conditions on rows: `region = claims.region`.

use std::collections::BTreeMap;

/// The claims of one caller, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims(pub BTreeMap<String, Claim>);

/// The value of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// True or false.
    Boolean(bool),
    /// Several values, for IN.
    List(Vec<Claim>),
    /// A number in decimal digits.
    Number(String),
    /// A string.
    Text(String),
}
