//! Target `sse`: a stream of events gives the same events wherever it is cut, and loses no byte.

use mcp::sse::{Decoder, Event, SseError};

use crate::{
    bytes,
    dice::Dice,
    scene,
    target::{Target, Verdict},
};

/// Most bytes of an event, small enough for some events to be longer.
const LIMIT: usize = 4096;

pub(crate) struct Streams {
    corpus: Vec<Vec<u8>>,
}

/// A stream, and where it is cut.
pub(crate) struct Cut {
    stream: Vec<u8>,
    places: Vec<usize>,
}

impl std::fmt::Debug for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} cut at {:?}", String::from_utf8_lossy(&self.stream), self.places)
    }
}

/// What a decoder makes of a stream.
type Decoded = (Vec<Event>, Result<Option<Event>, SseError>);

impl Streams {
    pub(crate) fn new() -> Self {
        let endings = ["\n", "\r\n", "\r"];
        let streams = scene::answers()
            .into_iter()
            .flat_map(|message| endings.map(|end| scene::stream_of(message, end)));
        Self { corpus: streams.collect() }
    }
}

impl Target for Streams {
    type Input = Cut;

    fn next(&mut self, dice: &mut Dice) -> Cut {
        let stream = bytes::mutated(dice, &self.corpus);
        let mut places: Vec<usize> = (0..dice.below(6)).map(|_| dice.below(stream.len() + 1)).collect();
        places.extend([0, stream.len()]);
        places.sort_unstable();
        Cut { stream, places }
    }

    fn judge(&self, Cut { stream, places }: &Cut) -> Verdict {
        let whole = decoded([stream.as_slice()].into_iter());
        let pieces = decoded(places.windows(2).map(|cut| &stream[cut[0]..cut[1]]));
        // Byte by byte is slow for long ones, and says nothing more.
        let bytes = if stream.len() < LIMIT { decoded(stream.chunks(1)) } else { whole.clone() };
        if whole != pieces || whole != bytes {
            return Verdict::Wrong("where it is cut makes a difference".to_owned());
        }
        let Ok(left) = &whole.1 else { return Verdict::Refused };
        let raw: Vec<u8> = whole.0.iter().chain(left).flat_map(|event| event.raw.clone()).collect();
        if raw != *stream {
            return Verdict::Wrong("bytes are lost or doubled".to_owned());
        }
        whole.0.iter().enumerate().find_map(wrong_edit).map_or(Verdict::Passes, Verdict::Wrong)
    }
}

/// An event with other data has these data, and no event has become two.
fn wrong_edit((place, event): (usize, &Event)) -> Option<String> {
    const DATA: &[u8] = b"{\"a\":\n1}";
    event.data.as_ref()?;
    // A byte-order mark means nothing but at the start of a stream.
    let before: &[u8] = if place == 0 { b"" } else { b":\n\n" };
    let (events, left) = decoded([before, &event.with_data(DATA)].into_iter());
    let data: Vec<&[u8]> =
        events.iter().chain(left.iter().flatten()).filter_map(|event| event.data.as_deref()).collect();
    (data != [DATA]).then(|| format!("other data become {data:?}"))
}

fn decoded<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Decoded {
    let mut decoder = Decoder::new(LIMIT);
    let mut events = Vec::new();
    let mut outcome = Ok(());
    for piece in pieces {
        outcome = decoder.push(piece);
        events.extend(std::iter::from_fn(|| decoder.next_event()));
        if outcome.is_err() {
            break;
        }
    }
    (events, outcome.map(|()| decoder.finish()))
}
