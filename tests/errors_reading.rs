//! Files that cannot be read, beside what is said about them: `tests/errors/reading/<case>.yaml` and `<case>.stderr`.
//! `UPDATE=1 cargo test --test errors_reading` writes the expectations anew.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use stackgen::diagnostic::codes::reading;
use stackgen::diagnostic::{Diagnostic, Format, Sink, SourceMap, Style, render};
use stackgen::yaml::parse;

#[test]
fn every_bad_file_is_explained() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for path in cases() {
        let (found, text) = explain(&path);
        seen.extend(found.iter().map(|one| one.code.id));
        let beside = path.with_extension("stderr");
        if env::var_os("UPDATE").is_some() {
            fs::write(&beside, text).expect("the expectation is writable");
        } else if fs::read_to_string(&beside).ok().as_deref() != Some(&text) {
            wrong.push(format!("{}:\n{text}", beside.display()));
        }
    }
    assert!(wrong.is_empty(), "not as expected; UPDATE=1 accepts this:\n{}", wrong.join("\n"));
    let missing: Vec<&str> = reading::ALL.iter().map(|code| code.id).filter(|id| !seen.contains(id)).collect();
    assert!(missing.is_empty(), "codes without a case: {missing:?}");
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors/reading");
    let entries = fs::read_dir(folder).expect("the folder of cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    cases.sort();
    cases
}

/// The findings of a file, and how they look. A file in this folder has at least one, and each of them has a place.
fn explain(path: &Path) -> (Vec<Diagnostic>, String) {
    let name = path.file_name().expect("a name").to_string_lossy();
    let text = fs::read_to_string(path).expect("the case is text");
    let mut sources = SourceMap::default();
    let file = sources.add(&*name, text.as_str());
    let mut sink = Sink::default();
    parse(file, &text, &mut sink);
    let found = sink.into_sorted(&sources);
    assert!(!found.is_empty(), "{name} is read without a finding");
    assert!(found.iter().all(|one| !one.labels.is_empty()), "{name} has a finding without a place");
    let text = render(Format::Human, &found, &sources, Style { color: false, width: 100 });
    (found, text)
}
