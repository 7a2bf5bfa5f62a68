//! What providers publish, against the contracts of capabilities.

use std::sync::Arc;

use super::Platform;
use crate::diagnostic::{Diagnostic, Sink, codes::resolution};
use crate::source::Capability;
use crate::types;
use crate::yaml::{Map, Node, Span, Value};

/// Published fields against the contract; absent optional fields become `none`.
pub(super) fn contract(
    name: &str,
    provides: Span,
    value: &Node,
    capability: &Capability,
    failed: bool,
    sink: &mut Sink,
) -> Node {
    let title = &capability.metadata.name.text;
    let Some(map) = value.as_map() else {
        let message =
            format!("`{name}` must publish a map of fields for `{title}`, this is {}", value.value.type_name());
        sink.push(Diagnostic::error(&resolution::CONTRACT, provides, message));
        return Node::map([]);
    };
    for key in map.keys().filter(|key| !capability.contract.contains_key(&*key.text)) {
        sink.push(
            Diagnostic::error(
                &resolution::CONTRACT,
                key.span,
                format!("the contract of `{title}` has no field `{}`", key.text),
            )
            .here(format!("`{name}` publishes it here"))
            .label(capability.metadata.name.span, "the contract")
            .suggest(&key.text, capability.contract.keys().map(|k| &*k.text)),
        );
    }
    let mut facts = Map::default();
    for (field, spec) in &capability.contract {
        let default = || spec.default.as_ref().and_then(|d| d.as_literal().cloned());
        let fact = match map.get(&*field.text) {
            Some(given) if matches!(given.value, Value::Null) && !spec.required => given.clone(),
            Some(given) => types::check(given, spec, &format!("{name}.provides.{title}.{}", field.text), sink),
            None => default().unwrap_or_else(|| {
                if spec.required && !failed {
                    sink.push(
                        Diagnostic::error(
                            &resolution::CONTRACT,
                            provides,
                            format!(
                                "`{name}` does not publish `{}`, which the contract of `{title}` requires",
                                field.text
                            ),
                        )
                        .here("published fields")
                        .label(field.span, "required here"),
                    );
                }
                Node::new(Value::Null, provides)
            }),
        };
        facts.insert(field.clone(), fact);
    }
    Node::new(Value::Map(Arc::new(facts)), value.span)
}

/// Optional fields that a consumer needs must be published.
pub(super) fn wanted_fields(platform: &Platform<'_>, sink: &mut Sink) {
    for instance in &platform.instances {
        for (want, _) in instance.source.component.wants() {
            let capability = &want.capability.text;
            let Some(provider) = platform.provider(capability) else { continue };
            let Some(contract) = platform.program.capabilities.get(capability) else { continue };
            for field in &want.fields {
                if !contract.contract.contains_key(&*field.text) {
                    sink.push(
                        Diagnostic::error(
                            &resolution::CONTRACT,
                            field.span,
                            format!("the contract of `{capability}` has no field `{}`", field.text),
                        )
                        .label(contract.metadata.name.span, "the contract")
                        .suggest(&field.text, contract.contract.keys().map(|k| &*k.text)),
                    );
                    continue;
                }
                let fact = provider.published.get(capability).and_then(|f| f.get(&field.text));
                if fact.is_none_or(|f| matches!(f.value, Value::Null)) {
                    let place =
                        provider.source.component.provides_key(capability).map_or(Span::BUILT_IN, |(k, _)| k.span);
                    sink.push(
                        Diagnostic::error(
                            &resolution::CONTRACT,
                            field.span,
                            format!(
                                "`{}` needs `{}` of `{capability}`, and `{}` does not publish it",
                                instance.name, field.text, provider.name
                            ),
                        )
                        .here("needed here")
                        .label(place, format!("`{}` publishes these fields", provider.name)),
                    );
                }
            }
        }
    }
}
