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
use crate::helm::objects::Files;
use crate::helm::parallel::mapped;
use crate::helm::table::Table;
use crate::helm::yaml;

/// How deep charts may hold charts.
const MAX_DEPTH: usize = 20;

/// A chart's files by path from its root.
pub(crate) type Contents = BTreeMap<String, Vec<u8>>;

impl Chart {
    /// Loads a chart from the files of its folder, by their paths from that folder with `/` between names.
    ///
    /// What `.helmignore` names is left out. Sub-charts may be folders or archives in `charts/`.
    ///
    /// # Errors
    /// Where a file that Helm reads is missing or broken.
    pub fn from_files(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Chart, Error> {
        load(included(files)?, 0)
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
    let rules = Rules::parse(&text(contents.get(".helmignore")))?;
    contents.retain(|path, _| !rules.ignore(path));
    Ok(contents)
}

/// The bytes without the mark that some editors put in front of UTF-8.
pub(in crate::helm) fn without_mark(mut data: Vec<u8>) -> Vec<u8> {
    if data.starts_with(b"\xEF\xBB\xBF") {
        data.drain(..3);
    }
    data
}

fn text(data: Option<&Vec<u8>>) -> Cow<'_, str> {
    let data = data.map(Vec::as_slice).unwrap_or_default();
    str::from_utf8(data).map_or_else(|_| String::from_utf8_lossy(data), Cow::from)
}

pub(in crate::helm) fn load(mut contents: Contents, depth: usize) -> Result<Chart, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::new("charts within charts nest too deep"));
    }
    let metadata = load_metadata(&contents)?;
    let values = match contents.remove("values.yaml") {
        Some(data) => {
            read_values(&text(Some(&data))).map_err(|e| Error::new(format!("cannot load values.yaml: {e}")))?
        }
        None => Table::new(),
    };
    let schema = contents.remove("values.schema.json").map(Arc::new);
    for known in ["Chart.yaml", "Chart.lock"] {
        contents.remove(known);
    }
    if metadata.api_version != "v1" {
        for old in ["requirements.yaml", "requirements.lock"] {
            contents.remove(old);
        }
    }
    let (mut templates, mut files) = (Vec::new(), Files::new());
    let mut packed: BTreeMap<String, Contents> = BTreeMap::new();
    for (path, data) in contents {
        if path.starts_with("templates/") {
            templates.push(template(&path, data));
        } else if let Some(inner) = path.strip_prefix("charts/").filter(|_| !path.ends_with(".prov")) {
            let folder = inner.split('/').next().unwrap_or(inner);
            packed.entry(folder.to_owned()).or_default().insert(inner.to_owned(), data);
        } else {
            files.insert(path.into(), Arc::new(data));
        }
    }
    let dependencies = load_dependencies(&metadata.name, packed, depth)?;
    Ok(Chart { metadata, templates, files: Arc::new(files), values: Arc::new(values), schema, dependencies })
}

fn template(path: &str, data: Vec<u8>) -> Arc<Template> {
    let text = String::from_utf8(data).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    let text = Arc::new(text);
    Arc::new(Template { name: path.into(), text, parsed: OnceLock::new() })
}

fn load_metadata(contents: &Contents) -> Result<Metadata, Error> {
    let mut metadata = Metadata::default();
    let mut found = false;
    for file in ["Chart.yaml", "requirements.yaml"] {
        let Some(data) = contents.get(file) else { continue };
        found = true;
        let problem = |message: String| Error::new(format!("cannot load {file}: {message}"));
        match yaml::read(&text(Some(data))) {
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

fn load_dependencies(parent: &str, packed: BTreeMap<String, Contents>, depth: usize) -> Result<Vec<Chart>, Error> {
    let kept: Vec<(String, Contents)> = packed.into_iter().filter(|(name, _)| !name.starts_with(['_', '.'])).collect();
    let loaded = mapped(kept, |(name, contents)| {
        let chart = load_dependency(&name, contents, depth + 1)?;
        Some(chart.map_err(|e| Error::new(format!("error unpacking subchart {name} in {parent}: {e}"))))
    });
    loaded.into_iter().flatten().collect()
}

fn load_dependency(name: &str, contents: Contents, depth: usize) -> Option<Result<Chart, Error>> {
    if name.ends_with(".tgz") {
        return Some(archive::unpack(contents.get(name)?).and_then(|contents| load(contents, depth)));
    }
    let inner = contents.into_iter().filter_map(|(path, data)| Some((path.split_once('/')?.1.to_owned(), data)));
    Some(load(inner.collect(), depth))
}

/// Reads the documents of a values file; later ones go before earlier ones.
///
/// # Errors
/// Where a document is no YAML, or no map.
pub fn read_values(text: &str) -> Result<Table, Error> {
    let mut values = Table::new();
    let documents = yaml::documents(text).map_err(|e| Error::new(format!("error reading yaml document: {}", e.0)))?;
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
