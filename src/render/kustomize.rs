//! The kustomizations of a component.

use crate::decode::{Context, Decode, Text};
use crate::diagnostic::{Diagnostic, Sink, codes::shape};
use crate::resolve::Instance;
use crate::source::KustomizeBase;

pub(super) fn bases(instance: &Instance<'_>, sink: &mut Sink) -> Vec<KustomizeBase> {
    let Some(kustomize) = &instance.source.component.kustomize else { return Vec::new() };
    if kustomize.path.is_none() && kustomize.bases.is_none() {
        sink.push(
            Diagnostic::error(&shape::MISSING_KEY, kustomize.span, "the key `path` is missing")
                .here("`path`, or `bases`, belongs in this map"),
        );
    }
    let nodes = kustomize.bases.iter().flat_map(|t| t.evaluate_items(&instance.scope, sink)).collect::<Vec<_>>();
    let changed = nodes.iter().filter_map(|node| KustomizeBase::decode(node, &mut Context { text: "", sink }));
    let plain = kustomize.path.iter().map(|path| plain(path.clone()));
    plain.chain(changed.collect::<Vec<_>>()).collect()
}

fn plain(path: Text) -> KustomizeBase {
    KustomizeBase {
        span: path.span,
        path,
        namespace: None,
        components: Vec::new(),
        images: Vec::new(),
        patches: Vec::new(),
    }
}
