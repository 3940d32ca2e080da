//! What holds for any input: compared with a second parser, and with the input cut or changed.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::expect_used, reason = "outside of test functions too, this is a test")]

#[path = "support/generate.rs"]
mod generate;

use std::borrow::Cow;

use mcp::list::filter_list;
use mcp::sse::{Decoder, Event};
use mcp::{Frame, Json, JsonError, Kind, Limits};
use proptest::prelude::*;
use serde_json::Value;

/// The value a view stands for, built from what the view offers.
fn value(json: Json<'_>) -> Value {
    match json.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => json.as_bool().into(),
        Kind::Number => serde_json::from_str(json.text()).expect("a number"),
        Kind::String => json.as_str().map(Cow::into_owned).into(),
        Kind::Array => json.array().expect("an array").into_iter().map(value).collect(),
        Kind::Object => {
            let object = json.object().expect("an object");
            for (key, member) in object.iter() {
                assert_eq!(json.member(key), Some(member));
            }
            object.iter().map(|(key, member)| (key.to_owned(), value(member))).collect()
        }
    }
}

#[track_caller]
fn check_against_serde(bytes: &[u8]) {
    let expected = serde_json::from_slice::<Value>(bytes);
    match Json::parse(bytes, &Limits::default()) {
        Ok(json) => assert_eq!(value(json), expected.expect("what is accepted is json")),
        // These are json to the other parser, or may be.
        Err(JsonError::DuplicateKey { .. } | JsonError::TooDeep { .. }) => {}
        Err(error) => assert!(expected.is_err(), "refused, though it is json: {error}"),
    }
}

/// Every event with its raw bytes, decoded from a stream that arrives in these pieces.
fn events(pieces: &[&[u8]]) -> (Vec<Event>, Option<Event>) {
    let mut decoder = Decoder::new(1 << 20);
    let mut events = Vec::new();
    for piece in pieces {
        decoder.push(piece).expect("within the limit");
        events.extend(std::iter::from_fn(|| decoder.next_event()));
    }
    (events, decoder.finish())
}

