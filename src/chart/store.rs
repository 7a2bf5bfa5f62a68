//! The archive of a pin: from folders that the user names, from `charts/` of the repository, or from the cache.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::archive::inspect;
use super::cache::Cache;
use super::id::ChartId;
use super::lock::{Lock, Locked};
use super::missing::Missing;
use crate::emit::Digest;
use crate::helm::{self, Chart, Contents};

/// The folder of a repository that is looked into without being named.
pub const VENDOR_FOLDER: &str = "charts";
/// How deep the files of a chart's folder may lie.
const MAX_DEPTH: usize = 16;

/// Where to look beside the repository's own folder.
#[derive(Clone, Debug, Default)]
pub struct StoreOptions {
    /// The cache of all archives; [`Cache::of_user`] as a rule.
    pub cache: Option<Cache>,
    /// Folders (`--charts DIR`) that go before everything else.
    pub folders: Vec<PathBuf>,
}

/// All charts that can be had without the network.
#[derive(Debug)]
pub struct Store<'l> {
    lock: Option<&'l Lock>,
    folders: Vec<PathBuf>,
    cache: Option<Cache>,
}

/// A chart that was found, read and compared with the lock.
#[derive(Debug)]
pub struct Found {
    /// The archive, or the chart's folder.
    pub path: PathBuf,
    /// Where it was.
    pub origin: Origin,
    /// The archive's digest; for a folder, one of its files.
    pub digest: Digest,
    /// Whether the lock says that this is the one.
    pub locked: bool,
    content: Content,
    /// The charts that it is made with and that do not lie in its archive.
    parts: Vec<Found>,
}

/// Where a chart was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// In a folder of charts.
    Folder,
    /// In the cache.
    Cache,
}

#[derive(Debug)]
enum Content {
    Archive(Vec<u8>),
    Files(Contents),
}

impl Found {
    /// One digest of the chart and of the charts that it is made with and that do not lie in its archive.
    pub fn whole_digest(&self) -> Digest {
        if self.parts.is_empty() {
            return self.digest;
        }
        let parts: Vec<(String, Digest)> =
            self.parts.iter().enumerate().map(|(n, part)| (n.to_string(), part.whole_digest())).collect();
        let parts = parts.iter().map(|(name, digest)| (&**name, *digest));
        Digest::of_inputs([("", self.digest)].into_iter().chain(parts))
    }

    /// The chart, ready to render.
    ///
    /// # Errors
    /// Where a file that Helm reads is missing or broken.
    pub fn chart(&self) -> Result<Chart, helm::Error> {
        let mut chart = match &self.content {
            Content::Archive(bytes) => Chart::from_archive(bytes)?,
            Content::Files(files) => Chart::from_files(files.iter().map(|(path, data)| (path.clone(), data.clone())))?,
        };
        for part in &self.parts {
            chart.dependencies.push(part.chart()?);
        }
        Ok(chart)
    }
}

impl<'l> Store<'l> {
    /// The charts of a repository whose root is a folder.
    pub fn new(root: &Path, lock: Option<&'l Lock>, options: StoreOptions) -> Self {
        let mut folders = options.folders;
        folders.push(root.join(VENDOR_FOLDER));
        Store { lock, folders, cache: options.cache }
    }

    /// Finds the chart of a pin. No socket is opened.
    ///
    /// # Errors
    /// Says what is missing, and [`Missing::help`] how to get it.
    pub fn find(&self, id: ChartId<'_>) -> Result<Found, Missing> {
        let locked = self.lock.and_then(|lock| lock.find(id));
        if let Some(found) = self.in_folders(id, locked)? {
            return self.with_parts(found, locked);
        }
        let Some(locked) = locked else {
            let other = self.lock.and_then(|lock| lock.of_name(id).next());
            return Err(Missing::NotLocked { other: other.map(|chart| chart.version.to_string()) });
        };
        let found = self.in_cache(locked)?.ok_or(Missing::NotFetched { digest: locked.digest })?;
        self.with_parts(found, Some(locked))
    }

    fn in_cache(&self, locked: &Locked) -> Result<Option<Found>, Missing> {
        let Some(cache) = &self.cache else { return Ok(None) };
        let path = cache.path(locked.digest);
        let bytes = cache.get(locked.digest).map_err(|error| Missing::unreadable(&path, &error))?;
        Ok(bytes.map(|bytes| Found {
            path,
            origin: Origin::Cache,
            digest: locked.digest,
            locked: true,
            content: Content::Archive(bytes),
            parts: Vec::new(),
        }))
    }

