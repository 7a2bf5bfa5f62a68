//! Blueprints: a repository's own go before the ones that are embedded in the binary.

use std::io;
use std::sync::{Arc, OnceLock};

use super::files::Files;

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// Where a blueprint comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The repository's `blueprints/`.
    Repository,
    /// The binary.
    Embedded,
}

/// The name under which embedded files are shown.
const EMBEDDED: &str = "<catalogue>";

/// A file of a component: path in its folder, name to show, text.
pub type CatalogueFile = (String, String, Arc<str>);

/// A repository's blueprints over the embedded ones.
pub struct Catalogue<'a> {
    files: &'a dyn Files,
    /// The folders of its own components, once they were listed.
    own: OnceLock<Vec<String>>,
}

impl std::fmt::Debug for Catalogue<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Catalogue")
    }
}

impl<'a> Catalogue<'a> {
    /// The blueprints of a repository.
    pub fn new(files: &'a dyn Files) -> Self {
        Catalogue { files, own: OnceLock::new() }
    }

    /// The names of all blueprints in a folder (`components`, `capabilities`, `architectures`), sorted, with their origin.
    pub fn names(&self, folder: &str) -> io::Result<Vec<(String, Origin)>> {
        let mut names: Vec<(String, Origin)> = Vec::new();
        for entry in self.files.list(&format!("blueprints/{folder}"))? {
            if let Some(name) = blueprint_name(folder, &entry) {
                names.push((name.to_owned(), Origin::Repository));
            }
        }
        for entry in list_embedded(folder) {
            if let Some(name) = blueprint_name(folder, entry)
                && !names.iter().any(|(known, _)| known == name)
            {
                names.push((name.to_owned(), Origin::Embedded));
            }
        }
        names.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(names)
    }

    /// A single-file blueprint: the name to show, and its text.
    pub fn read(&self, folder: &str, name: &str) -> io::Result<Option<(String, Arc<str>)>> {
        let path = format!("blueprints/{folder}/{name}.yaml");
        if let Some(text) = self.files.read(&path)? {
            return Ok(Some((path, text)));
        }
        Ok(embedded(&format!("{folder}/{name}.yaml")).map(|text| (format!("{EMBEDDED}/{folder}/{name}.yaml"), text)))
    }

    fn own_components(&self) -> io::Result<&[String]> {
        if let Some(known) = self.own.get() {
            return Ok(known);
        }
        let found = self.files.list("blueprints/components")?;
        Ok(self.own.get_or_init(|| found))
    }

    /// All files of a component, and where they come from: its folder is taken whole from there.
    pub fn component_files(&self, name: &str) -> io::Result<Option<(Origin, Vec<CatalogueFile>)>> {
        if self.own_components()?.iter().any(|entry| entry.strip_suffix('/') == Some(name)) {
            let mut found = Vec::new();
            self.walk(&format!("blueprints/components/{name}"), "", &mut found)?;
            return Ok(Some((Origin::Repository, found)));
        }
        let prefix = format!("components/{name}/");
        let start = CATALOGUE.partition_point(|(path, _)| *path < prefix.as_str());
        let files = CATALOGUE.iter().skip(start).map_while(|(path, text)| {
            let inner = path.strip_prefix(&prefix)?;
            Some((inner.to_owned(), format!("{EMBEDDED}/{path}"), Arc::from(*text)))
        });
        let found: Vec<CatalogueFile> = files.collect();
        Ok((!found.is_empty()).then_some((Origin::Embedded, found)))
    }

    fn walk(&self, folder: &str, inner: &str, found: &mut Vec<CatalogueFile>) -> io::Result<()> {
        for entry in self.files.list(folder)? {
            if entry.starts_with('.') {
                continue;
            }
            if let Some(sub) = entry.strip_suffix('/') {
                self.walk(&format!("{folder}/{sub}"), &format!("{inner}{sub}/"), found)?;
            } else if let Some(text) = self.files.read(&format!("{folder}/{entry}"))? {
                found.push((format!("{inner}{entry}"), format!("{folder}/{entry}"), text));
            }
        }
        Ok(())
    }

    /// All embedded files: path below `blueprints/`, and text.
    pub fn embedded_files() -> impl Iterator<Item = (&'static str, &'static str)> {
        CATALOGUE.iter().copied()
    }
}

fn blueprint_name<'e>(folder: &str, entry: &'e str) -> Option<&'e str> {
    if folder == "components" { entry.strip_suffix('/') } else { entry.strip_suffix(".yaml") }
}

fn embedded(path: &str) -> Option<Arc<str>> {
    CATALOGUE.binary_search_by(|(known, _)| (*known).cmp(path)).ok().map(|i| Arc::from(CATALOGUE[i].1))
}

fn list_embedded(folder: &str) -> Vec<&'static str> {
    let prefix = format!("{folder}/");
    let mut entries: Vec<&str> = CATALOGUE
        .iter()
        .filter_map(|(path, _)| path.strip_prefix(&prefix))
        .map(|rest| rest.split_inclusive('/').next().unwrap_or(rest))
        .collect();
    entries.dedup();
    entries
}
