//! Decisions on their way to the audit trail: numbered, kept until the control plane has stored them, in bounded memory.
//!
//! The delivery is at least once: what was not acknowledged is sent again after a break, under the number it had, and
//! the store drops what it has already. Both gates keep their decisions here; how they are sent is the shell's business.

use std::collections::VecDeque;

/// Events that are not acknowledged yet, oldest first. The first event ever has number 1.
#[derive(Debug)]
pub struct Outbox<E> {
    events: VecDeque<Kept<E>>,
    bytes: usize,
    capacity: usize,
    /// Everything up to this number is stored.
    acknowledged: u64,
    dropped: u64,
}

#[derive(Debug)]
struct Kept<E> {
    event: E,
    size: usize,
}

/// Whose event it is. Who floods the gate with calls it refuses must not crowd out the calls of others.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Share {
    /// Of a caller that was recognised: all the room there is.
    Callers,
    /// Of nobody that is known: a quarter of the room.
    Strangers,
}

/// There was no room for an event: how many were lost since the beginning.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dropped(pub u64);

impl<E> Outbox<E> {
    /// An outbox that takes events until their sizes reach `capacity` bytes.
    #[must_use]
    pub const fn new(capacity: usize) -> Self {
        Self { events: VecDeque::new(), bytes: 0, capacity, acknowledged: 0, dropped: 0 }
    }

    /// Takes an event of this size.
    ///
    /// # Errors
    /// There is no room: the event is lost and counted.
    pub fn push(&mut self, event: E, size: usize, share: Share) -> Result<(), Dropped> {
        let room = match share {
            Share::Callers => self.capacity,
            Share::Strangers => self.capacity / 4,
        };
        if self.bytes >= room {
            self.dropped += 1;
            return Err(Dropped(self.dropped));
        }
        self.bytes += size;
        self.events.push_back(Kept { event, size });
        Ok(())
    }

    /// Whether the next event would be lost, whoever's it is.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.bytes >= self.capacity
    }

    /// How many events wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether none waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Events lost since the beginning.
    #[must_use]
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The number up to which everything is stored.
    #[must_use]
    pub const fn acknowledged(&self) -> u64 {
        self.acknowledged
    }

    /// The number of the newest event.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.acknowledged + self.events.len() as u64
    }

    /// The events after number `sent`, as many as fit into a message of `size` bytes, but one at least where there is
    /// one. The first has the number after `sent`, or after what is acknowledged where that is more.
    pub fn after(&self, sent: u64, size: usize) -> impl Iterator<Item = &E> {
        let skip = usize::try_from(sent.saturating_sub(self.acknowledged)).unwrap_or(usize::MAX);
        let mut room = size;
        self.events.iter().skip(skip).enumerate().map_while(move |(place, kept)| {
            let fits = place == 0 || kept.size <= room;
            room = room.saturating_sub(kept.size);
            fits.then_some(&kept.event)
        })
    }

    /// Lets go of everything up to this number.
    pub fn acknowledge(&mut self, sequence: u64) {
        while self.acknowledged < sequence {
            let Some(kept) = self.events.pop_front() else { return };
            self.bytes -= kept.size;
            self.acknowledged += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbox(events: &[&'static str]) -> Outbox<&'static str> {
        let mut outbox = Outbox::new(100);
        for event in events {
            assert_eq!(outbox.push(*event, 10, Share::Callers), Ok(()));
        }
        outbox
    }

    #[track_caller]
    fn check(outbox: &Outbox<&'static str>, sent: u64, size: usize, expected: &[&str]) {
        assert_eq!(outbox.after(sent, size).copied().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_is_not_acknowledged_is_sent_again() {
        let mut outbox = outbox(&["a", "b", "c"]);
        check(&outbox, 0, 100, &["a", "b", "c"]);
        outbox.acknowledge(2);
        check(&outbox, outbox.acknowledged(), 100, &["c"]);
        assert_eq!((outbox.acknowledged(), outbox.last()), (2, 3));
    }

    #[test]
    fn an_acknowledgement_of_more_than_there_is_takes_nothing_more() {
        let mut outbox = outbox(&["a"]);
        outbox.acknowledge(9);
        assert_eq!(outbox.last(), 1);
        assert_eq!(outbox.push("b", 10, Share::Callers), Ok(()));
        check(&outbox, 1, 100, &["b"]);
    }

    #[test]
    fn a_message_is_bounded_but_never_empty() {
        let outbox = outbox(&["a", "b", "c"]);
        check(&outbox, 0, 25, &["a", "b"]);
        check(&outbox, 1, 1, &["b"]);
        check(&outbox, 3, 100, &[]);
    }

    #[test]
    fn strangers_leave_room_for_callers() {
        let mut outbox = outbox(&["x"; 3]);
        assert_eq!(outbox.push("stranger", 10, Share::Strangers), Err(Dropped(1)));
        assert_eq!(outbox.push("caller", 10, Share::Callers), Ok(()));
    }

    #[test]
    fn memory_is_bounded_and_losses_are_counted() {
        let mut outbox = outbox(&["x"; 10]);
        assert!(outbox.is_full());
        assert_eq!(outbox.push("y", 10, Share::Callers), Err(Dropped(1)));
        outbox.acknowledge(1);
        assert_eq!(outbox.push("y", 10, Share::Callers), Ok(()));
        assert_eq!((outbox.len(), outbox.dropped()), (10, 1));
    }
}
