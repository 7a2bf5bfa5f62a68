//! Where each `$ref` leads.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ptr::from_ref;
use std::sync::Arc;

use super::draft::Draft;
use super::location::{decoded, join, split};
use crate::helm::data::Data;
use crate::helm::table::Table;

/// The URL that Helm gives a chart's schema.
const ROOT: &str = "file:///values.schema.json";

/// A schema's place in memory, which stays where it is while values are checked.
type At = *const Data;

/// The schemas that references lead to. Those on other hosts are not there: they are not looked at.
#[derive(Debug, Default)]
pub(super) struct References<'s> {
    targets: HashMap<At, &'s Data>,
}

impl<'s> References<'s> {
    /// Follows all references that can be reached.
    ///
    /// # Errors
    /// One that leads to nothing, in the validator's words.
    pub(super) fn of(root: &'s Data, draft: Draft) -> Result<Self, String> {
        if !refers(root) {
            return Ok(References::default());
        }
        let mut index = Index { draft, resources: BTreeMap::new(), anchors: HashMap::new(), bases: HashMap::new() };
        index.resources.insert(Arc::from(ROOT), (root, String::new()));
        index.collect(root, &Arc::from(ROOT), String::new());
        let mut targets = HashMap::new();
        let mut seen = HashSet::from([from_ref(root)]);
        let mut open = vec![(root, String::new())];
        while let Some((schema, pointer)) = open.pop() {
            let Data::Map(map) = schema else { continue };
            let reference = map.get("$ref").and_then(Data::as_str);
            if let Some(reference) = reference
                && let Some((target, pointer)) = index.resolve(reference, schema)?
            {
                targets.insert(from_ref(schema), target);
                if seen.insert(from_ref(target)) {
                    open.push((target, pointer));
                }
            }
            if reference.is_some() && draft.is_old() {
                continue;
            }
            let used = |keyword: &str| !matches!(keyword, "definitions" | "$defs" | "contentSchema");
            let inner = subschemas(map).into_iter().filter(|(keyword, ..)| used(keyword));
            let inner = inner.map(|(_, part, schema)| (schema, format!("{pointer}{part}")));
            open.extend(inner.filter(|(schema, _)| seen.insert(from_ref(*schema))));
        }
        Ok(References { targets })
    }

    /// Where the `$ref` of a schema leads.
    pub(super) fn target(&self, schema: &Data) -> Option<&'s Data> {
        self.targets.get(&from_ref(schema)).copied()
    }
}

/// Whether there is a reference anywhere: most schemas have none.
fn refers(data: &Data) -> bool {
    match data {
        Data::Map(map) => map.contains_key("$ref") || map.iter().any(|(_, inner)| refers(inner)),
        Data::List(items) => items.iter().any(refers),
        _ => false,
    }
}

