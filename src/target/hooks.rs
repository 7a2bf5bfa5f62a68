//! The hooks of rendered charts, as steps.

use std::fmt::Write as _;

use super::file_name;
use crate::render::{HOOK, Object, Place, Unit};
use crate::template::shell_quote;
use crate::yaml::Node;

/// The hooks of an event in their order. Others, such as those that clean up before a deletion, must not run here.
pub(super) fn steps(unit: &Unit, event: &str) -> String {
    let runs = |object: &&Object| {
        let events = annotation(object, HOOK).unwrap_or_default();
        object.place == Place::Hooks && events.split(',').any(|known| known.trim() == event)
    };
    let mut found: Vec<&Object> = unit.objects.iter().filter(runs).collect();
    let weight = |object: &Object| annotation(object, "helm.sh/hook-weight").and_then(|w| w.parse::<i64>().ok());
    // What runs comes after what it needs in the same turn.
    found.sort_by_key(|object| (weight(object).unwrap_or(0), end(object).is_some(), object.title()));
    let mut body = String::new();
    for object in found {
        let file = format!("components/{}/manifests/hooks/{}", unit.name, file_name(unit, object));
        let file = shell_quote(&file);
        let named = object.node.at(&["metadata", "name"]).is_some();
        let _ = match (named, end(object)) {
            (true, None) => writeln!(body, "kubectl apply --server-side --force-conflicts --filename {file}"),
            (true, Some(end)) => writeln!(
                body,
                "kubectl apply --server-side --force-conflicts --filename {file}\nkubectl wait --for={end} --timeout=10m --filename {file}"
            ),
            // Argo CD, too, makes one at each sync. This one is not Argo CD's: nobody else would remove it.
            (false, Some(end)) => {
                let space = object.namespace.as_deref().map(|name| format!(" --namespace {}", shell_quote(name)));
                let space = space.unwrap_or_default();
                writeln!(
                    body,
                    "made=$(kubectl create --output name --filename {file})\nkubectl wait --for={end} --timeout=10m{space} \"$made\"\nkubectl delete{space} \"$made\""
                )
            }
            // Each run would leave another one, and its first sync makes it anyway.
            (false, None) => Ok(()),
        };
    }
    body
}

fn annotation(object: &Object, key: &str) -> Option<String> {
    object.node.at(&["metadata", "annotations", key]).and_then(Node::as_str).map(str::to_owned)
}

/// What to wait for, where a hook is something that runs.
fn end(object: &Object) -> Option<&'static str> {
    match &*object.kind {
        "Job" => Some("condition=Complete"),
        "Pod" => Some("jsonpath='{.status.phase}'=Succeeded"),
        _ => None,
    }
}
