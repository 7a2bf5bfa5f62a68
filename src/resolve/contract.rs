//! What providers publish, against the contracts of capabilities.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Instance, Platform};
use crate::decode::Text;
use crate::diagnostic::{Diagnostic, Sink, codes::resolution};
use crate::source::{Capability, Component};
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
            for field in want.fields.iter().filter(|field| !contract.contract.contains_key(&*field.text)) {
                sink.push(
                    Diagnostic::error(
                        &resolution::CONTRACT,
                        field.span,
                        format!("the contract of `{capability}` has no field `{}`", field.text),
                    )
                    .label(contract.metadata.name.span, "the contract")
                    .suggest(&field.text, contract.contract.keys().map(|k| &*k.text)),
                );
            }
            let known = |field: &&Text| contract.contract.contains_key(&*field.text);
            let lacking: Vec<&Text> = want
                .fields
                .iter()
                .filter(known)
                .filter(|field| lacks(&provider.published, capability, field))
                .collect();
            let Some((first, more)) = lacking.split_first() else { continue };
            let place = provider.source.component.provides_key(capability).map_or(Span::BUILT_IN, |(k, _)| k.span);
            let names: Vec<String> = lacking.iter().map(|field| format!("`{}`", field.text)).collect();
            let found = Diagnostic::error(
                &resolution::CONTRACT,
                first.span,
                format!(
                    "`{}` needs {} of `{capability}`, and `{}` does not publish {}",
                    instance.name,
                    names.join(" and "),
                    provider.name,
                    if more.is_empty() { "it" } else { "them" }
                ),
            )
            .here("needed here");
            let found = more.iter().fold(found, |found, field| found.label(field.span, "and here"));
            sink.push(
                found
                    .label(place, format!("`{}` publishes these fields", provider.name))
                    .help(what_to_do(platform, instance, capability)),
            );
        }
    }
}

fn lacks(published: &BTreeMap<Arc<str>, Node>, capability: &str, field: &Text) -> bool {
    let fact = published.get(capability).and_then(|facts| facts.get(&field.text));
    fact.is_none_or(|fact| matches!(fact.value, Value::Null))
}

/// Whether a component needs optional fields of a capability that its provider does not publish.
pub(super) fn lacks_fields(
    platform: &Platform<'_>,
    instance: usize,
    capability: &str,
    published: &BTreeMap<Arc<str>, Node>,
) -> bool {
    let mut wants = platform.instances[instance].source.component.wants();
    wants.any(|(want, _)| {
        &*want.capability.text == capability && want.fields.iter().any(|field| lacks(published, capability, field))
    })
}

/// Where a provider has not what a consumer needs: who could stand in for the consumer, or how to do without it.
fn what_to_do(platform: &Platform<'_>, consumer: &Instance<'_>, capability: &str) -> String {
    let without = format!("choose another provider of `{capability}`");
    for filled in &consumer.fills {
        let offers = |component: &Component| component.provides_key(filled).is_some();
        let other =
            platform.program.components.iter().find(|(name, c)| **name != consumer.name && offers(&c.component));
        if let Some((other, _)) = other {
            return format!("{without}, or of `{filled}`, such as `select: {{ {filled}: {other} }}`");
        }
    }
    format!("{without}, or do without `{}`: `components: {{ {}: {{ enabled: false }} }}`", consumer.name, consumer.name)
}