    fn in_folders(&self, id: ChartId<'_>, locked: Option<&Locked>) -> Result<Option<Found>, Missing> {
        let version = locked.map_or(id.version, |locked| &locked.version);
        for folder in &self.folders {
            for path in candidates(folder, id.name, version, locked.map(|locked| locked.digest)) {
                if path.is_file() {
                    return archive(path, id.name, version, locked).map(Some);
                }
                if path.join("Chart.yaml").is_file() {
                    return unpacked(path, id.name, version).map(Some);
                }
            }
        }
        Ok(None)
    }

    /// Adds the charts that lie outside of the archive, which are locked on their own.
    fn with_parts(&self, mut found: Found, locked: Option<&Locked>) -> Result<Found, Missing> {
        let parts = locked.map_or(&[][..], |locked| &locked.dependencies);
        for part in parts.iter().filter(|part| !part.vendored) {
            let repository = part.repository.as_deref().unwrap_or_default();
            found.parts.push(self.find(ChartId { repository, name: &part.name, version: &part.version })?);
        }
        Ok(found)
    }
}

/// The paths that a chart may have in a folder of charts, the most exact first.
fn candidates(folder: &Path, name: &str, version: &str, digest: Option<Digest>) -> Vec<PathBuf> {
    let mut names =
        vec![format!("{name}-{version}.tgz"), format!("{name}-{version}"), format!("{name}.tgz"), name.into()];
    names.extend(digest.map(|digest| vendored_name(name, version, Some(digest))));
    if name.contains(['/', '\\']) || version.contains(['/', '\\']) || name == ".." {
        names.clear();
    }
    names.into_iter().map(|name| folder.join(name)).collect()
}

/// The name of an archive in a vendored folder. Two repositories may have the same chart in the same version: the second one's
/// name tells its digest.
pub(super) fn vendored_name(name: &str, version: &str, digest: Option<Digest>) -> String {
    match digest {
        Some(digest) => format!("{name}-{version}-{}.tgz", &digest.to_string()[..12]),
        None => format!("{name}-{version}.tgz"),
    }
}

fn archive(path: PathBuf, name: &str, version: &str, locked: Option<&Locked>) -> Result<Found, Missing> {
    let bytes = fs::read(&path).map_err(|error| Missing::unreadable(&path, &error))?;
    let digest = Digest::of(&bytes);
    match locked {
        Some(locked) if locked.digest != digest => {
            return Err(Missing::Changed { path, locked: locked.digest, found: digest });
        }
        Some(_) => {}
        None => {
            let chart = inspect(&bytes).and_then(|()| Chart::from_archive(&bytes).map_err(|error| error.to_string()));
            let chart = chart.map_err(|reason| Missing::Refused { path: path.clone(), reason })?;
            check(&path, &chart, name, version)?;
        }
    }
    let content = Content::Archive(bytes);
    Ok(Found { path, origin: Origin::Folder, digest, locked: locked.is_some(), content, parts: Vec::new() })
}

fn unpacked(path: PathBuf, name: &str, version: &str) -> Result<Found, Missing> {
    let mut files = Vec::new();
    collect(&path, "", 0, &mut files).map_err(|error| Missing::unreadable(&path, &error))?;
    let refused = |error: helm::Error| Missing::Refused { path: path.clone(), reason: error.to_string() };
    // What is no part of the chart, such as an editor's own files, must not count for the digest either.
    let files = helm::included(files).map_err(refused)?;
    let digest = Digest::of_inputs(files.iter().map(|(path, data)| (&**path, Digest::of(data))));
    let content = Content::Files(files);
    let found = Found { path: path.clone(), origin: Origin::Folder, digest, locked: false, content, parts: Vec::new() };
    check(&path, &found.chart().map_err(refused)?, name, version)?;
    Ok(found)
}

/// Whether a chart is the one that its path promises.
fn check(path: &Path, chart: &Chart, name: &str, version: &str) -> Result<(), Missing> {
    let found = chart.metadata();
    if found.name == name && same_version(&found.version, version) {
        return Ok(());
    }
    Err(Missing::Other { path: path.to_owned(), found: format!("{} {}", found.name, found.version) })
}

/// Repositories and charts do not always agree on the `v`.
fn same_version(a: &str, b: &str) -> bool {
    a.trim_start_matches('v') == b.trim_start_matches('v')
}

/// All regular files below a folder. Links are not followed: they could lead anywhere.
fn collect(folder: &Path, prefix: &str, depth: usize, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    if depth > MAX_DEPTH {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "its folders nest too deep"));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a file's name is not UTF-8"));
        };
        let kind = entry.file_type()?;
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            collect(&entry.path(), &format!("{path}/"), depth + 1, files)?;
        } else if kind.is_file() {
            files.push((path, fs::read(entry.path())?));
        }
    }
    Ok(())
}
