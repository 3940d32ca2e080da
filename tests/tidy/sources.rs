//! The project's own Rust files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tests::workspace::root;

/// Top folders with Rust code, those below `crates` included.
pub(crate) const FOLDERS: [&str; 9] =
    ["adapter", "benches", "cli", "control-plane", "crates", "ext-proc", "filter", "proto", "tests"];

/// A file with its path from the top folder.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Source {
    /// Lines that are not an item under `#[cfg(test)]`.
    pub(crate) fn production_lines(&self) -> usize {
        let mut count = 0;
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if line != "#[cfg(test)]" {
                count += 1;
                continue;
            }
            // The item is one line (`mod tests;`) or ends with a brace in the first column.
            let item = lines.find(|line| !line.starts_with("#["));
            if item.is_some_and(|item| !item.ends_with([';', '}'])) {
                lines.find(|line| *line == "}");
            }
        }
        count
    }
}

/// All of them.
pub(crate) fn all() -> Result<Vec<Source>> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        collect(&root().join(folder), &mut found)?;
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(found)
}

fn collect(folder: &Path, into: &mut Vec<Source>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("reading `{}`", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, into)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap_or(&path).to_string_lossy().into_owned();
            into.push(Source { path: name, text: fs::read_to_string(&path)? });
        }
    }
    Ok(())
}

#[test]
fn items_for_tests_do_not_count() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\nfn f() {}\n#[cfg(test)]\nmod more {\n    fn g() {}\n}\nfn h() {}\n";
    let source = Source { path: String::new(), text: text.to_owned() };
    assert_eq!(source.production_lines(), 3);
}
