//! Files stay small, say what they are for, and avoid names that say nothing.

use anyhow::Result;

use crate::sources::{Source, all};

/// Lines of production code a file may have.
const PURE: usize = 300;
const SHELL: usize = 400;
const HARD_STOP: usize = 500;
/// And the whole filter, which holds no decisions (docs/adr/0004).
const FILTER: usize = 1000;
/// Which is built for tests alone.
const FAULTS: &str = "filter/src/faults.rs";

/// Tables may be longer than their folder's budget, up to the hard stop; each says here why it is one.
const TABLES: [(&str, &str); 0] = [];

const FORBIDDEN: [&str; 7] = ["utils", "util", "common", "helpers", "misc", "types", "manager"];

fn budget(path: &str) -> usize {
    match path {
        _ if is_test(path) => HARD_STOP,
        _ if TABLES.iter().any(|(table, _)| *table == path) => HARD_STOP,
        _ if path.starts_with("crates/") && path.contains("/src/") => PURE,
        _ => SHELL,
    }
}

/// Tests grow with what they test; they are read case by case.
fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/") || path.starts_with("tests/")
}

fn complain(about: &str, found: &[String]) {
    assert!(found.is_empty(), "{about}:\n  {}", found.join("\n  "));
}

#[test]
fn files_stay_within_their_budget() -> Result<()> {
    let over: Vec<String> = all()?
        .iter()
        .map(|source| (source, source.production_lines(), budget(&source.path)))
        .filter(|(_, lines, limit)| lines > limit)
        .map(|(source, lines, limit)| format!("{} has {lines} lines, {limit} are allowed", source.path))
        .collect();
    complain("split these files", &over);
    Ok(())
}

#[test]
fn the_filter_stays_a_shell() -> Result<()> {
    let lines: usize = all()?
        .iter()
        .filter(|source| source.path.starts_with("filter/src") && source.path != FAULTS)
        .map(Source::production_lines)
        .sum();
    assert!(
        lines <= FILTER,
        "filter/src has {lines} lines, {FILTER} are allowed: decisions belong into crates/engine"
    );
    Ok(())
}

#[test]
fn every_file_begins_by_saying_what_it_is_for() -> Result<()> {
    let without: Vec<String> = all()?
        .into_iter()
        // A module of tests is headed by the module it tests.
        .filter(|source| !source.text.starts_with("//! ") && !source.path.ends_with("/tests.rs"))
        .map(|source| source.path)
        .collect();
    complain("these files have no `//!` head", &without);
    Ok(())
}

#[test]
fn modules_have_names_that_say_something() -> Result<()> {
    let vague: Vec<String> = all()?
        .into_iter()
        .map(|source| source.path)
        .filter(|path| {
            path.split(['/', '.']).any(|part| FORBIDDEN.contains(&part)) || path.ends_with("/mod.rs")
        })
        .collect();
    complain("rename these files", &vague);
    Ok(())
}

#[test]
fn nothing_is_left_for_later() -> Result<()> {
    // Spelled in halves, so that this file does not find itself.
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    let left: Vec<String> = all()?
        .iter()
        .flat_map(|source| {
            source.text.lines().enumerate().map(move |(number, line)| (source, number + 1, line))
        })
        .filter(|(_, _, line)| marks.iter().any(|mark| line.contains(mark.as_str())))
        .map(|(source, number, line)| format!("{}:{number}: {}", source.path, line.trim()))
        .collect();
    complain("do or drop these", &left);
    Ok(())
}
