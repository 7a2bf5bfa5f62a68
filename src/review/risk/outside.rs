//! Files that Argo CD does not apply, and the compiler itself.

use std::collections::BTreeSet;

use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::Side;

const OUTSIDE: Rule = Rule {
    id: "outside-cluster",
    level: Level::Info,
    title: "Argo CD does not apply these files",
    advice: "Merging changes nothing by itself: somebody, or another system, has to bring the files to where they are used.",
};

const ROOT: Rule = Rule {
    id: "root-changed",
    level: Level::Info,
    title: "root Application is applied by hand",
    advice: "Merging does not change it in the cluster: apply `root.yaml` again.",
};

const COMPILER: Rule = Rule {
    id: "compiler-changed",
    level: Level::Info,
    title: "another stackgen made this",
    advice: "Part of the difference may come from the program and its blueprints, and not from your sources.",
};

pub(super) const RULES: &[&Rule] = &[&OUTSIDE, &ROOT];
pub(super) const COMPILER_RULES: &[&Rule] = &[&COMPILER];

/// Parts of the tree that Argo CD does not read, and what to do with them.
const PARTS: [(&str, &str); 4] = [
    ("access", "people's workstations take these files"),
    ("bootstrap", "its steps are for new clusters; run those that changed again where it matters"),
    ("hosts", "machines outside the cluster take these files"),
    ("pipelines", "a CI system takes these files"),
];

pub(super) fn check(scene: &Scene<'_>, found: &mut Found) {
    if scene.before.is_none() || scene.after.is_none() {
        return;
    }
    let parts: BTreeSet<&str> =
        scene.files.iter().filter_map(|file| file.path.split_once('/')).map(|(part, _)| part).collect();
    for (part, what) in PARTS.iter().filter(|(part, _)| parts.contains(part)) {
        found.file(&OUTSIDE, &format!("({part})"), part, *what);
    }
    if scene.files.iter().any(|file| file.path == "root.yaml" && file.noise.is_none()) {
        found.file(&ROOT, "(platform)", "root.yaml", "has to be applied by hand again");
    }
}

pub(super) fn check_compiler(scene: &Scene<'_>, found: &mut Found) {
    let (Some(old), Some(new)) = (scene.before.and_then(version), scene.after.and_then(version)) else { return };
    if old != new {
        found.file(&COMPILER, "(platform)", "stackgen.sum", format!("stackgen {old} → {new}"));
    }
}

/// The version in the header of `stackgen.sum`.
fn version(side: &Side) -> Option<&str> {
    let text = std::str::from_utf8(side.files.get("stackgen.sum")?).ok()?;
    text.lines().take_while(|line| line.starts_with('#')).find_map(|line| line.strip_prefix("# stackgen "))
}
