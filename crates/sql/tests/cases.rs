//! Runs the Markdown cases of `tests/cases/`, natively and under Node.
//!
//! A heading names a test. A `catalogue` and a `rights` block hold until the next of their kind, across
//! headings; each `query` block is planned and checked, and the `expect` block after it says what comes out:
//! the statement and its parameters, or the refusal. Line breaks in `expect` do not count.

#[path = "cases/case_file.rs"]
mod case_file;

/// One test for each file.
macro_rules! case_files {
    ($($name:ident)*) => {$(
        #[cfg_attr(not(target_arch = "wasm32"), test)]
        #[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
        fn $name() {
            case_file::check_file(include_str!(concat!("cases/", stringify!($name), ".md")));
        }
    )*

        #[cfg(not(target_arch = "wasm32"))]
        const FILES: &[&str] = &[$(stringify!($name)),*];
    };
}

case_files!(attacks filters groups literals names orders_and_pages postgres queries rights sql writes);

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn every_file_runs() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pages = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let mut names: Vec<String> =
        pages.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, FILES);
}
