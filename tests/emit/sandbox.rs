//! An output folder in a temporary place, with short ways to build into it and look at it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use stackgen::emit::{Comparison, Digest, Edits, EmitError, Kind, Summary, Tree, TreeBuilder, WriteLock, compare};

pub(crate) struct Sandbox {
    pub(crate) root: PathBuf,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("stackgen-emit-{}-{number}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Sandbox { root }
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.root.join("out")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join("out/envs/prod")
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn lock(&self) -> WriteLock {
        WriteLock::acquire(&self.out(), || {}).unwrap()
    }

    pub(crate) fn build(&self, tree: &Tree) -> Result<Option<Summary>, EmitError> {
        build_into(&self.out(), &self.folder(), tree, Edits::Refuse)
    }

    pub(crate) fn build_over_edits(&self, tree: &Tree) -> Result<Option<Summary>, EmitError> {
        build_into(&self.out(), &self.folder(), tree, Edits::Overwrite)
    }

    pub(crate) fn changes(&self, tree: &Tree) -> Vec<(String, Kind)> {
        changes(&compare(&self.folder(), tree).unwrap())
    }

    /// All that lies below a folder of the sandbox: `path` or `path/` with text, `-> target` for a link.
    pub(crate) fn listing(&self, folder: &str) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        list(&self.root.join(folder), "", &mut found);
        found
    }

    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        self.listing(folder).into_keys().collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

pub(crate) fn build_into(out: &Path, folder: &Path, tree: &Tree, edits: Edits) -> Result<Option<Summary>, EmitError> {
    let lock = WriteLock::acquire(out, || {})?;
    match compare(folder, tree)?.stage(&lock, edits)? {
        Some(staged) => staged.swap().map(Some),
        None => Ok(None),
    }
}

pub(crate) fn changes(comparison: &Comparison<'_>) -> Vec<(String, Kind)> {
    comparison.changes().iter().filter(|c| c.path != "stackgen.sum").map(|c| (c.path.clone(), c.kind)).collect()
}

fn list(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            found.insert(path, format!("-> {}", fs::read_link(entry.path()).unwrap().display()));
        } else if kind.is_dir() {
            list(&entry.path(), &format!("{path}/"), found);
            found.insert(format!("{path}/"), String::new());
        } else {
            found.insert(path, fs::read_to_string(entry.path()).unwrap_or_default());
        }
    }
}

/// A tree of `path=text` files; the input's digest is made from them.
pub(crate) fn tree(files: &[(&str, &str)]) -> Tree {
    let mut builder = TreeBuilder::new();
    let mut inputs = String::new();
    for (path, text) in files {
        inputs.push_str(&format!("{path}={text}\n"));
        match path.ends_with(".sh") {
            true => builder.insert_executable(*path, *text).unwrap(),
            false => builder.insert(*path, *text).unwrap(),
        }
    }
    builder.finish(Digest::of(inputs.as_bytes())).unwrap()
}

pub(crate) fn no_files() -> Tree {
    tree(&[])
}
