//! The trigate binary.

fn main() {}
