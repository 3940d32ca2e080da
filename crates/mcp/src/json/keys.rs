//! Whether an object names a key twice.
//!
//! Parsers disagree on which of two equal keys counts, so a document with such a pair has no single
//! meaning. Keys are compared decoded. Small objects are compared pair by pair on a fingerprint;
//! large ones are sorted, so that no choice of keys makes the check quadratic.

use super::Member;

/// Objects up to this size are compared pair by pair.
const PAIRWISE: usize = 24;

/// Which fingerprints an object has had, roughly: enough to leave most objects uncompared.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// One bit for each class of fingerprints.
    classes: u64,
    twice: bool,
}

impl Seen {
    /// Takes note of one more key.
    #[inline]
    pub(super) fn note(&mut self, print: u64) {
        // The multiplication that makes the fingerprint mixes upwards.
        let class = 1 << (print >> 58);
        self.twice |= self.classes & class != 0;
        self.classes |= class;
    }

    /// Whether a fingerprint may have come twice; if not, no key has.
    #[inline]
    pub(super) fn perhaps_twice(self) -> bool {
        self.twice
    }
}

/// A number that equal keys share and different keys seldom do: ends and length, mixed.
#[inline]
pub(super) fn fingerprint(key: &str) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let bytes = key.as_bytes();
    let (head, tail) = if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u64::from_le_bytes(*head), u64::from_le_bytes(*tail))
    } else if let (Some(head), Some(tail)) = (bytes.first_chunk(), bytes.last_chunk()) {
        (u32::from_le_bytes(*head).into(), u32::from_le_bytes(*tail).into())
    } else {
        (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0)
    };
    (head ^ tail.rotate_left(29)).wrapping_mul(ODD) ^ bytes.len() as u64
}

/// The first member found whose key an earlier one has already.
#[inline]
pub(super) fn duplicate<'m, 'a>(members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    if members.len() > PAIRWISE { by_sorting(members) } else { by_pairs(members) }
}

fn by_pairs<'m, 'a>(members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    members.iter().enumerate().find_map(|(index, member)| {
        let mut earlier = members.iter().take(index);
        earlier.any(|other| other.print == member.print && other.key == member.key).then_some(member)
    })
}

fn by_sorting<'m, 'a>(members: &'m [Member<'a>]) -> Option<&'m Member<'a>> {
    let mut order: Vec<&Member<'_>> = members.iter().collect();
    // By place last, so that of two equal keys the later one follows and is named.
    order.sort_unstable_by(|a, b| (a.print, &a.key, a.at).cmp(&(b.print, &b.key, b.at)));
    order.windows(2).find_map(|pair| match pair {
        [a, b] if a.print == b.print && a.key == b.key => Some(*b),
        _ => None,
    })
}
