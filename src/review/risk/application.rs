//! Argo CD Applications that come, go, or become others.

use super::changed::{Changed, arrow, text, words};
use super::deletion::{Fate, fate};
use super::scene::{Scene, sources};
use super::{Found, Level, Rule};
use crate::yaml::Node;

const REMOVED: Rule = Rule {
    id: "application-removed",
    level: Level::DataLoss,
    title: "Application is removed",
    advice: "Argo CD deletes everything that it made, volume claims among it. Where something must stay, set `sync.deletion: orphan` \
             for the component and merge that first.",
};

const ORPHANED: Rule = Rule {
    id: "application-orphaned",
    level: Level::Info,
    title: "Application is removed, what it made stays",
    advice: "It has no finalizer, so its objects run on and nothing manages them. Delete them by hand when they are not needed.",
};

const RENAMED: Rule = Rule {
    id: "application-renamed",
    level: Level::DataLoss,
    title: "Application is renamed",
    advice: "Argo CD knows no renaming: it deletes the old Application with everything that it made, and makes it all anew. Take the \
             finalizer off the old one first (`sync.deletion: orphan`), so that the new one takes over what is there.",
};

const ADDED: Rule = Rule {
    id: "application-added",
    level: Level::Info,
    title: "Application is added",
    advice: "Its secrets must be in the store, and what it needs must stand, before it can become healthy.",
};

const RELEASE: Rule = Rule {
    id: "release-name-changed",
    level: Level::DataLoss,
    title: "Helm release has another name",
    advice: "Charts name their objects after the release: they are deleted and made anew under other names, volume claims too.",
};

const PARAMETERS: Rule = Rule {
    id: "chart-inputs-changed",
    level: Level::Info,
    title: "chart is told other facts of the cluster",
    advice: "Which objects a chart renders depends on the Kubernetes version and the APIs that it is told of. Compare what it renders.",
};

const PROJECT: Rule = Rule {
    id: "application-project-changed",
    level: Level::Info,
    title: "Application moves to another AppProject",
    advice: "What it may do, and who may sync it, is now what the other project says.",
};

pub(super) const RULES: &[&Rule] = &[&REMOVED, &RENAMED, &RELEASE, &ORPHANED, &ADDED, &PARAMETERS, &PROJECT];

/// Whether it is an Argo CD Application.
pub(super) fn is_application(changed: &Changed<'_>) -> bool {
    changed.is("argoproj.io", &["Application"])
}

pub(super) fn check(changed: &Changed<'_>, scene: &Scene<'_>, found: &mut Found) {
    if !is_application(changed) {
        return;
    }
    match (changed.before, changed.after) {
        (Some(before), None) => gone(changed, before, scene, found),
        (None, Some(_)) if changed.is_new_name => {}
        (None, Some(after)) => {
            let wave = text(Some(after), &["metadata", "annotations", "argocd.argoproj.io/sync-wave"]);
            let wave = if wave.is_empty() { "0" } else { wave };
            let namespace = words(after.at(&["spec", "destination", "namespace"]));
            found.add(&ADDED, changed, format!("comes to namespace `{namespace}` in wave {wave}"));
        }
        (Some(before), Some(after)) => modified(changed, before, after, found),
        (None, None) => {}
    }
}

fn gone(changed: &Changed<'_>, before: &Node, scene: &Scene<'_>, found: &mut Found) {
    let fate = match before.at(&["metadata", "finalizers"]).and_then(Node::as_seq) {
        Some([_, ..]) => fate(scene, changed.owner(), before),
        _ => Fate::Kept,
    };
    match (changed.renamed, fate) {
        (Some(new), Fate::Kept) => {
            found.add(
                &ORPHANED,
                changed,
                format!("becomes `{}`, which takes over what stays in the cluster", new.name),
            );
        }
        (Some(new), fate) => {
            found.add(
                &RENAMED,
                changed,
                format!("becomes `{}`: all that it made is deleted and made anew{}", new.name, fate.words()),
            );
        }
        (None, Fate::Kept) => found.add(&ORPHANED, changed, "is removed; what it made stays in the cluster"),
        (None, fate) => {
            found.add(&REMOVED, changed, format!("is removed, and all that it made is deleted{}", fate.words()))
        }
    }
}

fn modified(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    if let Some(sides) = changed.differs(&["spec", "project"]) {
        found.named(&PROJECT, changed, "spec.project", arrow(sides));
    }
    for (old, new) in pairs(before, after) {
        let at = |path: &[&str]| (old.at(path), new.at(path));
        let release = at(&["helm", "releaseName"]);
        if release.0 != release.1 {
            found.named(&RELEASE, changed, "helm.releaseName", arrow(release));
        }
        for key in ["kubeVersion", "apiVersions", "skipCrds"] {
            let sides = at(&["helm", key]);
            if sides.0 != sides.1 {
                found.named(&PARAMETERS, changed, &format!("helm.{key}"), arrow(sides));
            }
        }
    }
}

/// The sources of both sides that render the same chart.
pub(super) fn pairs<'a>(before: &'a Node, after: &'a Node) -> Vec<(&'a Node, &'a Node)> {
    let new = sources(after);
    let chart = |source: &'_ Node| source.get("chart").and_then(Node::as_str).map(str::to_owned);
    sources(before)
        .into_iter()
        .filter_map(|old| {
            let name = chart(old)?;
            Some((old, *new.iter().find(|source| chart(source).as_deref() == Some(&name))?))
        })
        .collect()
}
