//! Explanations of decisions, asked for over gRPC or about a file.

use std::sync::Arc;

use mcp::{Json, Kind, Limits};
use policy::{
    Catalogue, Decision, Document, RuleSet,
    explain::{self, Explanation, Question, Target},
};
use proto::v1::{ConsideredRule, ExplainRequest, ExplainResponse, explain_request};

/// Most of a question's arguments, in bytes.
const MAX_ARGUMENTS: usize = 1024 * 1024;

/// Explains what a document and a catalogue make of a call.
///
/// # Errors
/// The question names no caller or no call, or the document does not compile; the error is for people.
pub fn explain(
    document: &Document,
    revision: u64,
    catalogue: Arc<Catalogue>,
    request: &ExplainRequest,
) -> Result<ExplainResponse, String> {
    let rules = RuleSet::compile(document, revision).map_err(|problems| problems.to_string())?;
    let rules = rules.with_catalogue(catalogue);
    let question = question(document, &rules, request)?;
    Ok(answer(revision, explain::explain(document, &rules, &question)))
}

fn question(document: &Document, rules: &RuleSet, request: &ExplainRequest) -> Result<Question, String> {
    let given = |text: &'_ str| (!text.is_empty()).then(|| text.to_owned());
    let (key, role) = (given(&request.key), given(&request.role));
    if key.is_some() == role.is_some() {
        return Err("name who calls: a key or a role".to_owned());
    }
    let pairs = request.claims.iter().map(|claim| (claim.name.as_str(), claim.value.as_str()));
    let claims = policy::claims::of_pairs(pairs);
    let subject = explain::subject(document, rules, (key.as_deref(), role.as_deref()), claims)?;
    let target = match request.target.clone() {
        Some(explain_request::Target::Tool(name)) => Target::Tool(name),
        Some(explain_request::Target::Prompt(name)) => Target::Prompt(name),
        Some(explain_request::Target::Resource(uri)) => Target::Resource(uri),
        None => return Err("name what is called: a tool, a prompt or a resource".to_owned()),
    };
    if !document.servers.contains_key(&request.server) && !document.databases.contains_key(&request.server) {
        let known: Vec<&str> =
            document.servers.keys().chain(document.databases.keys()).map(String::as_str).collect();
        return Err(format!(
            "no server or database is named `{}`; there is {}",
            request.server,
            known.join(", ")
        ));
    }
    let arguments = given(&request.arguments).map(arguments).transpose()?;
    Ok(Question { subject, server: request.server.clone(), target, arguments })
}

fn arguments(text: String) -> Result<String, String> {
    let limits = Limits { bytes: MAX_ARGUMENTS, ..Limits::default() };
    let read = Json::parse(text.as_bytes(), &limits).map(Json::kind);
    match read {
        Ok(Kind::Object) => Ok(text),
        Ok(_) => Err("the arguments are no JSON object".to_owned()),
        Err(error) => Err(format!("the arguments are no JSON: {error}")),
    }
}

fn answer(revision: u64, explanation: Explanation) -> ExplainResponse {
    let Explanation { decision, considered, change, limits } = explanation;
    let (message, code) = match &decision {
        Decision::Permit(_) => (String::new(), 0),
        Decision::Deny(denial) => (denial.public(), denial.code().number()),
    };
    let considered = considered.into_iter().map(|rule| ConsideredRule {
        rule: rule.rule,
        place: rule.place,
        outcome: rule.outcome.name().to_owned(),
        why: rule.why,
    });
    ExplainResponse {
        revision,
        allowed: decision.permits(),
        rule: decision.rule().to_owned(),
        message,
        code,
        considered: considered.collect(),
        change: change.iter().map(ToString::to_string).collect(),
        limits,
    }
}
