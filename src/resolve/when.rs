//! Components that say themselves whether they stand.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Platform;
use crate::diagnostic::{Diagnostic, Sink, codes::shape};
use crate::yaml::Value;

/// Drops the components whose `when` is false. One that fills a capability stays: others have read its facts by now.
pub(super) fn drop_what_does_not_stand(platform: &mut Platform<'_>, sink: &mut Sink) {
    let mut gone: BTreeSet<Arc<str>> = BTreeSet::new();
    for instance in platform.instances.iter().filter(|i| i.fills.is_empty()) {
        let Some(template) = &instance.source.component.when else { continue };
        let Some(node) = template.evaluate(&instance.scope, sink) else { continue };
        match node.value {
            Value::Bool(true) => {}
            Value::Bool(false) => {
                gone.insert(instance.name.clone());
            }
            other => {
                let message = format!("`when` must be true or false, this is {}", other.type_name());
                sink.push(Diagnostic::error(&shape::WRONG_TYPE, template.span(), message));
            }
        }
    }
    if gone.is_empty() {
        return;
    }
    for provider in platform.providers.values_mut() {
        let before = platform.instances[..provider.instance].iter().filter(|i| gone.contains(&i.name));
        provider.instance -= before.count();
    }
    platform.instances.retain(|i| !gone.contains(&i.name));
}
