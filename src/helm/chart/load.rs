//! Files into a chart.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::archive;
use super::ignore::Rules;
use super::metadata::Metadata;
use super::{Chart, Template};
use crate::helm::data::Data;
use crate::helm::error::Error;
use crate::helm::file::{File, without_mark};
use crate::helm::objects::Files;
use crate::helm::parallel::mapped;
use crate::helm::table::Table;
use crate::helm::yaml;

/// How deep charts may hold charts.
const MAX_DEPTH: usize = 20;

/// A chart's files by path from its root.
pub(in crate::helm) type Parts = BTreeMap<String, File>;

/// The same, all of them read.
pub(crate) type Contents = BTreeMap<String, Vec<u8>>;

impl Chart {
    /// Loads a chart from the files of its folder, by their paths from that folder with `/` between names.
    ///
    /// What `.helmignore` names is left out. Sub-charts may be folders or archives in `charts/`.
    ///
    /// # Errors
    /// Where a file that Helm reads is missing or broken.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Chart, Error> {
        load(included(files)?.into_iter().map(|(path, data)| (path, File::of(data))).collect(), 0)
    }

    /// Loads a chart from a packed archive (`.tgz`).
    ///
    /// # Errors
    /// Where it is no archive, or a file that Helm reads is missing or broken.
    pub fn from_archive(bytes: &[u8]) -> Result<Chart, Error> {
        load(archive::unpack(bytes)?, 0)
    }
}

/// Those files of a folder that are a chart's: all that `.helmignore` does not name.
///
/// # Errors
/// Where `.helmignore` is broken.
pub(crate) fn included(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Contents, Error> {
    let mut contents: Contents = files.into_iter().map(|(path, data)| (path, without_mark(data))).collect();
    let rules = Rules::parse(&text(contents.get(".helmignore").map(Vec::as_slice).unwrap_or_default()))?;
    contents.retain(|path, _| !rules.ignore(path));
    Ok(contents)
}

fn text(data: &[u8]) -> Cow<'_, str> {
    str::from_utf8(data).map_or_else(|_| String::from_utf8_lossy(data), Cow::from)
}

pub(in crate::helm) fn load(mut parts: Parts, depth: usize) -> Result<Chart, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::new("charts within charts nest too deep"));
    }
    let metadata = load_metadata(&parts)?;
    let values = match parts.remove("values.yaml") {
        Some(file) => {
            let data = file.into_data()?;
            read_values(&text(&data)).map_err(|e| Error::new(format!("cannot load values.yaml: {e}")))?
        }
        None => Table::new(),
    };
    let schema = parts.remove("values.schema.json").map(|file| Ok(Arc::new(file.into_data()?))).transpose()?;
    for known in ["Chart.yaml", "Chart.lock"] {
        parts.remove(known);
    }
    if metadata.api_version != "v1" {
        for old in ["requirements.yaml", "requirements.lock"] {
            parts.remove(old);
        }
    }
    let (mut templates, mut files) = (Vec::new(), Files::new());
    let mut packed: BTreeMap<String, Parts> = BTreeMap::new();
    for (path, file) in parts {
        if path.starts_with("templates/") {
            templates.push((path, file));
        } else if let Some(inner) = path.strip_prefix("charts/").filter(|_| !path.ends_with(".prov")) {
            let folder = inner.split('/').next().unwrap_or(inner);
            packed.entry(folder.to_owned()).or_default().insert(inner.to_owned(), file);
        } else {
            files.insert(path.into(), Arc::new(file));
        }
    }
    let templates = mapped(templates, |(path, file)| template(&path, file)).into_iter().collect::<Result<_, _>>()?;
    let dependencies = load_dependencies(&metadata.name, packed, depth)?;
    Ok(Chart { metadata, templates, files: Arc::new(files), values: Arc::new(values), schema, dependencies })
}

fn template(path: &str, file: File) -> Result<Arc<Template>, Error> {
    let data = file.into_data()?;
    let text = String::from_utf8(data).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(Arc::new(Template { name: path.into(), text: Arc::new(text), parsed: OnceLock::new() }))
}

fn load_metadata(parts: &Parts) -> Result<Metadata, Error> {
    let mut metadata = Metadata::default();
    let mut found = false;
    for file in ["Chart.yaml", "requirements.yaml"] {
        let Some(part) = parts.get(file) else { continue };
        found = true;
        let data = part.read().clone()?;
        let problem = |message: String| Error::new(format!("cannot load {file}: {message}"));
        match yaml::read(&text(&data)) {
            Err(error) => return Err(problem(format!("error converting YAML to JSON: {}", error.0))),
            Ok(Data::Map(table)) => metadata.read(&table).map_err(|e| problem(e.to_string()))?,
            Ok(Data::Null) => {}
            Ok(_) => return Err(problem("error unmarshaling JSON: it is not a map".into())),
        }
        if metadata.api_version.is_empty() {
            metadata.api_version = "v1".into();
        }
    }
    if !found {
        return Err(Error::new("Chart.yaml file is missing"));
    }
    metadata.check()?;
    Ok(metadata)
}

fn load_dependencies(parent: &str, packed: BTreeMap<String, Parts>, depth: usize) -> Result<Vec<Chart>, Error> {
    let kept: Vec<(String, Parts)> = packed.into_iter().filter(|(name, _)| !name.starts_with(['_', '.'])).collect();
    let loaded = mapped(kept, |(name, parts)| {
        let chart = load_dependency(&name, parts, depth + 1)?;
        Some(chart.map_err(|e| Error::new(format!("error unpacking subchart {name} in {parent}: {e}"))))
    });
    loaded.into_iter().flatten().collect()
}

fn load_dependency(name: &str, mut parts: Parts, depth: usize) -> Option<Result<Chart, Error>> {
    if name.ends_with(".tgz") {
        let data = parts.remove(name)?.into_data();
        return Some(data.and_then(|data| archive::unpack(&data)).and_then(|parts| load(parts, depth)));
    }
    let inner = parts.into_iter().filter_map(|(path, file)| Some((path.split_once('/')?.1.to_owned(), file)));
    Some(load(inner.collect(), depth))
}

/// Reads the documents of a values file; later ones go before earlier ones.
///
/// # Errors
/// Where a document is no YAML, or no map.
pub fn read_values(text: &str) -> Result<Table, Error> {
    let mut values = Table::new();
    // Helm ends the last line too.
    let text: Cow<str> = if text.ends_with('\n') { text.into() } else { format!("{text}\n").into() };
    let documents = yaml::documents(&text).map_err(|e| Error::new(format!("error reading yaml document: {}", e.0)))?;
    for document in documents {
        let problem =
            |what: &str, text: &str| Error::new(format!("cannot unmarshal yaml document: error {what}: {text}"));
        match yaml::read(document).map_err(|e| problem("converting YAML to JSON", &e.0))? {
            Data::Map(table) => overlay(&mut values, table),
            Data::Null => {}
            _ => return Err(problem("unmarshaling JSON", "it is not a map")),
        }
    }
    Ok(values)
}

/// Puts one table over another; maps merge, everything else replaces.
pub fn overlay(base: &mut Table, over: Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Data::Map(old)), Data::Map(new)) => overlay(old, new),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}
