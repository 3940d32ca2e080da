//! What each era wants of a request before rules are asked: headers that repeat the body, or a session of the caller's own.

use mcp::{Frame, revision};
use policy::{Operation, Tool, document::HeaderAgreement};

use crate::{Moment, mirror::Mismatch, reply::Refusal, request::Admitted, session::Seal};

/// Where a legacy request stands to the handshake that begins a session.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Handshake {
    /// It is one.
    Now,
    /// It comes after one.
    Past,
}

impl Admitted {
    /// Opens the session that a legacy request names. Handshakes begin one, whatever they name.
    pub(super) fn enter(&mut self, handshake: Handshake, moment: &Moment) -> Result<(), Refusal> {
        self.record.era = Some(revision::Era::Legacy);
        let seal = Seal::fresh(self.standing.subject.identity(), self.endpoint.path.clone());
        let named = self.mirror.session().filter(|_| handshake == Handshake::Past);
        let seal = match named {
            Some(sealed) => seal.opened(sealed, &self.standing.revision, moment.now_ms)?,
            None => seal,
        };
        self.strip.extend(seal.inbound());
        self.seal = Some(seal);
        Ok(())
    }

    /// Holds a modern request's headers against its body, in the way the endpoint has it.
    fn agree(&mut self, frame: &Frame<'_>, operation: &Operation<'_>) -> Result<(), Refusal> {
        let rules = self.standing.revision.rules();
        let tool = match operation {
            Operation::CallTool { name, .. } => rules.tool(&self.endpoint.server, name),
            _ => None,
        };
        let params = tool.map(Tool::header_params).unwrap_or_default();
        let mismatches = self.mirror.mismatches(frame, params);
        match self.endpoint.headers {
            HeaderAgreement::Enforce => {
                return mismatches.into_iter().next().map_or(Ok(()), |first| Err(Refusal::Mirror(first)));
            }
            HeaderAgreement::Fix => self.strip.extend(mismatches.into_iter().map(Mismatch::fix)),
            HeaderAgreement::Observe => {
                let observed: Vec<_> = mismatches.iter().map(ToString::to_string).collect();
                if !observed.is_empty() {
                    self.record.note(&observed.join("; "));
                }
            }
        }
        Ok(())
    }

    /// What has to be right about a message before rules are asked: headers that repeat its body, or its session.
    pub(super) fn settle(
        &mut self,
        frame: &Frame<'_>,
        operation: &Operation<'_>,
        moment: &Moment,
    ) -> Result<(), Refusal> {
        let (method, params) = match frame {
            Frame::Request(request) => (request.method.as_ref(), request.params.as_ref()),
            Frame::Notification(notification) => (notification.method.as_ref(), notification.params.as_ref()),
            Frame::Response(_) => return self.enter(Handshake::Past, moment),
        };
        match revision::era(method, params) {
            revision::Era::Modern => {
                self.record.era = Some(revision::Era::Modern);
                self.agree(frame, operation)
            }
            revision::Era::Legacy if self.mirror.names_revisions() => {
                Err(Refusal::DuplicateHeader("mcp-protocol-version"))
            }
            revision::Era::Legacy if method == "initialize" => self.enter(Handshake::Now, moment),
            revision::Era::Legacy => self.enter(Handshake::Past, moment),
        }
    }
}
