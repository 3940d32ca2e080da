//! What the authors of `.proto` files wrote beside their definitions, where the descriptors have it.

use std::collections::HashMap;

use prost_reflect::{DescriptorPool, FileDescriptor};

/// Comments by file and path.
pub(super) struct Comments(HashMap<String, HashMap<Vec<i32>, String>>);

impl Comments {
    pub(super) fn of(pool: &DescriptorPool) -> Self {
        let files = pool.file_descriptor_protos().map(|file| {
            let locations = file.source_code_info.iter().flat_map(|info| &info.location);
            let comments = locations.filter_map(|location| {
                let comment = location.leading_comments.as_ref().or(location.trailing_comments.as_ref());
                let text = tidy(comment?);
                (!text.is_empty()).then(|| (location.path.clone(), text))
            });
            (file.name().to_owned(), comments.collect())
        });
        Self(files.collect())
    }

    /// What is said of a definition; nothing where nothing is.
    pub(super) fn on(&self, file: &FileDescriptor, path: &[i32]) -> &str {
        self.0.get(file.name()).and_then(|comments| comments.get(path)).map_or("", String::as_str)
    }
}

/// Without what the marks of comments leave before and after lines.
fn tidy(comment: &str) -> String {
    let lines = comment.lines().map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end());
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}
