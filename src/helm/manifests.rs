//! Rendered files into documents: hooks and manifests, in Helm's order.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use memchr::memmem;

use super::chart::string;
use super::data::Data;
use super::error::Error;
use super::functions::base;
use super::parallel::mapped;
use super::table::Table;
use super::yaml::{self, Head};

/// One document of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The path of the template that it comes from.
    pub source: Arc<str>,
    body: Body,
    /// `kind`, empty if there is none.
    pub kind: String,
    /// `apiVersion`, empty if there is none.
    pub api_version: String,
    /// `metadata.name`, empty if there is none.
    pub name: String,
    /// The events that it is a hook for; empty for a manifest.
    pub events: Vec<String>,
    /// The weight of a hook.
    pub weight: i64,
}

/// Where the text of a document is. It is never copied.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Body {
    /// A part of what a template gave.
    Part(Arc<String>, Range<usize>),
    /// A file that is UTF-8.
    File(Arc<Vec<u8>>),
}

impl Document {
    /// A file of `crds/`, printed as it is.
    pub(super) fn crd(source: String, data: &Arc<Vec<u8>>) -> Self {
        let body = match str::from_utf8(data) {
            Ok(_) => Body::File(data.clone()),
            Err(_) => {
                let text = String::from_utf8_lossy(data).into_owned();
                let whole = 0..text.len();
                Body::Part(Arc::new(text), whole)
            }
        };
        let (kind, empty) = ("CustomResourceDefinition".to_owned(), String::new);
        let source = source.into();
        Document { source, body, kind, api_version: empty(), name: empty(), events: Vec::new(), weight: 0 }
    }

    /// The text, without blanks around it.
    pub fn text(&self) -> &str {
        match &self.body {
            Body::Part(text, range) => text.get(range.clone()).unwrap_or_default(),
            Body::File(data) => str::from_utf8(data).unwrap_or_default(),
        }
    }

    /// The objects in it, with whole numbers as such: one of a template, any number of a file of `crds/`.
    ///
    /// # Errors
    /// Where they cannot be read: only files of `crds/` are not read before.
    pub fn objects(&self) -> Result<Vec<Data>, Error> {
        let problem = |e: yaml::Problem| Error::new(format!("YAML parse error on {}: {}", self.source, e.0));
        split(self.text()).into_iter().map(|text| yaml::read_exact(text).map_err(problem)).collect()
    }

    /// Whether it is a test, which no installation runs.
    pub fn is_test(&self) -> bool {
        self.events.iter().any(|event| event == "test" || event == "test-success")
    }

    /// What is printed of it, in parts.
    pub(super) fn parts(&self) -> [&str; 5] {
        ["---\n# Source: ", &self.source, "\n", self.text(), "\n"]
    }
}

/// The order in which Helm installs kinds.
const ORDER: [&str; 38] = [
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

const EVENTS: [&str; 10] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
    "test-success",
];

/// What all templates printed.
pub(super) struct Printed {
    pub(super) text: String,
    /// The part of each file, by its path.
    pub(super) files: BTreeMap<String, Range<usize>>,
}

/// The documents of rendered files: manifests and hooks, each in order. Kinds that Helm does not know come last, by name.
pub(super) fn sort(printed: Printed) -> Result<(Vec<Document>, Vec<Document>), Error> {
    let all = Arc::new(printed.text);
    let mut parts: Vec<(Arc<str>, &str)> = Vec::new();
    for (path, range) in printed.files {
        let content = all.get(range).unwrap_or_default();
        if !base(&path).starts_with('_') && !content.trim_ascii().is_empty() {
            let path: Arc<str> = path.into();
            parts.extend(split(content).into_iter().map(|text| (path.clone(), text)));
        }
    }
    let heads = mapped(&parts, |(path, text)| head(path, text));
    let (mut manifests, mut hooks) = (Vec::new(), Vec::new());
    for ((path, text), head) in parts.iter().zip(heads) {
        let head = head?;
        let is_hook = head.hook.is_some();
        let start = text.as_ptr().addr() - all.as_ptr().addr();
        let document = document(path, Body::Part(all.clone(), start..start + text.len()), head);
        match is_hook {
            false => manifests.push(document),
            true if document.events.is_empty() => {}
            true => hooks.push(document),
        }
    }
    let rank = |document: &Document| ORDER.iter().position(|kind| *kind == document.kind);
    let key = |document: &Document| match rank(document) {
        Some(rank) => (rank, String::new()),
        None => (ORDER.len(), document.kind.clone()),
    };
    manifests.sort_by_cached_key(key);
    hooks.sort_by_cached_key(key);
    Ok((manifests, hooks))
}

