//! From a lock to archives: into the cache, and into a folder that can be committed.

use std::fs;
use std::path::{Path, PathBuf};

use super::cache::{Cache, write_atomically};
use super::error::ChartError;
use super::id::ChartId;
use super::lock::{Lock, Locked};
use super::locking::{changed, checked};
use super::parallel;
use super::repository::Repositories;
use super::store::vendored_name;
use crate::diagnostic::codes::charts;
use crate::emit::Digest;

/// What came of fetching.
#[derive(Debug, Default)]
pub struct Fetched {
    /// How many archives were there already.
    pub kept: usize,
    /// How many were downloaded.
    pub downloaded: usize,
    /// How many were written into the vendored folder.
    pub vendored: usize,
    /// What went wrong.
    pub errors: Vec<ChartError>,
}

/// Fetches the archives of a lock; `step` is called for each one that is done.
pub fn fetch(
    lock: &Lock,
    repositories: &Repositories,
    cache: &Cache,
    vendor: Option<&Path>,
    step: impl Fn() + Sync,
) -> Fetched {
    let mut wanted: Vec<&Locked> = lock.charts().iter().collect();
    wanted.dedup_by(|a, b| a.digest == b.digest && a.name == b.name && a.version == b.version);
    let results = parallel::map(&wanted, |chart| {
        let result = archive(chart, repositories, cache);
        step();
        result
    });
    let mut fetched = Fetched::default();
    let mut names = Vec::new();
    for (chart, result) in wanted.iter().zip(results) {
        let bytes = match result {
            Ok((bytes, true)) => {
                fetched.downloaded += 1;
                bytes
            }
            Ok((bytes, false)) => {
                fetched.kept += 1;
                bytes
            }
            Err(error) => {
                fetched.errors.push(error);
                continue;
            }
        };
        let Some(folder) = vendor else { continue };
        match place(folder, chart, &bytes, &mut names) {
            Ok(written) => fetched.vendored += usize::from(written),
            Err(error) => fetched.errors.push(error),
        }
    }
    fetched
}

/// The archive of a locked chart, and whether it had to be downloaded.
fn archive(chart: &Locked, repositories: &Repositories, cache: &Cache) -> Result<(Vec<u8>, bool), ChartError> {
    let path = cache.path(chart.digest);
    if let Some(bytes) = cache.get(chart.digest).map_err(|error| ChartError::io("read", &path, &error))? {
        return Ok((bytes, false));
    }
    let id = ChartId { repository: &chart.repository, name: &chart.name, version: &chart.version };
    let mut listed = repositories.resolve(id).map_err(|error| offline(error, chart))?;
    // The lock is what counts: an index that tells another digest has changed too.
    let told = listed.digest.take().filter(|told| *told != chart.digest);
    if let Some(told) = told {
        return Err(changed(id, &chart.version, chart.digest, told));
    }
    let bytes = repositories.archive(id.repository, id.name, &listed).map_err(|error| offline(error, chart))?;
    let found = Digest::of(&bytes);
    if found != chart.digest {
        return Err(changed(id, &chart.version, chart.digest, found));
    }
    checked(id, &listed, &bytes)?;
    cache.put(&bytes).map_err(|error| ChartError::io("write", &path, &error))?;
    Ok((bytes, true))
}

/// Says which chart it is that cannot be had offline.
fn offline(error: ChartError, chart: &Locked) -> ChartError {
    if error.code != &charts::OFFLINE {
        return error;
    }
    let message = format!("{} {} is not in the cache, and `--offline` forbids to get it", chart.name, chart.version);
    ChartError::new(&charts::OFFLINE, message).help("run `stackgen fetch` where there is a network")
}

/// Writes an archive into a folder, unless it is there. Says whether it was written.
fn place(folder: &Path, chart: &Locked, bytes: &[u8], names: &mut Vec<String>) -> Result<bool, ChartError> {
    let mut name = vendored_name(&chart.name, &chart.version, None);
    if names.contains(&name) {
        name = vendored_name(&chart.name, &chart.version, Some(chart.digest));
    }
    let path: PathBuf = folder.join(&name);
    if name.contains(['/', '\\']) {
        return Err(ChartError::new(&charts::REFUSED, format!("`{name}` is no name for a file")));
    }
    names.push(name);
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(false);
    }
    write_atomically(&path, bytes).map_err(|error| ChartError::io("write", &path, &error))?;
    Ok(true)
}
