//! What layers say of a component, against what it declares.

use super::Instance;
use crate::diagnostic::{Diagnostic, Sink, codes::layers, codes::resolution};
use crate::layer::Settings;

/// Reports parameters that a layer sets and the component does not declare.
pub(super) fn declared(own: &Instance<'_>, settings: &Settings<'_>, sink: &mut Sink) {
    let declared = &own.source.component.parameters;
    for patch in own.layered(settings).into_iter().flat_map(|l| &l.patches) {
        for key in patch.parameters.keys().filter(|key| !declared.contains_key(&*key.text)) {
            sink.push(
                Diagnostic::error(
                    &resolution::UNKNOWN_PARAMETER,
                    key.span,
                    format!("`{}` has no parameter `{}`", own.name, key.text),
                )
                .here("set here")
                .suggest(&key.text, declared.keys().map(|k| &*k.text)),
            );
        }
    }
    if own.source.values.is_none() && own.chart.is_none() {
        for patch in own.layered(settings).into_iter().flat_map(|l| &l.patches) {
            if let Some(values) = &patch.values {
                let message =
                    format!("`{}` is not delivered by a chart, so that there are no values to patch", own.name);
                sink.push(Diagnostic::error(&layers::PATCH_NOTHING, values.span(), message));
            }
        }
    }
}