proptest! {
    // A failing input belongs into a case or a unit test, where a reader sees it.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn generated_documents_are_read_as_another_parser_reads_them(text in generate::document()) {
        check_against_serde(text.as_bytes());
        // The generator makes keys that differ, so nothing may be refused.
        prop_assert!(Json::parse(text.as_bytes(), &Limits::default()).is_ok());
    }

    #[test]
    fn damaged_documents_are_refused_if_another_parser_refuses_them(
        text in generate::document(), place in any::<prop::sample::Index>(), byte in generate::odd_byte()
    ) {
        let mut bytes = text.into_bytes();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        check_against_serde(&bytes);
        bytes.truncate(place);
        check_against_serde(&bytes);
    }

    #[test]
    fn any_bytes_of_json_punctuation_are_judged_alike(bytes in generate::punctuation()) {
        check_against_serde(&bytes);
        let _ = Frame::parse(&bytes, &Limits::default());
    }

    #[test]
    fn a_repeated_key_is_found_however_it_is_spelt(
        key in ".{1,12}", others in prop::collection::btree_set("[a-z]{13,20}", 0..60),
        spelling in any::<u64>(), place in any::<prop::sample::Index>()
    ) {
        let mut members: Vec<String> = others.iter().map(|key| format!("\"{key}\":1")).collect();
        members.insert(place.index(members.len() + 1), generate::member(&key, !spelling));
        let once = format!("{{\"x\":[{{{}}}]}}", members.join(","));
        prop_assert!(Json::parse(once.as_bytes(), &Limits::default()).is_ok());
        members.insert(place.index(members.len() + 1), generate::member(&key, spelling));
        let twice = format!("{{\"x\":[{{{}}}]}}", members.join(","));
        let refused = Json::parse(twice.as_bytes(), &Limits::default());
        prop_assert!(matches!(refused, Err(JsonError::DuplicateKey { .. })), "{twice}");
    }

    #[test]
    fn spellings_of_one_value_have_one_digest((one, other) in generate::spellings()) {
        let parse = |text: &str| Json::parse(text.as_bytes(), &Limits::default()).map(mcp::Digest::of);
        prop_assert_eq!(parse(&one).expect("strict"), parse(&other).expect("strict"));
        let canonical = mcp::canonical(Json::parse(one.as_bytes(), &Limits::default()).expect("strict"));
        let again = Json::parse(&canonical, &Limits::default()).expect("a canonical form is strict json");
        prop_assert_eq!(mcp::canonical(again), canonical.clone());
        check_against_serde(&canonical);
    }

    #[test]
    fn documents_that_another_parser_reads_differently_have_different_digests(
        text in generate::document(), place in any::<prop::sample::Index>(), byte in generate::odd_byte()
    ) {
        let mut changed = text.clone().into_bytes();
        let place = place.index(changed.len());
        changed[place] = byte;
        let digest = |bytes: &[u8]| Json::parse(bytes, &Limits::default()).ok().map(mcp::Digest::of);
        if let Some(digest_of_changed) = digest(&changed)
            && serde_json::from_slice::<Value>(&changed).ok() != serde_json::from_str::<Value>(&text).ok()
        {
            prop_assert_ne!(Some(digest_of_changed), digest(text.as_bytes()));
        }
    }

    #[test]
    fn kept_items_and_everything_around_a_list_stay_byte_for_byte(
        items in prop::collection::vec((generate::document(), any::<bool>(), generate::blanks()), 0..8),
        rest in generate::document()
    ) {
        let item = |number: usize, body: &str| format!("{{\"x\":{body},\"name\":\"{number}\"}}");
        let written: Vec<String> = items.iter().enumerate()
            .map(|(number, (body, _, blanks))| format!("{blanks}{}{blanks}", item(number, body))).collect();
        let head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"tools\":[";
        let tail = format!("],\"rest\":{rest}}}}}");
        let document = format!("{head}{}{tail}", written.join(","));
        let filtered = filter_list(document.as_bytes(), &Limits::default(), &mut |_, name, item| {
            assert!(item.text().contains(&format!("\"{name}\"")));
            items[name.parse::<usize>().expect("a number")].1
        }).expect("a response");

        let kept: Vec<String> = items.iter().enumerate().filter(|(_, (_, keep, _))| *keep)
            .map(|(number, (body, ..))| item(number, body)).collect();
        prop_assert_eq!((filtered.kept, filtered.dropped), (kept.len(), items.len() - kept.len()));
        let bytes = String::from_utf8(filtered.bytes.into_owned()).expect("text");
        prop_assert!(bytes.starts_with(head) && bytes.ends_with(&tail));
        let list = Json::parse(bytes.as_bytes(), &Limits::default()).expect("still strict json");
        let list = list.member("result").and_then(|result| result.member("tools")).expect("a list");
        let left: Vec<&str> = list.array().expect("an array").iter().map(|item| item.text()).collect();
        prop_assert_eq!(left, kept);
    }

    #[test]
    fn where_a_stream_is_cut_does_not_change_its_events(
        stream in generate::stream(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..6)
    ) {
        let whole = events(&[&stream]);
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&events(&single), &whole);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        cuts.extend([0, stream.len()]);
        cuts.sort_unstable();
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &stream[cut[0]..cut[1]]).collect();
        prop_assert_eq!(&events(&pieces), &whole);
        let (complete, left) = whole;
        let raw: Vec<u8> = complete.into_iter().chain(left).flat_map(|event| event.raw).collect();
        prop_assert_eq!(raw, stream);
    }

    #[test]
    fn replaced_data_are_what_a_decoder_finds(stream in generate::stream(), data in "[a-z{}\" ]{1,9}(\n[a-z]{0,3}x){0,2}") {
        for event in events(&[&stream]).0.iter().filter(|event| event.data.is_some()) {
            let (complete, left) = events(&[&event.with_data(data.as_bytes())]);
            // A stray line feed behind mixed endings counts as an event, one without data.
            let again: Vec<Vec<u8>> = complete.into_iter().chain(left).filter_map(|event| event.data).collect();
            prop_assert_eq!(&again, &[data.as_bytes()]);
            let (complete, left) = events(&[&event.without_data()]);
            prop_assert!(complete.iter().chain(&left).all(|event| event.data.is_none()));
        }
    }
}
