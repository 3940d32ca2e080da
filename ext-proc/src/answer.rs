//! The engine's effects, as Envoy takes them. An effect that cannot come where it came ends the exchange.

use engine::{Effect, Forward, HeaderEdit, Reply};
use proto::envoy::config::core::v3::{
    HeaderValue, HeaderValueOption, header_value_option::HeaderAppendAction,
};
use proto::envoy::service::ext_proc::v3::{
    BodyMutation, BodyResponse, CommonResponse, HeaderMutation, HeadersResponse, ImmediateResponse,
    ProcessingResponse, TrailersResponse, body_mutation::Mutation, processing_response::Response,
};
use proto::envoy::r#type::v3::HttpStatus;
use tonic::Status;

/// What Envoy has sent and waits for an answer to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    RequestHead,
    RequestBody,
    RequestTrailers,
    ResponseHead,
    ResponseBody,
    ResponseTrailers,
}

/// The answer to what was sent, or the error that ends the exchange.
pub(crate) fn answer(place: Place, effect: Effect) -> Result<ProcessingResponse, Status> {
    match (effect, place) {
        (Effect::Cut, _) => Err(Status::aborted("the right to this exchange has gone")),
        (Effect::Reply(reply), _) => Ok(immediate(reply)),
        (Effect::Pass, place) | (Effect::Hold, place @ Place::RequestHead) => {
            Ok(place.with(CommonResponse::default()))
        }
        (Effect::Forward(forward), Place::RequestHead | Place::RequestBody) => {
            Ok(place.with(forwarded(forward)))
        }
        (Effect::ResponseHead(edits), Place::ResponseHead) => {
            let header_mutation = Some(mutation(edits));
            Ok(place.with(CommonResponse { header_mutation, ..CommonResponse::default() }))
        }
        (Effect::Replace(bytes), Place::ResponseBody) => {
            Ok(place.with(CommonResponse { body_mutation: Some(body(bytes)), ..CommonResponse::default() }))
        }
        (effect, place) => Err(Status::internal(format!("{effect:?} cannot be done at {place:?}"))),
    }
}

impl Place {
    fn with(self, common: CommonResponse) -> ProcessingResponse {
        let headers = |common| HeadersResponse { response: Some(common) };
        let body = |common| BodyResponse { response: Some(common) };
        let response = match self {
            Self::RequestHead => Response::RequestHeaders(headers(common)),
            Self::RequestBody => Response::RequestBody(body(common)),
            Self::RequestTrailers => Response::RequestTrailers(TrailersResponse::default()),
            Self::ResponseHead => Response::ResponseHeaders(headers(common)),
            Self::ResponseBody => Response::ResponseBody(body(common)),
            Self::ResponseTrailers => Response::ResponseTrailers(TrailersResponse::default()),
        };
        ProcessingResponse { response: Some(response), ..ProcessingResponse::default() }
    }
}

fn forwarded(forward: Forward) -> CommonResponse {
    CommonResponse {
        // Routes may go by headers, as the filter's edits let them.
        clear_route_cache: !forward.headers.is_empty(),
        header_mutation: Some(mutation(forward.headers)),
        body_mutation: forward.body.map(body),
    }
}

fn body(bytes: Vec<u8>) -> BodyMutation {
    let mutation = if bytes.is_empty() { Mutation::ClearBody(true) } else { Mutation::Body(bytes) };
    BodyMutation { mutation: Some(mutation) }
}

/// Envoy removes first and sets then, so of several edits of one header the last one counts.
fn mutation(edits: Vec<HeaderEdit>) -> HeaderMutation {
    let mut mutation = HeaderMutation::default();
    for HeaderEdit { name, value } in edits {
        let named = |set: &HeaderValueOption| set.header.as_ref().is_some_and(|header| header.key == name);
        mutation.set_headers.retain(|set| !named(set));
        match value {
            Some(value) => {
                mutation.set_headers.push(set(name, value, HeaderAppendAction::OverwriteIfExistsOrAdd));
            }
            None => mutation.remove_headers.push(name),
        }
    }
    mutation
}

fn set(key: String, value: String, action: HeaderAppendAction) -> HeaderValueOption {
    let header = HeaderValue { key, value: String::new(), raw_value: value.into_bytes() };
    HeaderValueOption { header: Some(header), append_action: action.into() }
}

fn immediate(reply: Reply) -> ProcessingResponse {
    let mut headers = HeaderMutation::default();
    for (place, (name, value)) in reply.headers.iter().enumerate() {
        let again = reply.headers.iter().take(place).any(|(before, _)| before == name);
        let action = if again {
            HeaderAppendAction::AppendIfExistsOrAdd
        } else {
            HeaderAppendAction::OverwriteIfExistsOrAdd
        };
        headers.set_headers.push(set((*name).to_owned(), value.clone(), action));
    }
    let immediate = ImmediateResponse {
        status: Some(HttpStatus { code: reply.status.into() }),
        headers: Some(headers),
        body: reply.body,
        details: "trigate".to_owned(),
    };
    ProcessingResponse {
        response: Some(Response::ImmediateResponse(immediate)),
        ..ProcessingResponse::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_done_where_it_came_ends_the_exchange() {
        assert!(answer(Place::RequestBody, Effect::Hold).is_err());
        assert!(answer(Place::RequestHead, Effect::Replace(Vec::new())).is_err());
        assert!(answer(Place::ResponseBody, Effect::ResponseHead(Vec::new())).is_err());
        assert!(answer(Place::ResponseTrailers, Effect::Cut).is_err());
    }

    #[test]
    fn of_several_edits_of_one_header_the_last_counts() {
        let edits = [HeaderEdit::set("a", "1"), HeaderEdit::remove("b"), HeaderEdit::set("a", "2")];
        let HeaderMutation { set_headers, remove_headers } = mutation(edits.into());
        let values: Vec<_> =
            set_headers.iter().map(|set| set.header.as_ref().unwrap().raw_value.as_slice()).collect();
        assert_eq!((values, remove_headers), (vec![b"2".as_slice()], vec!["b".to_owned()]));
    }

    #[test]
    fn a_header_that_comes_twice_in_a_refusal_comes_twice() {
        let headers = [("www-authenticate", "Bearer"), ("www-authenticate", "Basic")];
        let reply = Reply {
            status: 401,
            headers: headers.map(|(name, value)| (name, value.to_owned())).into(),
            body: b"{}".to_vec(),
        };
        let Some(Response::ImmediateResponse(immediate)) = immediate(reply).response else { panic!() };
        let actions: Vec<_> =
            immediate.headers.unwrap().set_headers.iter().map(HeaderValueOption::append_action).collect();
        assert_eq!(
            actions,
            [HeaderAppendAction::OverwriteIfExistsOrAdd, HeaderAppendAction::AppendIfExistsOrAdd]
        );
    }
}
