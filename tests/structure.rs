//! The compiler knows no component: what one needs, the language says in general. Its target, Argo CD, is the exception.

#![allow(clippy::expect_used)] // A test may stop.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// The stages, and what they stand on. `review` looks at kinds of objects whoever brings them, `chart` reads the settings of
/// other programs, and `helm` knows no stackgen.
const COMPILER: [&str; 12] = [
    "argocd", "check", "emit", "graph", "layer", "render", "resolve", "source", "target", "template", "trace", "types",
];

fn components() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints/components");
    let entries = fs::read_dir(root).expect("the catalogue");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| name != "argo-cd").collect()
}

/// The words of code, API groups such as `cert-manager.io` among them. Comments are for people, who may want an example.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let code = line.split("//").next().unwrap_or_default();
    code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.'))
}

#[test]
fn the_compiler_names_no_component() {
    let components = components();
    assert!(components.contains("calico"), "the catalogue was read");
    let mut named = Vec::new();
    for folder in COMPILER {
        for entry in WalkDir::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(folder)) {
            let Ok(entry) = entry else { continue };
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            for (number, line) in text.lines().take_while(|line| line.trim() != "#[cfg(test)]").enumerate() {
                named.extend(
                    words(line)
                        .filter(|word| components.contains(*word))
                        .map(|word| format!("{}:{}: {word}", entry.path().display(), number + 1)),
                );
            }
        }
    }
    assert!(named.is_empty(), "{}", named.join("\n"));
}
