//! The boundary between the filter and its host: the compiled module itself.
//!
//! What a host does not offer makes a module fail to load, or trap on the first call. So the imports are a list under review,
//! and a new one, by us or by an update of the SDK, is a failing test.

mod imports;
