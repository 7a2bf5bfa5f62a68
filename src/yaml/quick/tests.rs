//! The quick reader beside the parser.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use super::super::{characters, parse::parse_all_of_yaml};
use super::*;
use crate::diagnostic::Sink;

/// Whether the quick reader takes a text; if so, the parser must find nothing, and the same tree at the same places.
fn agree(text: &str) -> bool {
    let file = FileId(0);
    let mut odd = Sink::default();
    characters::check(file, text, &mut odd);
    let Some(quick) = read(file, text).filter(|_| odd.is_empty()) else { return false };
    let mut sink = Sink::default();
    let whole = parse_all_of_yaml(file, text, Sink::default(), &mut sink);
    assert!(sink.is_empty(), "only the parser finds something in:\n{text}\n{sink:?}");
    let (quick, whole) = (format!("{:?}", Some(quick)), format!("{whole:?}"));
    let same = quick.bytes().zip(whole.bytes()).take_while(|(a, b)| a == b).count();
    let part = |text: &str| {
        String::from_utf8_lossy(text.as_bytes().get(same.saturating_sub(60)..).unwrap_or_default())
            .chars()
            .take(200)
            .collect::<String>()
    };
    assert!(quick == whole, "{}\nis to the parser\n{}\nin:\n{text}", part(&quick), part(&whole));
    true
}

fn texts(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|end| end == "yaml") {
            found.extend(fs::read_to_string(&path));
        }
    }
}

fn all(folders: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for folder in folders {
        texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    found.retain(|text| !text.is_empty());
    found.sort();
    found
}

#[test]
fn it_reads_what_the_parser_reads() {
    all(&["tests", "out"]).iter().for_each(|text| _ = agree(text));
    let ours = all(&["blueprints", "overlays"]);
    let left: Vec<&String> = ours.iter().filter(|text| !agree(text)).collect();
    assert!(left.len() * 50 < ours.len(), "it leaves {} of {} files to the parser: {left:#?}", left.len(), ours.len());
}

#[test]
fn it_takes_nothing_that_the_parser_reads_otherwise() {
    const PIECES: [&str; 37] = [
        " ",
        "  ",
        "\n",
        "\n\n",
        ":",
        ": ",
        "- ",
        "-",
        "#",
        " #",
        "'",
        "\"",
        "\\",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
        "|\n",
        ">-\n",
        ">\n",
        "a",
        "a: b\n",
        "- a\n",
        "!a ",
        "&a ",
        "*a",
        "? ",
        "%",
        "---\n",
        "...\n",
        "1",
        "^",
        "é",
        "|-\n  x\n",
        "{ a: [b] }",
    ];
    let mut random = crate::chance::numbers();
    let all = all(&["blueprints", "overlays", "tests"]);
    let rounds = std::env::var("STACKGEN_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20_000);
    let mut taken = 0;
    for _ in 0..rounds {
        let text = &all[random(all.len())];
        let lines: Vec<&str> = text.lines().collect();
        let first = random(lines.len());
        let mut text = lines[first..lines.len().min(first + 1 + random(12))].join("\n") + "\n";
        for _ in 0..=random(3) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let (from, to) = (places[random(places.len())], places[random(places.len())]);
            match random(3) {
                0 if from < to && to - from < 8 => text.replace_range(from..to, ""),
                1 => text.insert_str(from, &" ".repeat(random(5))),
                _ => text.insert_str(from, PIECES[random(PIECES.len())]),
            }
            if text.is_empty() {
                text.push('\n');
            }
        }
        taken += usize::from(agree(&text));
    }
    assert!(taken * 20 > rounds, "only {taken} of {rounds} were compared");
}
