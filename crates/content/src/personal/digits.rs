//! Groups of digits with single separators between them, as people write long numbers.

/// Most groups that are looked at together; no number that is detected has more.
const GROUPS: usize = 10;

/// The groups that start at one place of a text.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    sizes: [u8; GROUPS],
    /// The separator before each group but the first.
    separators: [u8; GROUPS],
    ends: [usize; GROUPS],
    count: usize,
}

impl Groups {
    /// The groups from a digit on.
    pub(crate) fn at(text: &[u8], start: usize) -> Groups {
        let mut groups = Groups::default();
        let mut at = start;
        let mut separator = 0;
        while groups.count < GROUPS {
            let digits = run(text, at);
            if digits == 0 {
                break;
            }
            groups.push(separator, digits, at + digits);
            at += digits;
            separator = byte(text, at);
            if !matches!(separator, b' ' | b'-' | b'.' | b'/') {
                break;
            }
            at += 1;
        }
        groups
    }

    fn push(&mut self, separator: u8, size: usize, end: usize) {
        let slot = self.count;
        self.count += 1;
        if let (Some(a), Some(b), Some(c)) =
            (self.sizes.get_mut(slot), self.separators.get_mut(slot), self.ends.get_mut(slot))
        {
            // A longer group is none that anything wants.
            *a = u8::try_from(size).unwrap_or(u8::MAX);
            *b = separator;
            *c = end;
        }
    }

    /// How many groups there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The sizes of all groups.
    pub(crate) fn sizes(&self) -> &[u8] {
        self.sizes.get(..self.count).unwrap_or_default()
    }

    /// Where the first `count` groups end.
    pub(crate) fn end(&self, count: usize) -> usize {
        count.checked_sub(1).and_then(|last| self.ends.get(last)).copied().unwrap_or_default()
    }

    /// How many digits the first `count` groups have.
    pub(crate) fn digits(&self, count: usize) -> usize {
        self.sizes().iter().take(count).map(|size| usize::from(*size)).sum()
    }

    /// The separator between the first `count` groups, if all are the same; 0 for one group.
    pub(crate) fn separator(&self, count: usize) -> Option<u8> {
        let mut separators = self.separators.iter().take(count).skip(1);
        let Some(first) = separators.next() else { return Some(0) };
        separators.all(|separator| separator == first).then_some(*first)
    }
}

/// Whether the digits at the start of a text can be a number that is detected: by the sizes of the first two groups. Dates,
/// amounts and counters are not.
pub(crate) fn may_begin_number(text: &[u8]) -> bool {
    let first = run(text, 0);
    if !matches!(byte(text, first), b' ' | b'-' | b'.' | b'/') {
        return (13..=19).contains(&first);
    }
    let trunk = byte(text, 0) == b'0';
    match (first, run(text, first + 1)) {
        (4, 4 | 6) | (3, 2 | 3) | (13..=19, _) => true,
        (1, 3) => byte(text, 0) == b'1',
        (2, 2) | (3..=5, 3..=8) => trunk,
        _ => false,
    }
}

/// How many digits follow.
pub(crate) fn run(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The byte at a place; NUL outside the text, which is no part of anything.
pub(crate) fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or_default()
}

/// The digits of a span, as numbers.
pub(crate) fn numbers(text: &[u8], start: usize, end: usize) -> impl DoubleEndedIterator<Item = u32> {
    let span = text.get(start..end).unwrap_or_default();
    span.iter().filter(|byte| byte.is_ascii_digit()).map(|byte| u32::from(byte - b'0'))
}

/// Whether a number that starts at a place is not the rest of a longer one: `0.4111…`, `12-4111…`.
pub(crate) fn begins(text: &[u8], start: usize) -> bool {
    let Some(before) = start.checked_sub(1) else { return true };
    match byte(text, before) {
        b'.' | b',' | b'-' | b'/' | b':' => {
            !before.checked_sub(1).is_some_and(|at| byte(text, at).is_ascii_digit())
        }
        b'_' => false,
        other => !other.is_ascii_alphanumeric(),
    }
}

/// Whether a number that ends at a place does not go on: `…1111.5`, `…1111-1111`, `…1111a`.
pub(crate) fn ends(text: &[u8], end: usize) -> bool {
    match byte(text, end) {
        b'.' | b',' | b'-' | b'/' | b':' => !byte(text, end + 1).is_ascii_digit(),
        b'_' => false,
        other => !other.is_ascii_alphanumeric(),
    }
}
