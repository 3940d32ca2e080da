//! Reads cases out of Markdown.

/// One case: a heading and the fenced blocks below it.
pub(crate) struct Case<'a> {
    /// The heading.
    pub(crate) name: &'a str,
    blocks: Vec<(&'a str, String)>,
}

impl Case<'_> {
    /// The text of the block of this kind, without its last line break.
    pub(crate) fn block(&self, kind: &str) -> Option<&str> {
        self.blocks.iter().find(|(name, _)| *name == kind).map(|(_, text)| text.trim_end_matches('\n'))
    }

    /// The bytes of the block of this kind, marks replaced.
    pub(crate) fn bytes(&self, kind: &str) -> Option<Vec<u8>> {
        self.block(kind).map(expand)
    }
}

/// All cases of a file.
pub(crate) fn cases(file: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut open = false;
    for line in file.lines() {
        let current = cases.last_mut();
        match (line.strip_prefix("```"), open, current) {
            (Some(kind), false, Some(case)) => {
                case.blocks.push((kind, String::new()));
                open = true;
            }
            (Some(_), true, _) => open = false,
            (None, true, Some(case)) => {
                let (_, text) = case.blocks.last_mut().expect("a block is open");
                text.push_str(line);
                text.push('\n');
            }
            _ => {
                let heading = line.strip_prefix("## ");
                cases.extend(heading.map(|name| Case { name, blocks: Vec::new() }));
            }
        }
    }
    cases
}

/// Replaces marks by what they stand for.
fn expand(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('⟦') {
        let (mark, after) = after.split_once('⟧').expect("a mark is closed");
        bytes.extend_from_slice(before.as_bytes());
        match mark.split_once('×') {
            Some((times, text)) => bytes.extend(text.repeat(times.parse().expect("a count")).bytes()),
            None => bytes.extend(mark.split(' ').map(|hex| u8::from_str_radix(hex, 16).expect("a byte"))),
        }
        rest = after;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes
}
