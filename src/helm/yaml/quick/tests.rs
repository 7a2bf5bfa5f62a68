//! The quick look beside the full reader.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::path::{Path, PathBuf};

use super::{data, head};
use crate::helm::manifests::{full_head, split};
use crate::helm::yaml::read::{Numbers, first};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
}

/// The documents of the recorded cases, and of a folder that the tester names.
fn corpus() -> Vec<String> {
    let mut found = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/helm"), &mut found);
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"), &mut found);
    if let Some(folder) = std::env::var_os("YAML_CORPUS") {
        files(Path::new(&folder), &mut found);
    }
    let texts = found.iter().filter_map(|path| std::fs::read_to_string(path).ok());
    texts.flat_map(|text| split(&text).into_iter().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn it_never_says_what_the_full_reader_does_not() {
    const SIGNS: [&str; 28] = [
        " ",
        "\n",
        ":",
        "-",
        "#",
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ",",
        "|",
        ">",
        "&",
        "*",
        "!",
        "  ",
        "- ",
        ": ",
        "\n  ",
        "~",
        "\\",
        "é",
        "\\\n",
        "\\x41",
        "[\n    a,\n  ]",
        "\n...\n",
    ];
    let (mut quick, mut whole, mut all) = (0, 0, 0);
    let mut below = crate::chance::numbers();
    for document in corpus() {
        for turn in 0..if document.len() > 20_000 { 3 } else { 30 } {
            let mut text = document.clone();
            if turn > 0 {
                let mut at = below(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                match below(3) {
                    0 => text.insert_str(at, SIGNS[below(SIGNS.len())]),
                    1 => text.truncate(at),
                    _ => drop((at < text.len()).then(|| text.remove(at))),
                }
            }
            let text = text.trim_end();
            all += 1;
            if let Some(found) = data(text, Numbers::Exact) {
                whole += 1;
                let full = first(text, Numbers::Exact);
                assert_eq!(full.as_ref().ok(), Some(&found), "{full:?} for\n{text}");
            }
            let Some(found) = head(text) else { continue };
            quick += 1;
            let full = full_head(text);
            assert_eq!(full.as_ref().ok(), Some(&found), "{full:?} for\n{text}");
        }
    }
    assert!(quick * 4 > all && whole * 4 > all, "{quick} and {whole} of {all}");
}

#[test]
fn it_reads_names_and_what_they_stand_for() {
    let chart = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/helm/anchors/chart/values.yaml");
    let text = std::fs::read_to_string(chart).unwrap();
    assert_eq!(data(&text, Numbers::Floats), first(&text, Numbers::Floats).ok());
    assert!(data(&text, Numbers::Floats).is_some());
}
