//! Volumes, and how long data is kept on them.

use super::changed::Changed;
use super::quantity::{quantity, seconds};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::keys::KeyDiff;
use crate::yaml::{Node, Value};

const DISABLED: Rule = Rule {
    id: "persistence-disabled",
    level: Level::DataLoss,
    title: "data is no longer kept on a volume",
    advice: "Where a chart makes a volume claim of this value, the claim is deleted, and what is written from now on goes with the pod.",
};

const RECLAIM: Rule = Rule {
    id: "reclaim-delete",
    level: Level::DataLoss,
    title: "volumes are deleted with their claims",
    advice: "The reclaim policy was Retain. From now on deleting a claim deletes its data.",
};

const RETENTION: Rule = Rule {
    id: "retention-shortened",
    level: Level::DataLoss,
    title: "data is kept for a shorter time",
    advice: "What is older than that is deleted soon after the sync.",
};

const SHRUNK: Rule = Rule {
    id: "storage-shrunk",
    level: Level::Outage,
    title: "volume is asked to shrink",
    advice: "Kubernetes refuses to shrink a volume claim: the sync fails. To get there, make a new claim and copy the data.",
};

const CLASS: Rule = Rule {
    id: "storage-class-changed",
    level: Level::Outage,
    title: "volume claim asks for another storage class",
    advice: "The storage class of a claim cannot be changed: where the claim is there already, the sync fails. Data does not move by itself.",
};

const TEMPLATE: Rule = Rule {
    id: "claim-template-changed",
    level: Level::Outage,
    title: "volume claim template of a StatefulSet changes",
    advice: "The API server refuses it: the sync fails. Delete the StatefulSet with `--cascade=orphan` first; claims that are there \
             have to be changed one by one.",
};

const CLAIM: Rule = Rule {
    id: "claim-changed",
    level: Level::Outage,
    title: "pods use another volume claim",
    advice: "What is in the old claim stays there. Copy the data before.",
};

const GROWN: Rule = Rule {
    id: "storage-grown",
    level: Level::Info,
    title: "volume grows",
    advice: "It grows only if its storage class has `allowVolumeExpansion: true`; else the sync fails. It cannot shrink again.",
};

pub(super) const RULES: &[&Rule] = &[&DISABLED, &RECLAIM, &RETENTION, &SHRUNK, &CLASS, &TEMPLATE, &CLAIM, &GROWN];

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.both().is_none() || !changed.has_settings() {
        return;
    }
    if changed.is("apps", &["StatefulSet"]) && changed.differs(&["spec", "volumeClaimTemplates"]).is_some() {
        let keys: Vec<&KeyDiff> =
            changed.leaves().iter().filter(|key| key.starts(&["spec", "volumeClaimTemplates"])).collect();
        let what = match keys[..] {
            [key] => changed.arrow(key),
            _ => "is another one".to_owned(),
        };
        found.named(&TEMPLATE, changed, "spec.volumeClaimTemplates", what);
        return;
    }
    for key in changed.leaves() {
        size(changed, key, found);
        class(changed, key, found);
        switch(changed, key, found);
        retention(changed, key, found);
    }
}

/// Keys of values and custom resources under which charts describe volumes.
fn is_about_volumes(key: &KeyDiff) -> bool {
    const WORDS: [&str; 4] = ["persist", "volume", "storage", "pvc"];
    key.names().any(|name| {
        let name = name.to_ascii_lowercase();
        WORDS.iter().any(|word| name.contains(word))
    })
}

fn size(changed: &Changed<'_>, key: &KeyDiff, found: &mut Found) {
    let named = match key.last() {
        "storage" | "storageSize" | "diskSize" | "volumeSize" => true,
        "size" => is_about_volumes(key),
        _ => false,
    };
    let sizes = key.before.as_ref().and_then(quantity).zip(key.after.as_ref().and_then(quantity));
    let Some((old, new)) = sizes.filter(|_| named) else { return };
    // Bare small numbers are counts (shards, replicas), not sizes in bytes.
    if old < 1024.0 || new < 1024.0 {
        return;
    }
    if new < old {
        found.at(&SHRUNK, changed, key, changed.arrow(key));
    } else if new > old {
        found.at(&GROWN, changed, key, changed.arrow(key));
    }
}

fn class(changed: &Changed<'_>, key: &KeyDiff, found: &mut Found) {
    let is_class = matches!(key.last(), "storageClassName" | "storageClass");
    let is_text =
        |node: &Option<Node>| node.as_ref().is_none_or(|n| n.as_str().is_some() || matches!(n.value, Value::Null));
    if is_class && is_text(&key.before) && is_text(&key.after) {
        found.at(&CLASS, changed, key, changed.arrow(key));
    }
    if matches!(key.last(), "existingClaim" | "claimName") {
        found.at(&CLAIM, changed, key, changed.arrow(key));
    }
}

fn switch(changed: &Changed<'_>, key: &KeyDiff, found: &mut Found) {
    let bool =
        |node: &Option<Node>| node.as_ref().and_then(|n| if let Value::Bool(b) = n.value { Some(b) } else { None });
    if key.last() == "enabled"
        && key.names().rev().nth(1).is_some_and(is_persistence)
        && bool(&key.before) == Some(true)
        && bool(&key.after) == Some(false)
    {
        found.at(&DISABLED, changed, key, changed.arrow(key));
    }
    let is_policy =
        matches!(key.last(), "reclaimPolicy" | "persistentVolumeReclaimPolicy" | "whenDeleted" | "whenScaled");
    if is_policy && key.old_text() == Some("Retain") && key.new_text() == Some("Delete") {
        found.at(&RECLAIM, changed, key, changed.arrow(key));
    }
}

fn is_persistence(name: &str) -> bool {
    matches!(
        name,
        "persistence" | "persistentVolume" | "persistentVolumeClaim" | "pvc" | "dataStorage" | "auditStorage"
    )
}

fn retention(changed: &Changed<'_>, key: &KeyDiff, found: &mut Found) {
    let shorter = match key.last() {
        "retention" | "retentionPeriod" | "retention_period" | "retentionTime" | "ttl" => {
            let times = key.before.as_ref().and_then(seconds).zip(key.after.as_ref().and_then(seconds));
            times.is_some_and(|(old, new)| new < old && new > 0.0)
        }
        "retentionSize" => {
            let size = |node: &Option<Node>| {
                node.as_ref().and_then(Node::as_str).and_then(|t| quantity(&Node::str(t.trim_end_matches('B'))))
            };
            size(&key.before).zip(size(&key.after)).is_some_and(|(old, new)| new < old)
        }
        _ => false,
    };
    // A DNS record's or a cache's time to live deletes nothing.
    let is_ttl_of_backups =
        key.last() != "ttl" || changed.group() == "velero.io" || key.below(&["schedules", "template"]);
    if shorter && is_ttl_of_backups {
        found.at(&RETENTION, changed, key, changed.arrow(key));
    }
}
