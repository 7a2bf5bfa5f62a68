//! `Chart.yaml`

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::helm::data::Data;
use crate::helm::error::Error;
use crate::helm::functions::base;
use crate::helm::print;
use crate::helm::quote::{is_print, quoted};
use crate::helm::semver::Version;
use crate::helm::table::Table;
use crate::helm::value::{Kind, Map, Value};

/// What `Chart.yaml` says of a chart.
#[derive(Clone, Debug, Default)]
pub struct Metadata {
    /// The name.
    pub name: String,
    /// The version of the chart.
    pub version: String,
    /// The version of what it installs.
    pub app_version: String,
    /// `v1` or `v2`.
    pub api_version: String,
    /// One sentence.
    pub description: String,
    /// `application`, `library` or nothing.
    pub kind: String,
    /// A constraint on the version of Kubernetes.
    pub kube_version: String,
    /// Whether nobody should use it any more.
    pub deprecated: bool,
    /// Annotations.
    pub annotations: BTreeMap<String, String>,
    /// The charts that it needs.
    pub dependencies: Vec<Dependency>,
    pub(crate) home: String,
    pub(crate) icon: String,
    pub(crate) condition: String,
    pub(crate) tags: String,
    pub(crate) sources: Vec<String>,
    pub(crate) keywords: Vec<String>,
    pub(crate) maintainers: Vec<[String; 3]>,
}

/// A chart that another one needs.
#[derive(Clone, Debug, Default)]
pub struct Dependency {
    /// The name of the chart.
    pub name: String,
    /// A version or a constraint.
    pub version: String,
    /// Where it comes from.
    pub repository: String,
    /// Paths of values, the first of which that is a boolean switches it.
    pub condition: String,
    /// Tags that switch it.
    pub tags: Vec<String>,
    /// The name that it goes by.
    pub alias: String,
    pub(crate) enabled: bool,
    pub(crate) import_values: Vec<Data>,
}

/// Normalizes spaces and drops what cannot be printed.
fn sanitize(text: &str) -> String {
    text.chars().filter_map(|c| if c.is_whitespace() { Some(' ') } else { is_print(c).then_some(c) }).collect()
}

/// An entry of a table, whatever the case of its key.
fn get<'t>(table: &'t Table, key: &str) -> Option<&'t Data> {
    table.get(key).or_else(|| table.iter().find(|(known, _)| known.eq_ignore_ascii_case(key)).map(|(_, value)| value))
}

/// A value where a string is wanted: numbers and booleans become text.
pub(crate) fn string(data: &Data) -> Option<String> {
    match data {
        Data::Str(text) => Some(text.to_string()),
        Data::Bool(b) => Some(b.to_string()),
        Data::Number(n) if n.fract() == 0.0 && n.abs() < 9e18 => Some(format!("{n}")),
        Data::Number(n) => {
            let mut out = String::new();
            #[allow(clippy::cast_possible_truncation)]
            let single = *n as f32;
            print::float(&mut out, single.to_string().parse().unwrap_or(*n));
            Some(out)
        }
        Data::Int(n) => Some(n.to_string()),
        Data::Null => Some(String::new()),
        Data::List(_) | Data::Map(_) => None,
    }
}

fn text(table: &Table, key: &str) -> Result<String, Error> {
    let Some(data) = get(table, key) else { return Ok(String::new()) };
    string(data)
        .ok_or_else(|| Error::new(format!("json: cannot unmarshal into Go struct field Metadata.{key} of type string")))
}

fn texts(table: &Table, key: &str) -> Vec<String> {
    let items = get(table, key).and_then(Data::as_list).unwrap_or(&[]);
    items.iter().filter_map(string).collect()
}

fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    get(table, key).and_then(Data::as_list).unwrap_or(&[]).iter().filter_map(Data::as_map).collect()
}

