//! Places in one form of a text, found again in the form it was made from.

use std::ops::Range;

/// From a text that was decoded or folded back to the text as written. Both are read left to right; a piece of the new
/// text is either a copy of as many bytes or stands for a spelling of any length.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    /// In order of `to`. None: the texts are equal.
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it starts in the new text.
    to: usize,
    /// Where it starts in the old text.
    from: usize,
    /// How long its spelling is; none for a copy.
    spelling: Option<usize>,
}

impl Spans {
    /// From `to` on, the new text is a copy of the old from `from` on.
    pub(crate) fn copy(&mut self, to: usize, from: usize) {
        self.pieces.push(Piece { to, from, spelling: None });
    }

    /// At `to`, the new text has something that the old spells in `length` bytes from `from` on.
    pub(crate) fn spelt(&mut self, to: usize, from: usize, length: usize) {
        self.pieces.push(Piece { to, from, spelling: Some(length) });
    }

    /// The span of the old text that a span of the new one was made from.
    pub(crate) fn back(&self, span: Range<usize>) -> Range<usize> {
        let start = self.piece(|to| to <= span.start).map_or(span.start, |piece| match piece.spelling {
            None => piece.from + (span.start - piece.to),
            Some(_) => piece.from,
        });
        // The end belongs to the last character within the span, not to what follows it.
        let end = self.piece(|to| to < span.end).map_or(span.end, |piece| match piece.spelling {
            None => piece.from + (span.end - piece.to),
            Some(length) => piece.from + length,
        });
        start..end.max(start)
    }

    fn piece(&self, before: impl Fn(usize) -> bool) -> Option<Piece> {
        let count = self.pieces.partition_point(|piece| before(piece.to));
        self.pieces.get(count.checked_sub(1)?).copied()
    }
}
