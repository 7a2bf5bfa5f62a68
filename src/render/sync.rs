//! How Argo CD syncs an Application: the blueprint's word, changed by the layers.

use std::sync::Arc;

use super::Object;
use crate::kubernetes;
use crate::resolve::{Instance, Platform};
use crate::source::Deletion;
use crate::yaml::Node;

/// How Argo CD syncs an Application.
#[derive(Clone, Debug)]
pub struct SyncRules {
    /// Server-side apply.
    pub server_side_apply: bool,
    /// What deleting the Application does.
    pub deletion: Deletion,
    /// Differences that are not ours to mend.
    pub ignore_differences: Vec<Node>,
    /// Further sync options.
    pub options: Vec<Arc<str>>,
    /// Whether kinds occur that a cluster does not have from the start.
    pub custom_resources: bool,
}

impl SyncRules {
    /// The rules of objects that stackgen makes by itself.
    pub(super) fn for_objects(objects: &[Object]) -> Self {
        SyncRules {
            server_side_apply: false,
            deletion: Deletion::Cascade,
            ignore_differences: Vec::new(),
            options: Vec::new(),
            custom_resources: objects.iter().any(|o| !kubernetes::is_own_group(o.group())),
        }
    }
}

pub(super) fn rules(platform: &Platform<'_>, instance: &Instance<'_>, objects: &[Object]) -> SyncRules {
    let mut rules = SyncRules::for_objects(objects);
    let component = &instance.source.component;
    // A chart may render custom resources that nobody here sees.
    rules.custom_resources |=
        component.chart.as_ref().is_some_and(|c| c.api_versions.is_some()) || component.kustomize.is_some();
    if let Some(sync) = &component.sync {
        rules.server_side_apply = sync.server_side_apply;
        rules.deletion = sync.deletion;
        rules.ignore_differences.clone_from(&sync.ignore_differences);
        rules.options.extend(sync.options.iter().map(|o| o.text.clone()));
    }
    let patches = instance.layered(&platform.settings).into_iter().flat_map(|l| &l.patches);
    for patch in patches.filter_map(|p| p.sync.as_ref()) {
        rules.server_side_apply = patch.server_side_apply.unwrap_or(rules.server_side_apply);
        rules.deletion = patch.deletion.unwrap_or(rules.deletion);
        rules.ignore_differences.extend(patch.ignore_differences.iter().cloned());
        rules.options.extend(patch.options.iter().map(|o| o.text.clone()));
    }
    rules
}
