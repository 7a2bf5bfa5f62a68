//! Versions of charts, and where they come from.

use std::cmp::Ordering;

use super::application::{is_application, pairs};
use super::changed::{Changed, arrow, words};
use super::scene::{Scene, sources};
use super::{Found, Level, Rule};
use crate::semver::Version;
use crate::yaml::Node;

const MAJOR: Rule = Rule {
    id: "chart-major",
    level: Level::Outage,
    title: "chart has another major version",
    advice: "A major version may break: read the chart's notes on upgrading. Values may mean something else now, and some upgrades \
             need steps by hand.",
};

const DOWNGRADE: Rule = Rule {
    id: "chart-downgrade",
    level: Level::Outage,
    title: "chart goes back to an older version",
    advice: "Programs seldom read data that a newer version has written. See that this one does.",
};

const MINOR: Rule = Rule {
    id: "chart-minor",
    level: Level::Restart,
    title: "chart has another minor version",
    advice: "Expect other images, so pods start anew. What the new version renders is not in this diff.",
};

const PATCH: Rule = Rule {
    id: "chart-patch",
    level: Level::Restart,
    title: "chart has another patch version",
    advice: "Expect other images, so pods start anew. What the new version renders is not in this diff.",
};

const REPLACED: Rule = Rule {
    id: "chart-replaced",
    level: Level::DataLoss,
    title: "chart gives way to another chart",
    advice: "What the old chart made and the new one does not is deleted, volume claims too. Compare what both render.",
};

const SOURCE: Rule = Rule {
    id: "chart-source-changed",
    level: Level::Security,
    title: "chart or manifests come from another place",
    advice: "See that you trust the place, and that it has the same bytes.",
};

const REVISION: Rule = Rule {
    id: "revision-changed",
    level: Level::Info,
    title: "Application follows another revision or folder",
    advice: "What that revision or folder holds is not in this diff.",
};

pub(super) const RULES: &[&Rule] = &[&REPLACED, &MAJOR, &DOWNGRADE, &SOURCE, &MINOR, &PATCH, &REVISION];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both().filter(|_| is_application(changed)) else { return };
    let (old, new) = (charts(before), charts(after));
    match (
        &old.iter().filter(|c| !new.contains(c)).collect::<Vec<_>>()[..],
        &new.iter().filter(|c| !old.contains(c)).collect::<Vec<_>>()[..],
    ) {
        ([], _) | (_, []) => {}
        (gone, came) => {
            let name = |charts: &[&&str]| charts.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ");
            found.named(&REPLACED, changed, "chart", format!("{} → {}", name(gone), name(came)));
        }
    }
    for (old, new) in pairs(before, after) {
        if old.get("repoURL") != new.get("repoURL") {
            found.named(&SOURCE, changed, "repoURL", arrow((old.get("repoURL"), new.get("repoURL"))));
        }
        version(changed, (old.get("targetRevision"), new.get("targetRevision")), found);
    }
    folders(changed, before, after, found);
}

fn charts(application: &Node) -> Vec<&str> {
    sources(application).into_iter().filter_map(|source| source.get("chart")?.as_str()).collect()
}

fn version(changed: &Changed<'_>, (old, new): (Option<&Node>, Option<&Node>), found: &mut Found) {
    if old == new {
        return;
    }
    let parse = |node: Option<&Node>| node.and_then(Node::as_str).and_then(Version::parse);
    let rule = match (parse(old), parse(new)) {
        (Some(a), Some(b)) if b.cmp(&a) == Ordering::Less => &DOWNGRADE,
        // Before 1.0.0 a minor version may break as well.
        (Some(a), Some(b)) if a.numbers[0] != b.numbers[0] || (a.numbers[0] == 0 && a.numbers[1] != b.numbers[1]) => {
            &MAJOR
        }
        (Some(a), Some(b)) if a.numbers[1] != b.numbers[1] => &MINOR,
        (Some(_), Some(_)) => &PATCH,
        _ => &REVISION,
    };
    found.named(rule, changed, "targetRevision", format!("{} → {}", words(old), words(new)));
}

/// Sources without a chart: folders of Git repositories, in order.
fn folders(changed: &Changed<'_>, before: &Node, after: &Node, found: &mut Found) {
    let of =
        |application| sources(application).into_iter().filter(|s: &&Node| s.get("chart").is_none()).collect::<Vec<_>>();
    for (old, new) in of(before).into_iter().zip(of(after)) {
        if old.get("repoURL") != new.get("repoURL") {
            found.named(&SOURCE, changed, "repoURL", arrow((old.get("repoURL"), new.get("repoURL"))));
        }
        for key in ["targetRevision", "path"] {
            if old.get(key) != new.get(key) && old.get(key).is_some() {
                found.named(&REVISION, changed, key, arrow((old.get(key), new.get(key))));
            }
        }
    }
}
