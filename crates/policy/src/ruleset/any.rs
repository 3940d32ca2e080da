//! What belongs to no single server of an endpoint with several: any of them may permit it.

use crate::code::Code;
use crate::decision::{Decision, Denial, Permit};
use crate::operation::Operation;
use crate::ruleset::{Backend, RuleSet};
use crate::subject::Subject;

impl RuleSet {
    /// Whether a subject may do at one of these servers or another what belongs to none of them alone. Of several topics to
    /// listen to, each has to be permitted at one of them.
    #[must_use]
    pub fn decide_at_any(
        &self,
        subject: &Subject,
        backends: &[Backend],
        operation: &Operation<'_>,
    ) -> Decision {
        let Operation::Listen { topics } = operation else {
            return self.first(subject, backends, operation);
        };
        let mut permit: Option<Permit> = None;
        let each = topics.iter().map(|topic| vec![topic.clone()]);
        for topics in std::iter::once(Vec::new()).chain(each) {
            match self.first(subject, backends, &Operation::Listen { topics }) {
                Decision::Permit(next) => {
                    permit = Some(match &permit {
                        Some(before) => next.and(before),
                        None => next,
                    });
                }
                Decision::Deny(denial) => return Decision::Deny(denial),
            }
        }
        permit.map_or_else(|| Decision::Deny(nobody(operation)), Decision::Permit)
    }

    /// The first that permits it, or else what one has against it.
    fn first(&self, subject: &Subject, backends: &[Backend], operation: &Operation<'_>) -> Decision {
        let mut against: Option<Denial> = None;
        for Backend { server, .. } in backends {
            match self.decide(subject, server, operation) {
                Decision::Permit(permit) => return Decision::Permit(permit),
                // That the caller has no business with a server says less than any other word against it.
                Decision::Deny(denial)
                    if against.as_ref().is_none_or(|known| known.code() == Code::NoAccessToServer) =>
                {
                    against = Some(denial);
                }
                Decision::Deny(_) => {}
            }
        }
        Decision::Deny(against.unwrap_or_else(|| nobody(operation)))
    }
}

fn nobody(operation: &Operation<'_>) -> Denial {
    let what = format!("no server is there that `{}` could be for", operation.method());
    Denial::new(Code::NoAccessToServer, what)
}

#[cfg(test)]
mod tests {
    use crate::decision::Decision;
    use crate::operation::Operation;
    use crate::ruleset::RuleSet;
    use crate::subject::Subject;

    const TEXT: &str = "version: 1
servers: { a: { url: \"http://h/a\" }, b: { url: \"http://h/b\" }, c: { url: \"http://h/c\" } }
endpoints: { /mcp: { servers: [c, a, b] } }
roles:
  r:
    tools: [{ allow: a.* }, { allow: b.* }]
    subscriptions: [{ allow: a.tools_list_changed }, { allow: b.prompts_list_changed }, { allow: b.stream }]
  none: {}
";

    fn rules() -> RuleSet {
        let source = crate::parse(TEXT).unwrap_or_else(|problems| panic!("{problems}"));
        source.compile(1).unwrap_or_else(|problems| panic!("{problems}"))
    }

    #[track_caller]
    fn check(role: &str, operation: &Operation<'_>, expected: Result<&str, i32>) {
        let rules = rules();
        let subject = Subject { role: role.into(), ..Subject::default() };
        let backends = rules.endpoint("/mcp").unwrap().several().unwrap();
        let found = match rules.decide_at_any(&subject, backends, operation) {
            Decision::Permit(permit) => Ok(permit.rule().to_owned()),
            Decision::Deny(denial) => Err(denial.code().number()),
        };
        assert_eq!(found, expected.map(str::to_owned), "{operation:?}");
    }

    fn listen(topics: &[&str]) -> Operation<'static> {
        Operation::Listen { topics: topics.iter().map(|topic| (*topic).to_owned()).collect() }
    }

    #[test]
    fn one_server_is_enough_for_each_topic() {
        check("r", &listen(&["tools_list_changed"]), Ok("allow a.tools_list_changed"));
        check(
            "r",
            &listen(&["tools_list_changed", "prompts_list_changed"]),
            Ok("allow b.prompts_list_changed"),
        );
        check("r", &Operation::OpenStream, Ok("allow b.stream"));
    }

    #[test]
    fn what_none_permits_is_denied() {
        check("r", &listen(&["resources_list_changed"]), Err(4030));
        check("r", &listen(&["tools_list_changed", "doc://secret"]), Err(4030));
        check("none", &listen(&["tools_list_changed"]), Err(4031));
        check("none", &listen(&[]), Err(4031));
        check("none", &Operation::OpenStream, Err(4031));
    }
}
