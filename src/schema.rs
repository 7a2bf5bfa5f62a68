//! JSON Schemas of the sources, for editors. They come from the same declarations that read the sources.

use serde_json::{Map, Value as Json, json};

use crate::decode::{Decode, Definitions};
use crate::layer::{Cluster, GitOps};
use crate::source::{Architecture, Capability, Component, Overlay};

/// The kinds that have a schema, by the name of their file.
pub const KINDS: [&str; 4] = ["architecture", "capability", "component", "overlay"];

/// The JSON Schema (2020-12) of a kind; none where there is no such kind.
pub fn schema(kind: &str) -> Option<Json> {
    let mut definitions = Definitions::new();
    let (reference, kinds): (Json, &[&str]) = match kind {
        "architecture" => (Architecture::schema(&mut definitions), &["Architecture"]),
        "capability" => (Capability::schema(&mut definitions), &["Capability"]),
        "component" => (Component::schema(&mut definitions), &["Component"]),
        "overlay" => (overlay(&mut definitions), &["Overlay", "Environment"]),
        _ => return None,
    };
    header(&mut definitions, &reference, kinds);
    let mut names: Vec<String> = definitions.keys().cloned().collect();
    names.sort();
    let sorted: Map<String, Json> = names.into_iter().filter_map(|name| definitions.remove_entry(&name)).collect();
    Some(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("stackgen {kind}"),
        "$ref": reference["$ref"],
        "$defs": sorted,
    }))
}

/// Facts of the cluster and of git stand in several layers, so that no layer alone must have all of them.
fn overlay(definitions: &mut Definitions) -> Json {
    let reference = Overlay::schema(definitions);
    let parts =
        [("cluster", "Cluster", Cluster::schema(definitions)), ("gitops", "GitOps", GitOps::schema(definitions))];
    for (key, name, part) in parts {
        if let Some(definition) = definitions.get_mut(name).and_then(Json::as_object_mut) {
            definition.remove("required");
        }
        if let Some(property) =
            definitions.get_mut("Overlay").and_then(|o| o.pointer_mut(&format!("/properties/{key}")))
        {
            property["$ref"] = part["$ref"].clone();
        }
    }
    reference
}

/// `apiVersion` and `kind` take one value each, which the reader looks at before all else.
fn header(definitions: &mut Definitions, reference: &Json, kinds: &[&str]) {
    let name = reference["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let Some(definition) = definitions.get_mut(name) else { return };
    if let Some(properties) = definition.get_mut("properties") {
        properties["apiVersion"] = json!({ "const": crate::source::API_VERSION });
        properties["kind"] = json!({ "enum": kinds });
    }
    if let Some(required) = definition.get_mut("required").and_then(Json::as_array_mut) {
        required.retain(|key| key != "apiVersion" && key != "kind");
        required.splice(0..0, [json!("apiVersion"), json!("kind")]);
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, schema};

    #[test]
    fn every_kind_has_a_schema_whose_references_lead_somewhere() {
        for kind in KINDS {
            let schema = schema(kind).unwrap_or_default();
            let text = schema.to_string();
            let definitions = schema["$defs"].as_object().cloned().unwrap_or_default();
            assert!(!definitions.is_empty(), "{kind}");
            assert!(definitions.values().all(|d| d.is_object()), "{kind}: a record was met but never described");
            for reference in text.split("\"#/$defs/").skip(1) {
                let name = reference.split('"').next().unwrap_or_default();
                assert!(definitions.contains_key(name), "{kind}: {name}");
            }
        }
        assert!(schema("nothing").is_none());
    }
}
