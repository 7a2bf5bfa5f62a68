//! Broken platforms and what is said of them: `tests/findings/<case>.txt`.
//!
//! A case holds the files that differ from `tests/findings/base/platform.txt`, each below a line `== path ==`, and
//! below `== findings ==` what `stackgen check` says. `SNAPSHOTS=overwrite cargo test --test findings` writes the latter.

#![allow(clippy::expect_used)] // A test may stop.

mod said;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use stackgen::diagnostic::{Diagnostic, codes};
use stackgen::source::{Files, Memory, environments_below};

const FINDINGS: &str = "findings";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/findings")
}

/// The sections of a case: path and text.
fn sections(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("== ").and_then(|rest| rest.strip_suffix(" =="));
        match (name, found.last_mut()) {
            (Some(name), _) => found.push((name.to_owned(), String::new())),
            (None, Some((_, body))) => body.push_str(line),
            (None, None) => {}
        }
    }
    found
}

fn read(path: &Path) -> Vec<(String, String)> {
    sections(&fs::read_to_string(path).expect("the case can be read"))
}

/// What is found in a platform, as people see it.
fn check(files: &Memory) -> (Vec<Diagnostic>, String) {
    let paths = environments_below(files as &dyn Files, "envs").expect("memory can be listed");
    said::findings(files, &paths)
}

fn cases() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "txt"))
        .collect();
    all.sort();
    all
}

#[test]
fn broken_platforms_are_explained() {
    let base = read(&folder().join("base/platform.txt"));
    let mut wrong = Vec::new();
    let mut met = BTreeSet::new();
    for path in cases() {
        let case = read(&path);
        let mut files = Memory::default();
        for (name, text) in base.iter().chain(&case).filter(|(name, _)| name != FINDINGS) {
            files.insert(name.clone(), text.as_str());
        }
        let (found, said) = check(&files);
        met.extend(found.iter().map(|d| d.code.id));
        let expected = case.iter().find(|(name, _)| name == FINDINGS).map_or("", |(_, text)| text.as_str());
        if said.trim() == expected.trim() {
            continue;
        }
        if std::env::var("SNAPSHOTS").is_ok_and(|v| v == "overwrite") {
            let text = fs::read_to_string(&path).expect("the case can be read");
            let inputs = text.split(&format!("== {FINDINGS} ==\n")).next().unwrap_or_default();
            fs::write(&path, format!("{inputs}== {FINDINGS} ==\n{said}")).expect("the case can be written");
        } else {
            wrong.push(format!("{}:\n{said}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "these cases are said differently now:\n\n{}", wrong.join("\n"));
    for stage in [
        codes::shape::ALL,
        codes::templates::ALL,
        codes::resolution::ALL,
        codes::layers::ALL,
        codes::rendering::ALL,
        codes::checks::ALL,
    ] {
        for code in stage {
            // What takes a chart, or a day, is among the cases of the command line.
            let others = concat!(
                include_str!("cli/rendered-fails.txt"),
                include_str!("cli/rendered-random.txt"),
                include_str!("cli/check-waiver-ended.txt")
            );
            let elsewhere = || others.contains(code.id);
            assert!(met.contains(code.id) || elsewhere(), "no case has {} ({})", code.id, code.title);
        }
    }
    // The other codes of charts are of repositories: tests/charts.
    use codes::charts::{BAD_LOCK, LOCK_BEHIND, OPEN_RANGE, UNLOCKED};
    for code in [&BAD_LOCK, &OPEN_RANGE, &UNLOCKED, &LOCK_BEHIND] {
        assert!(met.contains(code.id), "no case has {} ({})", code.id, code.title);
    }
}

#[test]
fn the_base_is_sound() {
    let mut files = Memory::default();
    for (name, text) in read(&folder().join("base/platform.txt")) {
        files.insert(name, text.as_str());
    }
    assert_eq!(check(&files).1, "");
}
