//! ARCHITECTURE.md names only what is there, and the top folders are all on it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tests::workspace::root;

use crate::sources::{FOLDERS, all};

fn page(name: &str) -> Result<String> {
    fs::read_to_string(root().join(name)).with_context(|| format!("`{name}` is missing"))
}

/// What stands between backticks on a page, outside fenced blocks.
fn quoted(page: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

fn is_path(text: &str) -> bool {
    let known_end =
        [".md", ".rs", ".toml", ".proto", ".yaml", ".sh", ".mk"].iter().any(|end| text.ends_with(end));
    let plain = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-/".contains(letter));
    let from_here =
        text.split('/').next().is_some_and(|first| root().join(first).exists() && !first.is_empty());
    plain && (known_end || (text.contains('/') && from_here))
}

/// `package::Name`, as code of another layer writes it.
fn item(text: &str) -> Option<(&str, &str)> {
    let (package, name) = text.split_once("::")?;
    let name = name.split("::").next()?.trim_end_matches("()");
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (word(package) && word(name)).then_some((package, name))
}

fn folder_of(package: &str) -> Option<String> {
    let package = package.replace('_', "-");
    [format!("crates/{package}/"), format!("{package}/")]
        .into_iter()
        .find(|folder| root().join(folder).is_dir())
}

/// A bare file name is enough where some folder of the project has such a file.
fn somewhere(name: &str) -> Result<bool> {
    Ok(!name.contains('/')
        && files(&root())?.iter().any(|file| file.file_name().is_some_and(|own| own == name)))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let made =
            path.file_name().is_some_and(|name| name == "target" || name.to_string_lossy().starts_with('.'));
        if path.is_dir() && !made {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

#[test]
fn paths_on_the_map_exist() -> Result<()> {
    for path in quoted(&page("ARCHITECTURE.md")?).iter().filter(|text| is_path(text)) {
        assert!(
            root().join(path).exists() || somewhere(path)?,
            "ARCHITECTURE.md names `{path}`, which is not there"
        );
    }
    Ok(())
}

#[test]
fn names_on_the_map_exist() -> Result<()> {
    let sources = all()?;
    for text in quoted(&page("ARCHITECTURE.md")?) {
        let Some((package, name)) = item(&text) else { continue };
        let Some(folder) = folder_of(package) else { continue };
        let defined = sources.iter().filter(|source| source.path.starts_with(&folder)).any(|source| {
            ["struct", "enum", "trait", "fn", "mod", "const", "type"].iter().any(|word| {
                source.text.contains(&format!("pub {word} {name}"))
                    || source.text.contains(&format!("pub(crate) {word} {name}"))
            })
        });
        assert!(defined, "ARCHITECTURE.md names `{text}`, which `{folder}` does not define");
    }
    Ok(())
}

#[test]
fn every_folder_is_on_the_map() -> Result<()> {
    let map = page("ARCHITECTURE.md")?;
    for folder in FOLDERS {
        assert!(map.contains(folder), "ARCHITECTURE.md does not mention `{folder}`");
    }
    assert!(map.lines().count() <= 200, "ARCHITECTURE.md has more than 200 lines");
    Ok(())
}

#[test]
fn every_member_says_what_it_is() -> Result<()> {
    let manifest = page("Cargo.toml")?;
    let members =
        manifest.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).unwrap_or_default();
    for line in members.lines().map(str::trim).filter(|line| line.starts_with('"')) {
        assert!(line.contains("# "), "the member {line} has no comment in Cargo.toml");
    }
    Ok(())
}

#[test]
fn only_what_stands_in_backticks_is_read() {
    assert_eq!(quoted("a `b/c.rs` d `e`\n```\n`f`\n```\n"), ["b/c.rs", "e"]);
    assert_eq!(item("policy::Decision"), Some(("policy", "Decision")));
    assert_eq!(item("tools/list"), None);
}