impl Metadata {
    pub(super) fn read(&mut self, table: &Table) -> Result<(), Error> {
        let set = |slot: &mut String, key: &str| -> Result<(), Error> {
            if get(table, key).is_some() {
                *slot = sanitize(&text(table, key)?);
            }
            Ok(())
        };
        set(&mut self.name, "name")?;
        set(&mut self.version, "version")?;
        set(&mut self.app_version, "appVersion")?;
        set(&mut self.api_version, "apiVersion")?;
        set(&mut self.description, "description")?;
        set(&mut self.kind, "type")?;
        set(&mut self.kube_version, "kubeVersion")?;
        set(&mut self.home, "home")?;
        set(&mut self.icon, "icon")?;
        set(&mut self.condition, "condition")?;
        set(&mut self.tags, "tags")?;
        if let Some(Data::Bool(deprecated)) = get(table, "deprecated") {
            self.deprecated = *deprecated;
        }
        if let Some(annotations) = get(table, "annotations").and_then(Data::as_map) {
            self.annotations = annotations.iter().filter_map(|(k, v)| Some((k.to_string(), string(v)?))).collect();
        }
        if get(table, "sources").is_some() {
            self.sources = texts(table, "sources").iter().map(|s| sanitize(s)).collect();
        }
        if get(table, "keywords").is_some() {
            self.keywords = texts(table, "keywords").iter().map(|s| sanitize(s)).collect();
        }
        for maintainer in tables(table, "maintainers") {
            let part = |key: &str| text(maintainer, key).map(|text| sanitize(&text));
            self.maintainers.push([part("name")?, part("email")?, part("url")?]);
        }
        if get(table, "dependencies").is_some() {
            self.dependencies =
                tables(table, "dependencies").into_iter().map(Dependency::read).collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<(), Error> {
        let problem = |what: String| Err(Error::new(format!("validation: {what}")));
        if self.name.is_empty() {
            return problem("chart.metadata.name is required".into());
        }
        if self.name == "." || self.name == ".." {
            return problem(format!("chart.metadata.name {} is not allowed", quoted(&self.name)));
        }
        if base(&self.name) != self.name {
            return problem(format!("chart.metadata.name {} is invalid", quoted(&self.name)));
        }
        if self.version.is_empty() {
            return problem("chart.metadata.version is required".into());
        }
        if Version::parse(&self.version).is_none() {
            return problem(format!("chart.metadata.version {} is invalid", quoted(&self.version)));
        }
        if !matches!(self.kind.as_str(), "" | "application" | "library") {
            return problem("chart.metadata.type must be application or library".into());
        }
        let mut names: Vec<&str> = Vec::new();
        for dependency in &self.dependencies {
            let known = dependency.known_as();
            if !dependency.alias.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
                return problem(format!(
                    "dependency {} has disallowed characters in the alias",
                    quoted(&dependency.name)
                ));
            }
            if names.contains(&known) {
                return problem(format!("more than one dependency with name or alias {}", quoted(known)));
            }
            names.push(known);
        }
        Ok(())
    }

    /// The map that templates know as `.Chart`.
    pub(crate) fn value(&self, is_root: bool) -> Value {
        let strings = |items: &[String]| Value::list(items.iter().map(|s| Value::str(s.as_str())).collect());
        let maintainer = |[name, email, url]: &[String; 3]| {
            Value::map([
                ("Name", Value::str(name.as_str())),
                ("Email", Value::str(email.as_str())),
                ("URL", Value::str(url.as_str())),
            ])
        };
        let annotations =
            self.annotations.iter().map(|(k, v)| (Arc::from(k.as_str()), Value::str(v.as_str()))).collect();
        Value::map([
            ("Name", Value::str(self.name.as_str())),
            ("Home", Value::str(self.home.as_str())),
            ("Sources", strings(&self.sources)),
            ("Version", Value::str(self.version.as_str())),
            ("Description", Value::str(self.description.as_str())),
            ("Keywords", strings(&self.keywords)),
            ("Maintainers", Value::list(self.maintainers.iter().map(maintainer).collect())),
            ("Icon", Value::str(self.icon.as_str())),
            ("APIVersion", Value::str(self.api_version.as_str())),
            ("Condition", Value::str(self.condition.as_str())),
            ("Tags", Value::str(self.tags.as_str())),
            ("AppVersion", Value::str(self.app_version.as_str())),
            ("Deprecated", Value::Bool(self.deprecated)),
            ("Annotations", Value::Map(Map::new(Kind::Strings, annotations))),
            ("KubeVersion", Value::str(self.kube_version.as_str())),
            ("Dependencies", Value::list(self.dependencies.iter().map(Dependency::value).collect())),
            ("Type", Value::str(self.kind.as_str())),
            ("IsRoot", Value::Bool(is_root)),
        ])
    }
}

impl Dependency {
    fn read(table: &Table) -> Result<Dependency, Error> {
        Ok(Dependency {
            name: sanitize(&text(table, "name")?),
            version: sanitize(&text(table, "version")?),
            repository: sanitize(&text(table, "repository")?),
            condition: sanitize(&text(table, "condition")?),
            tags: texts(table, "tags").iter().map(|tag| sanitize(tag)).collect(),
            alias: text(table, "alias")?,
            enabled: false,
            import_values: get(table, "import-values").and_then(Data::as_list).unwrap_or(&[]).to_vec(),
        })
    }

    /// The name that its values stand under.
    pub(crate) fn known_as(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }

    fn value(&self) -> Value {
        Value::map([
            ("Name", Value::str(self.name.as_str())),
            ("Version", Value::str(self.version.as_str())),
            ("Repository", Value::str(self.repository.as_str())),
            ("Condition", Value::str(self.condition.as_str())),
            ("Tags", Value::list(self.tags.iter().map(|tag| Value::str(tag.as_str())).collect())),
            ("Enabled", Value::Bool(self.enabled)),
            ("ImportValues", Value::list(self.import_values.iter().map(Value::from).collect())),
            ("Alias", Value::str(self.alias.as_str())),
        ])
    }
}
