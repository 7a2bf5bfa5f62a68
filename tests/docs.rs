//! Examples of the documentation are sources that compile: fenced blocks with `file=PATH` are one platform for each page,
//! and one with `fails=CODE,…` gives just these findings when it is added to the rest.

#![allow(clippy::expect_used)] // A test may stop.

mod said;

use std::collections::BTreeSet;
use std::path::Path;

use stackgen::scaffold;
use stackgen::source::{Files, Memory, environments_below};

struct Example {
    file: String,
    fails: BTreeSet<String>,
    text: String,
}

fn examples(page: &str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```yaml ") else { continue };
        let word = |name: &str| info.split(' ').find_map(|w| w.strip_prefix(name)).map(str::to_owned);
        let text: String = lines.by_ref().take_while(|l| *l != "```").flat_map(|l| [l, "\n"]).collect();
        let fails = word("fails=").map(|codes| codes.split(',').map(str::to_owned).collect()).unwrap_or_default();
        if let Some(file) = word("file=") {
            found.push(Example { file, fails, text });
        }
    }
    found
}

/// The codes that are found, and the findings as people see them.
fn check(files: &Memory) -> (BTreeSet<String>, String) {
    let paths = environments_below(files as &dyn Files, "envs").expect("memory can be listed");
    let (found, said) = said::findings(files, &paths);
    (found.iter().map(|d| d.code.id.to_owned()).collect(), said)
}

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the page")
}

#[test]
fn examples_of_the_language_compile() {
    let examples = examples(&page("docs/language.md"));
    assert!(examples.len() > 8, "the page has lost its examples");
    let mut sound = Memory::default();
    for example in examples.iter().filter(|e| e.fails.is_empty()) {
        sound.insert(example.file.clone(), example.text.as_str());
    }
    let (codes, said) = check(&sound);
    assert!(codes.is_empty(), "{said}");
    for example in examples.iter().filter(|e| !e.fails.is_empty()) {
        let mut broken = sound.clone();
        broken.insert(example.file.clone(), example.text.as_str());
        let (codes, said) = check(&broken);
        assert_eq!(codes, example.fails, "{}:\n{said}", example.file);
    }
}

#[test]
fn a_component_of_ones_own_is_wired_into_the_catalogue() {
    let mut files = Memory::default();
    let platform = scaffold::platform("https://git.example.com/platform/gitops.git", "dev.example.com");
    let mut environment = String::new();
    for (path, text) in platform {
        if path == "overlays/envs/dev.yaml" {
            environment = text.replace("\ncluster:", "\nprofiles: [guestbook]\n\ncluster:");
            files.insert(path, environment.as_str());
        } else {
            files.insert(path, text.as_str());
        }
    }
    for example in examples(&page("docs/own-component.md")) {
        files.insert(example.file, example.text.as_str());
    }
    // What a new repository is told anyway.
    let lifecycle = BTreeSet::from(["SG0605".to_owned()]);
    let (codes, said) = check(&files);
    assert!(codes.is_subset(&lifecycle), "{said}");
    files.insert("overlays/envs/dev.yaml", environment.replace("[guestbook]", "[guestbook, large]").as_str());
    let (codes, said) = check(&files);
    let own: Vec<_> = codes.difference(&lifecycle).collect();
    assert_eq!(own, ["SG0609"], "{said}");
}
