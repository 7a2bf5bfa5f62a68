//! Whole environments, and files that no rule could read.

use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::document::is_yaml;

const REMOVED: Rule = Rule {
    id: "environment-removed",
    level: Level::DataLoss,
    title: "environment removed",
    advice: "Every file of the environment is gone. Where its root Application still syncs this folder, all that it made is pruned. \
             Take the cluster down on purpose, and first the root Application.",
};

const ADDED: Rule = Rule {
    id: "environment-added",
    level: Level::Info,
    title: "environment added",
    advice: "All of it is new, so no rule compared anything. Its root Application has to be applied by hand once.",
};

const UNREADABLE: Rule = Rule {
    id: "unreadable",
    level: Level::Info,
    title: "no rule looked at this file",
    advice: "A side is no YAML that can be read: it was edited by hand, or a merge left its marks. Read its lines with care.",
};

pub(super) const RULES: &[&Rule] = &[&REMOVED, &ADDED, &UNREADABLE];

pub(super) fn check(scene: &Scene<'_>, found: &mut Found) {
    match (scene.before, scene.after) {
        (Some(_), None) => found.file(&REMOVED, "(platform)", "root.yaml", "every file of the environment is gone"),
        (None, Some(_)) => found.file(&ADDED, "(platform)", "root.yaml", "the environment is new"),
        _ => {}
    }
    for file in scene.files {
        if is_yaml(&file.path) && !file.is_readable() {
            found.file(&UNREADABLE, &file.component, &file.path, "cannot be read as YAML, so no rule looked at it");
        }
    }
}
