//! Messages in, messages out.
