//! Behaviour as Markdown: each `##` heading of `cases/*.md` is a test, of blocks `policy`, `frame` or `operation`, and
//! `expect`. A case without a policy of its own takes the one at the head of its page; without frame or operation, what is
//! expected are the problems of the policy. The same pages run natively and, compiled to wasm, under Node.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test file; a panic is a failed test")]

use mcp::list::ListKind;
use mcp::{Frame, Limits};
use policy::{Arguments, Decision, Operation, RuleSet, Subject, parse};

macro_rules! pages {
    ($($name:ident),+) => {
        $(
            #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
            #[cfg_attr(not(target_arch = "wasm32"), test)]
            fn $name() {
                check_page(include_str!(concat!("cases/", stringify!($name), ".md")));
            }
        )+

        #[cfg(not(target_arch = "wasm32"))]
        const PAGES: &[&str] = &[$(stringify!($name)),+];
    };
}

pages!(arguments, methods, problems, rules, specificity);

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_page_runs() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(names, PAGES);
}

#[derive(Default, Clone)]
struct Case {
    heading: String,
    policy: String,
    frame: Option<String>,
    operation: Option<String>,
    expect: Option<String>,
}

#[track_caller]
fn check_page(page: &str) {
    let cases = cases(page);
    assert!(!cases.is_empty(), "the page has no case");
    let failures: Vec<String> = cases.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn cases(page: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut head = Case::default();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            cases.push(Case { heading: heading.to_owned(), ..head.clone() });
        }
        let Some(kind) = line.strip_prefix("```").filter(|kind| !kind.is_empty()) else { continue };
        let block = lines.by_ref().take_while(|line| *line != "```").collect::<Vec<_>>().join("\n");
        let case = cases.last_mut().unwrap_or(&mut head);
        match kind {
            "policy" => case.policy = block,
            "frame" => case.frame = Some(block),
            "operation" => case.operation = Some(block),
            "expect" => case.expect = Some(block),
            other => panic!("a block of unknown kind: {other}"),
        }
    }
    cases
}

fn failure(case: &Case) -> Option<String> {
    let expected = case.expect.as_deref().unwrap_or_else(|| panic!("`{}` expects nothing", case.heading));
    let actual = outcome(case);
    (actual != expected).then(|| format!("## {}\nexpected:\n{expected}\nactual:\n{actual}\n", case.heading))
}

fn outcome(case: &Case) -> String {
    let rules = match parse(&case.policy).and_then(|source| source.compile(1)) {
        Ok(rules) => rules,
        Err(problems) => return problems.to_string(),
    };
    let answers: Vec<String> = match (&case.frame, &case.operation) {
        (Some(frame), None) => frame.lines().map(|line| frame_outcome(&rules, line)).collect(),
        (None, Some(operation)) => operation.lines().map(|line| operation_outcome(&rules, line)).collect(),
        (None, None) => vec!["no problems".to_owned()],
        (Some(_), Some(_)) => panic!("`{}` has a frame and operations", case.heading),
    };
    answers.join("\n")
}

/// A line is one frame; the caller is `agent`, the server `shop`.
fn frame_outcome(rules: &RuleSet, line: &str) -> String {
    let frame = Frame::parse(line.as_bytes(), &Limits::default()).unwrap();
    match Operation::from_frame(&frame) {
        Ok(operation) => words(&rules.decide(&caller("agent"), "shop", &operation)),
        Err(missing) => missing.to_string(),
    }
}

/// A line is `role server what name`; `what` is a method, an HTTP method, or `sees:` and a kind of list.
fn operation_outcome(rules: &RuleSet, line: &str) -> String {
    let mut parts = line.splitn(4, ' ');
    let (role, server) = (parts.next().unwrap(), parts.next().unwrap());
    let (what, name) = (parts.next().unwrap(), parts.next().unwrap_or_default());
    let subject = caller(role);
    if let Some(kind) = what.strip_prefix("sees:") {
        let kind = ListKind::from_method(&format!("{kind}/list")).unwrap();
        return if rules.shows(&subject, server, kind, name) { "shown" } else { "hidden" }.to_owned();
    }
    let operation = match what {
        "GET" => Operation::OpenStream,
        "DELETE" => Operation::EndSession,
        "tools/call" => Operation::CallTool { name: name.into(), arguments: Arguments::Unknown },
        "prompts/get" => Operation::GetPrompt { name: name.into(), arguments: Arguments::Unknown },
        "resources/read" => Operation::ReadResource { uri: name.into() },
        "tools/list" => Operation::List(ListKind::Tools),
        method => Operation::Other { method: method.into() },
    };
    words(&rules.decide(&subject, server, &operation))
}

fn caller(role: &str) -> Subject {
    Subject { name: "bot".into(), key_id: "k7f3q2m5x4aa".into(), role: role.into(), ..Subject::default() }
}

fn words(decision: &Decision) -> String {
    match decision {
        Decision::Deny(denial) => denial.to_string(),
        Decision::Permit(permit) => format!("permit: {}", permit.rule()),
    }
}
