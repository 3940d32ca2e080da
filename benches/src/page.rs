//! The section of a page that a benchmark writes itself.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};

/// Puts the tables between the markers of a page: `<!-- NAME: begin -->` and `<!-- NAME: end -->`.
pub(crate) fn write_into(page: &Path, name: &str, tables: &str) -> anyhow::Result<()> {
    let text = fs::read_to_string(page).with_context(|| format!("cannot read {}", page.display()))?;
    let Some(text) = replaced(&text, name, tables) else {
        bail!("{} has no section between `{}` and `{}`", page.display(), begin(name), end(name));
    };
    fs::write(page, text).with_context(|| format!("cannot write {}", page.display()))
}

fn begin(name: &str) -> String {
    format!("<!-- {name}: begin -->")
}

fn end(name: &str) -> String {
    format!("<!-- {name}: end -->")
}

fn replaced(page: &str, name: &str, tables: &str) -> Option<String> {
    let (begin, end) = (begin(name), end(name));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n\n{}\n\n{end}{after}", tables.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_marked_section_of_a_page_is_replaced() {
        let page = "# Before\n<!-- x: begin -->\nold\n<!-- x: end -->\nafter\n";
        let expected = "# Before\n<!-- x: begin -->\n\nnew\n\n<!-- x: end -->\nafter\n";
        assert_eq!(replaced(page, "x", "\nnew\n").as_deref(), Some(expected));
        assert_eq!(replaced(page, "y", "new"), None);
    }
}
