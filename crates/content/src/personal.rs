//! Detectors of personal data: each has a check of its own, so that a number of daily life is not taken for one.

pub(crate) mod card;
pub(crate) mod digits;
pub(crate) mod email;
pub(crate) mod iban;
pub(crate) mod phone;
pub(crate) mod ssn;
