//! Whether a filter is configured so that all is seen that has to be judged. One that is not gets nothing through.

use proto::envoy::extensions::filters::http::ext_proc::v3::{
    ProcessingMode,
    processing_mode::{BodySendMode, HeaderSendMode},
};
use proto::envoy::service::ext_proc::v3::ProcessingRequest;
use thiserror::Error;

/// What is wrong with the configuration of Envoy's filter.
#[derive(Clone, Copy, Debug, Eq, Error, PartialEq)]
pub(crate) enum Misconfigured {
    #[error("`observability_mode` must be off: with it no answer counts, and nothing would be refused")]
    Observes,
    #[error("the filter does not say its modes: it needs Envoy 1.34 or newer")]
    Silent,
    #[error(
        "`processing_mode.request_body_mode` must be BUFFERED: the body is judged before anything goes on"
    )]
    RequestBody,
    #[error(
        "`processing_mode.response_body_mode` must be STREAMED: lists and contents of answers are judged"
    )]
    ResponseBody,
    #[error("`send_body_without_waiting_for_header_response` must be off")]
    Hasty,
    #[error("`processing_mode.request_header_mode` must be SEND: an exchange begins with its head")]
    Headless,
}

/// Checks the first message of a stream.
pub(crate) fn check(first: &ProcessingRequest) -> Result<(), Misconfigured> {
    if first.observability_mode {
        return Err(Misconfigured::Observes);
    }
    let modes = first.protocol_config.ok_or(Misconfigured::Silent)?;
    if modes.request_body_mode() != BodySendMode::Buffered {
        return Err(Misconfigured::RequestBody);
    }
    if modes.response_body_mode() != BodySendMode::Streamed {
        return Err(Misconfigured::ResponseBody);
    }
    if modes.send_body_without_waiting_for_header_response {
        return Err(Misconfigured::Hasty);
    }
    Ok(())
}

/// Nothing of the exchange is to be seen any more: it is none of the gate's business.
pub(crate) fn none() -> ProcessingMode {
    ProcessingMode { response_header_mode: HeaderSendMode::Skip.into(), ..unread() }
}

/// The body that follows is not to be seen.
pub(crate) fn unread() -> ProcessingMode {
    ProcessingMode {
        request_header_mode: HeaderSendMode::Default.into(),
        response_header_mode: HeaderSendMode::Default.into(),
        request_body_mode: BodySendMode::None.into(),
        response_body_mode: BodySendMode::None.into(),
        request_trailer_mode: HeaderSendMode::Skip.into(),
        response_trailer_mode: HeaderSendMode::Skip.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proto::envoy::service::ext_proc::v3::ProtocolConfiguration;

    fn first(request: BodySendMode, response: BodySendMode) -> ProcessingRequest {
        let modes = ProtocolConfiguration {
            request_body_mode: request.into(),
            response_body_mode: response.into(),
            ..ProtocolConfiguration::default()
        };
        ProcessingRequest { protocol_config: Some(modes), ..ProcessingRequest::default() }
    }

    #[test]
    fn a_filter_that_shows_less_than_is_judged_is_refused() {
        let good = first(BodySendMode::Buffered, BodySendMode::Streamed);
        assert_eq!(check(&good), Ok(()));
        assert_eq!(
            check(&ProcessingRequest { observability_mode: true, ..good }),
            Err(Misconfigured::Observes)
        );
        assert_eq!(check(&ProcessingRequest::default()), Err(Misconfigured::Silent));
        for less in [BodySendMode::None, BodySendMode::Streamed, BodySendMode::BufferedPartial] {
            assert_eq!(check(&first(less, BodySendMode::Streamed)), Err(Misconfigured::RequestBody));
        }
        for less in [BodySendMode::None, BodySendMode::BufferedPartial] {
            assert_eq!(check(&first(BodySendMode::Buffered, less)), Err(Misconfigured::ResponseBody));
        }
    }
}