/// All schemas that have a name of their own.
struct Index<'s> {
    draft: Draft,
    /// By URL, each with its pointer from the root.
    resources: BTreeMap<Arc<str>, (&'s Data, String)>,
    /// By URL and name.
    anchors: HashMap<(Arc<str>, String), (&'s Data, String)>,
    /// The URL that a schema's references start from.
    bases: HashMap<At, Arc<str>>,
}

impl<'s> Index<'s> {
    fn collect(&mut self, schema: &'s Data, base: &Arc<str>, pointer: String) {
        if self.bases.contains_key(&from_ref(schema)) {
            return;
        }
        let Data::Map(map) = schema else { return };
        let text = |key: &str| map.get(key).and_then(Data::as_str);
        let mut base = base.clone();
        let mut anchors = Vec::new();
        if !(self.draft.is_old() && map.contains_key("$ref"))
            && let Some(id) = text(self.draft.id())
        {
            let (url, fragment) = split(id);
            if !url.is_empty() {
                base = join(&base, url).into();
                self.resources.insert(base.clone(), (schema, pointer.clone()));
            }
            if self.draft.is_old() && !fragment.is_empty() && !fragment.starts_with('/') {
                anchors.push(decoded(fragment));
            }
        }
        if !self.draft.is_old() {
            anchors.extend(["$anchor", "$dynamicAnchor"].into_iter().filter_map(text).map(str::to_owned));
        }
        for name in anchors {
            self.anchors.insert((base.clone(), name), (schema, pointer.clone()));
        }
        self.bases.insert(from_ref(schema), base.clone());
        for (_, part, inner) in subschemas(map) {
            self.collect(inner, &base, format!("{pointer}{part}"));
        }
    }

    /// Where a reference leads, with the pointer there; nothing where it leads to another host.
    fn resolve(&mut self, reference: &str, from: &Data) -> Result<Option<(&'s Data, String)>, String> {
        let base = self.bases.get(&from_ref(from)).cloned().unwrap_or_else(|| Arc::from(ROOT));
        let (url, fragment) = split(reference);
        let url = join(&base, url);
        let Some((id, (resource, place))) = self.resources.get_key_value(&*url) else {
            return outside(&url).map(|()| None);
        };
        let (id, resource, place) = (id.clone(), *resource, place.clone());
        let fragment = decoded(fragment);
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let found = self.anchors.get(&(id, fragment.clone())).cloned();
            return match found {
                Some(found) => Ok(Some(found)),
                None => Err(format!("anchor in \"{url}#{fragment}\" not found in schema \"{ROOT}\"")),
            };
        }
        let pointer = format!("{place}{fragment}");
        let Some(target) = follow(resource, &fragment) else {
            return Err(format!("json-pointer in \"{ROOT}#{pointer}\" not found"));
        };
        // It may lie where no keyword makes it a schema.
        self.collect(target, &id, pointer.clone());
        Ok(Some((target, pointer)))
    }
}

/// What Helm does with a reference that leads out of the file: it fetches from hosts, which is not done here, and takes a URN for
/// anything. A file beside the schema is looked for in the root folder of the machine, and is not there.
fn outside(url: &str) -> Result<(), String> {
    let (scheme, rest) = url.split_once(':').unwrap_or(("", url));
    match scheme {
        "http" | "https" | "urn" => Ok(()),
        "file" => {
            let path = decoded(rest.strip_prefix("//").unwrap_or(rest));
            Err(format!("failing loading \"{url}\": open {path}: no such file or directory"))
        }
        _ => Err(format!("failing loading \"{url}\": no URLLoader registered for \"{url}\"")),
    }
}

fn follow<'s>(root: &'s Data, pointer: &str) -> Option<&'s Data> {
    pointer.split('/').skip(1).try_fold(root, |node, part| {
        let part = part.replace("~1", "/").replace("~0", "~");
        match node {
            Data::Map(map) => map.get(&part),
            Data::List(items) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        }
    })
}

/// The schemas in a schema: the keyword, the pointer from here, the schema.
fn subschemas(map: &Table) -> Vec<(&str, String, &Data)> {
    const MAPS: [&str; 6] =
        ["definitions", "properties", "patternProperties", "dependencies", "$defs", "dependentSchemas"];
    const LISTS: [&str; 5] = ["allOf", "anyOf", "oneOf", "items", "prefixItems"];
    const ONES: [&str; 12] = [
        "not",
        "additionalProperties",
        "items",
        "additionalItems",
        "propertyNames",
        "contains",
        "if",
        "then",
        "else",
        "unevaluatedProperties",
        "unevaluatedItems",
        "contentSchema",
    ];
    let mut found = Vec::new();
    for (key, value) in map {
        let key = &**key;
        match value {
            Data::Map(inner) if MAPS.contains(&key) => {
                let escaped = |name: &str| name.replace('~', "~0").replace('/', "~1");
                found.extend(inner.iter().map(|(name, value)| (key, format!("/{key}/{}", escaped(name)), value)));
            }
            Data::List(items) if LISTS.contains(&key) => {
                found.extend(items.iter().enumerate().map(|(n, value)| (key, format!("/{key}/{n}"), value)));
            }
            value if ONES.contains(&key) => found.push((key, format!("/{key}"), value)),
            _ => {}
        }
    }
    found
}
