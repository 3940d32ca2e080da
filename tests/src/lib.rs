//! One test binary per boundary, and their harness.
