//! The member `data` of an error.

/// The `data` of an error in the making.
pub(super) struct Data(Vec<u8>);

impl Data {
    pub(super) fn new(decision: &str, rule: &str) -> Self {
        let mut data = Self(Vec::new());
        data.text("decision", decision);
        data.text("rule", rule);
        data
    }

    pub(super) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        mcp::write_string(&mut self.0, value);
    }

    /// A member whose value is JSON already.
    pub(super) fn json(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.extend_from_slice(value.as_bytes());
    }

    fn name(&mut self, name: &str) {
        self.0.push(if self.0.is_empty() { b'{' } else { b',' });
        mcp::write_string(&mut self.0, name);
        self.0.push(b':');
    }

    pub(super) fn end(mut self) -> String {
        self.0.push(b'}');
        String::from_utf8(self.0).unwrap_or_default()
    }
}
