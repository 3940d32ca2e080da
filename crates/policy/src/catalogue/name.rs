//! Names that cannot be told apart, or that hide something.
//!
//! Two names look alike if they have one skeleton: NFKC (widths, ligatures), without characters that cannot be seen, in lower
//! case, by the confusables of Unicode (UTS 39), in lower case again, with `-`, `.`, `/`, `:` and blanks as `_`. So `pay`,
//! `Pay`, `раy` with Cyrillic letters, `p\u{200b}ay` and `ｐａｙ` are one, and so are `get-user` and `get_user`.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_security::{RestrictionLevel, RestrictionLevelDetection, skeleton};

use crate::catalogue::tool::Flaw;

/// Whether a character cannot be seen, or changes how others are: controls, and what Unicode calls default-ignorable.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || (character.is_whitespace() && character != ' ')
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The flaw of each of a server's names, in their order. Of names that look alike the one that is approved has none, if it
/// is the only one.
#[must_use]
pub fn flaws(names: &[&str], approved: &BTreeSet<&str>) -> Vec<Option<Flaw>> {
    let mut alike: BTreeMap<String, Alike<'_>> = BTreeMap::new();
    for name in names {
        *alike.entry(look(name)).or_default().entry(name).or_default() += 1;
    }
    // What was approved counts as long as it is, be it listed or not: nothing new slips into its place.
    for name in approved {
        alike.entry(look(name)).or_default().entry(name).or_default();
    }
    names.iter().map(|name| flaw(name, alike.get(&look(name))?, approved)).collect()
}

/// Names that look alike, with how often each is listed.
type Alike<'n> = BTreeMap<&'n str, usize>;

fn flaw(name: &str, alike: &Alike<'_>, approved: &BTreeSet<&str>) -> Option<Flaw> {
    if alike.get(name).is_some_and(|times| *times > 1) {
        return Some(Flaw::Twice);
    }
    if is_deceptive(name) {
        return Some(Flaw::Deceptive);
    }
    let mut others = alike.keys().filter(|other| **other != name);
    let first = others.clone().next()?;
    match others.find(|other| approved.contains(**other)) {
        Some(other) => Some(Flaw::LooksLike((*other).into())),
        None if approved.contains(name) => None,
        None => Some(Flaw::LooksLike((*first).into())),
    }
}

fn is_deceptive(name: &str) -> bool {
    name.chars().any(is_invisible)
        || name.trim() != name
        // Scripts that are written together, such as those of Japanese with Latin, may stand together.
        || name.chars().filter(|character| !character.is_ascii()).count() > 0
            && name.split(|character: char| character.is_ascii_punctuation() || character == ' ').any(mixes_scripts)
}

fn mixes_scripts(word: &str) -> bool {
    word.detect_restriction_level() > RestrictionLevel::HighlyRestrictive
}

/// What a name looks like.
fn look(name: &str) -> String {
    let folded: String = name.nfkc().filter(|character| !is_invisible(*character)).collect();
    let alike = skeleton(&folded.to_lowercase()).collect::<String>().to_lowercase();
    alike.replace(['-', '.', '/', ':', ' '], "_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], approved: &[&str], expected: &[Option<Flaw>]) {
        assert_eq!(flaws(names, &approved.iter().copied().collect()), expected);
    }

    fn like(other: &str) -> Option<Flaw> {
        Some(Flaw::LooksLike(other.into()))
    }

    #[test]
    fn names_of_usual_servers_are_fine() {
        let names =
            ["get_user", "get_users", "list-issues", "files.read", "a", "b2", "日本語", "検索tool", "größe"];
        check(&names, &[], &[const { None }; 9]);
    }

    #[test]
    fn names_that_look_alike_are_found() {
        for other in ["Pay", "pa\u{443}", "ｐａｙ", "p\u{430}y"] {
            let found = flaws(&["pay", other], &BTreeSet::from(["pay"]));
            assert!(found[0].is_none() && found[1].is_some(), "{other}: {found:?}");
        }
        check(&["get_user", "get-user"], &[], &[like("get-user"), like("get_user")]);
        check(&["get_user", "getUser", "get.user"], &["get.user"], &[like("get.user"), None, None]);
        check(&["list_0", "list_O"], &[], &[like("list_O"), like("list_0")]);
    }

    #[test]
    fn of_names_that_look_alike_the_only_approved_one_is_fine() {
        check(&["pay", "Pay"], &["pay"], &[None, like("pay")]);
        check(&["pay", "Pay"], &["pay", "Pay"], &[like("Pay"), like("pay")]);
    }

    #[test]
    fn an_approved_name_is_kept_free_while_it_is_not_listed() {
        check(&["Pay"], &["pay"], &[like("pay")]);
    }

    #[test]
    fn names_that_hide_something_are_found() {
        for name in [
            "p\u{200b}ay",
            "pay\u{202e}",
            "pay\n",
            "p\u{e0061}ay",
            " pay",
            "p\u{430}y",
            "\u{feff}pay",
            "pay\u{a0}",
        ] {
            check(&[name], &[], &[Some(Flaw::Deceptive)]);
        }
    }

    #[test]
    fn a_name_that_comes_twice_is_found() {
        check(&["pay", "pay", "buy"], &["pay"], &[Some(Flaw::Twice), Some(Flaw::Twice), None]);
    }
}