/// Cuts a file at lines that begin with `---`.
pub(super) fn split(content: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = content.trim();
    let mut start_of_line = true;
    loop {
        let cut = if start_of_line && rest.starts_with("---") {
            Some(0)
        } else {
            memmem::find(rest.as_bytes(), b"\n---").map(|at| at + 1)
        };
        let Some(at) = cut else { break };
        let before = rest[..at].trim();
        if !before.is_empty() {
            found.push(before);
        }
        rest = rest[at + 3..].trim_start();
        start_of_line = false;
    }
    if !rest.trim().is_empty() {
        found.push(rest.trim());
    }
    found
}

fn document(source: &Arc<str>, body: Body, head: Head) -> Document {
    Document {
        source: source.clone(),
        body,
        kind: head.kind,
        api_version: head.api_version,
        name: head.name,
        events: head.hook.as_deref().map(events).unwrap_or_default(),
        weight: head.weight.and_then(|weight| weight.parse().ok()).unwrap_or(0),
    }
}

/// The head as the full reader has it.
#[cfg(test)]
pub(super) fn full_head(text: &str) -> Result<Head, Error> {
    read("t", text)
}

fn head(path: &str, text: &str) -> Result<Head, Error> {
    yaml::head(text).map_or_else(|| read(path, text), Ok)
}

/// The head of a document that is read in full.
fn read(path: &str, text: &str) -> Result<Head, Error> {
    let problem = |text: &str| Error::new(format!("YAML parse error on {path}: error {text}"));
    let data = yaml::read(text).map_err(|e| problem(&format!("converting YAML to JSON: {}", e.0)))?;
    let mismatch = |kind: &str, field: &str, wanted: &str| {
        problem(&format!(
            "unmarshaling JSON: while decoding JSON: json: cannot unmarshal {kind} into Go {field} of type {wanted}"
        ))
    };
    let empty = Table::new();
    let root = match &data {
        Data::Map(root) => root,
        Data::Null => &empty,
        other => return Err(mismatch(kind_of(other), "value", "util.SimpleHead")),
    };
    let field = |table: &Table, key: &str| -> Result<String, Error> {
        let Some(data) = table.get(key) else { return Ok(String::new()) };
        string(data).ok_or_else(|| mismatch(kind_of(data), &format!("struct field SimpleHead.{key}"), "string"))
    };
    let metadata = match root.get("metadata") {
        Some(Data::Map(metadata)) => metadata,
        None | Some(Data::Null) => &empty,
        Some(other) => return Err(mismatch(kind_of(other), "struct field SimpleHead.metadata", "struct")),
    };
    let annotations = match metadata.get("annotations") {
        Some(Data::Map(annotations)) => annotations,
        None | Some(Data::Null) => &empty,
        Some(other) => return Err(mismatch(kind_of(other), "struct field .metadata.annotations", "map[string]string")),
    };
    for (_, value) in annotations {
        if string(value).is_none() {
            return Err(mismatch(kind_of(value), "struct field .metadata.annotations", "string"));
        }
    }
    let annotation = |key: &str| annotations.get(key).and_then(string);
    Ok(Head {
        kind: field(root, "kind")?,
        api_version: field(root, "apiVersion")?,
        name: field(metadata, "name")?,
        hook: annotation("helm.sh/hook"),
        weight: annotation("helm.sh/hook-weight"),
    })
}

/// The events of a hook; none at all if one of them is unknown.
fn events(annotation: &str) -> Vec<String> {
    let events: Vec<String> = annotation.split(',').map(|event| event.trim().to_lowercase()).collect();
    if events.iter().all(|event| EVENTS.contains(&event.as_str())) { events } else { Vec::new() }
}

fn kind_of(data: &Data) -> &'static str {
    match data {
        Data::List(_) => "array",
        Data::Map(_) => "object",
        Data::Str(_) => "string",
        Data::Bool(_) => "bool",
        Data::Number(_) | Data::Int(_) => "number",
        Data::Null => "null",
    }
}
