//! How Argo CD syncs: guards, order, and what it may delete.

use super::application::is_application;
use super::changed::{Changed, list, texts, without, words};
use super::deletion::annotation;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::{Node, Value};

const GUARD: Rule = Rule {
    id: "guard-removed",
    level: Level::DataLoss,
    title: "guard against deletion is taken away",
    advice: "Until now Argo CD kept the object or asked before deleting it. From now on it deletes without asking.",
};

const REPLACE: Rule = Rule {
    id: "replace-added",
    level: Level::Outage,
    title: "objects are replaced instead of updated",
    advice: "`Replace=true` puts whole objects in place of what is there, and what controllers wrote into them is lost; with `Force=true` \
             they are deleted first. Give the option to the one object that needs it.",
};

const PRUNE_ON: Rule = Rule {
    id: "prune-on",
    level: Level::Outage,
    title: "automatic pruning is switched on",
    advice: "What the Application once made and Git no longer has is deleted at the next sync. Look at what that is before.",
};

const PRUNE_OFF: Rule = Rule {
    id: "automation-off",
    level: Level::Info,
    title: "Argo CD does less by itself",
    advice: "Somebody has to sync, or prune, by hand from now on.",
};

const CASCADE: Rule = Rule {
    id: "finalizer-added",
    level: Level::Info,
    title: "deleting the Application will delete what it made",
    advice: "That is what the finalizer is for; see that it is meant for an Application that holds data.",
};

const NO_CASCADE: Rule = Rule {
    id: "finalizer-removed",
    level: Level::Info,
    title: "deleting the Application will leave what it made",
    advice: "Objects then run on with nobody to manage them.",
};

const WAVE: Rule = Rule {
    id: "wave-changed",
    level: Level::Info,
    title: "sync wave changes",
    advice: "It is synced in another order. Within a running Application that matters only for what is synced together.",
};

const OPTIONS: Rule = Rule {
    id: "sync-options-changed",
    level: Level::Info,
    title: "sync options change",
    advice: "Argo CD applies the objects in another way. See its documentation on sync options.",
};

pub(super) const RULES: &[&Rule] = &[&GUARD, &REPLACE, &PRUNE_ON, &PRUNE_OFF, &CASCADE, &NO_CASCADE, &WAVE, &OPTIONS];

/// Options that keep Argo CD from deleting.
const GUARDS: [&str; 4] = ["Delete=confirm", "Delete=false", "Prune=confirm", "Prune=false"];
const REPLACES: [&str; 2] = ["Force=true", "Replace=true"];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both() else { return };
    let wave = |node| annotation(node, "argocd.argoproj.io/sync-wave").unwrap_or("0");
    if changed.id.is_some() && wave(before) != wave(after) {
        found.add(&WAVE, changed, format!("wave {} → {}", wave(before), wave(after)));
    }
    let own = |node| {
        let text = annotation(node, "argocd.argoproj.io/sync-options").unwrap_or_default();
        text.split(',').map(|o| o.trim().to_owned()).filter(|o| !o.is_empty()).collect::<Vec<_>>()
    };
    options(changed, &own(before), &own(after), found);
    if is_application(changed) {
        let path = ["spec", "syncPolicy", "syncOptions"];
        options(changed, &texts(Some(before), &path), &texts(Some(after), &path), found);
        automation(changed, before, after, found);
        finalizers(changed, before, after, found);
    }
}

fn options(changed: &Changed<'_>, before: &[String], after: &[String], found: &mut Found) {
    let (gone, came) = (without(before, after), without(after, before));
    let is = |table: &[&str], option: &String| table.contains(&option.as_str());
    // A stronger guard may take the place of a weaker one.
    let strongest = |verb: &str| after.iter().any(|o| o.starts_with(verb) && is(&GUARDS, o));
    let lost: Vec<String> = gone
        .iter()
        .filter(|option| is(&GUARDS, option))
        .filter(|option| !option.split_once('=').is_some_and(|(verb, how)| how == "confirm" && strongest(verb)))
        .cloned()
        .collect();
    let replaces: Vec<String> = came.iter().filter(|option| is(&REPLACES, option)).cloned().collect();
    if !lost.is_empty() {
        found.add(&GUARD, changed, format!("no longer has {}", list(&lost)));
    }
    if !replaces.is_empty() {
        found.add(&REPLACE, changed, format!("has {} now", list(&replaces)));
    }
    let others =
        |names: &[String]| names.iter().filter(|o| !is(&GUARDS, o) && !is(&REPLACES, o)).cloned().collect::<Vec<_>>();
    match (&others(&gone)[..], &others(&came)[..]) {
        ([], []) => {}
        ([], came) => found.add(&OPTIONS, changed, format!("has {} now", list(came))),
        (gone, []) => found.add(&OPTIONS, changed, format!("no longer has {}", list(gone))),
        (gone, came) => found.add(&OPTIONS, changed, format!("has {} instead of {}", list(came), list(gone))),
    }
}

fn automation(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    let on = |node: &Node, key: &str| {
        node.at(&["spec", "syncPolicy", "automated", key]).is_some_and(|n| matches!(n.value, Value::Bool(true)))
    };
    match (on(before, "prune"), on(after, "prune")) {
        (false, true) => found.named(&PRUNE_ON, changed, "spec.syncPolicy.automated.prune", "is on now"),
        (true, false) => {
            found.named(&PRUNE_OFF, changed, "spec.syncPolicy.automated.prune", "no longer prunes by itself")
        }
        _ => {}
    }
    let automated = |node: &Node| node.at(&["spec", "syncPolicy", "automated"]).is_some();
    if automated(before) && !automated(after) {
        found.named(&PRUNE_OFF, changed, "spec.syncPolicy.automated", "no longer syncs by itself");
    } else if on(before, "selfHeal") && !on(after, "selfHeal") {
        found.named(&PRUNE_OFF, changed, "spec.syncPolicy.automated.selfHeal", "no longer undoes changes by hand");
    }
}

fn finalizers(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    let cascades = |node| {
        texts(Some(node), &["metadata", "finalizers"])
            .iter()
            .any(|f| f.starts_with("resources-finalizer.argocd.argoproj.io"))
    };
    match (cascades(before), cascades(after)) {
        (false, true) => {
            found.named(&CASCADE, changed, "metadata.finalizers", words(after.at(&["metadata", "finalizers"])))
        }
        (true, false) => found.named(&NO_CASCADE, changed, "metadata.finalizers", "no longer has the finalizer"),
        _ => {}
    }
}
