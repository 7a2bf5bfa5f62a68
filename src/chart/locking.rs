//! From pins to a lock: what each pin means today, and the digest of its archive.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::archive::inspect;
use super::cache::Cache;
use super::error::ChartError;
use super::id::{ChartId, exact, same_repository};
use super::lock::{Lock, Locked, LockedDependency};
use super::parallel;
use super::pins::Pin;
use super::repository::{Listed, Repositories};
use crate::diagnostic::{Diagnostic, codes::charts};
use crate::emit::Digest;
use crate::helm::semver::{Constraints, Version};
use crate::helm::{Chart, Dependency};
use crate::yaml::Span;

/// How a lock is made.
#[derive(Debug)]
pub struct Locking<'a> {
    /// The lock so far.
    pub old: Option<&'a Lock>,
    /// Where charts come from.
    pub repositories: &'a Repositories,
    /// Where their archives are kept.
    pub cache: &'a Cache,
    /// Whether to ask again for what is locked already.
    pub refresh: bool,
}

/// A chart to lock, with the place that asks for it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Wanted {
    repository: Arc<str>,
    name: Arc<str>,
    version: Arc<str>,
    span: Span,
}

impl Wanted {
    fn id(&self) -> ChartId<'_> {
        ChartId { repository: &self.repository, name: &self.name, version: &self.version }
    }
}

impl Locking<'_> {
    /// Locks the charts of all pins; `step` is called for each one that is done. What cannot be locked is a finding.
    pub fn run(&self, pins: &[Pin], step: impl Fn() + Sync) -> (Lock, Vec<Diagnostic>) {
        let mut queue: Vec<Wanted> = Vec::new();
        let mut known: BTreeSet<(Arc<str>, Arc<str>, Arc<str>)> = BTreeSet::new();
        let mut add = |queue: &mut Vec<Wanted>, wanted: Wanted| {
            if known.insert((wanted.repository.clone(), wanted.name.clone(), wanted.version.clone())) {
                queue.push(wanted);
            }
        };
        for pin in pins {
            let (repository, name, version) = (pin.repository.clone(), pin.name.clone(), pin.version.clone());
            add(&mut queue, Wanted { repository, name, version, span: pin.span });
        }
        let (mut locked, mut found) = (Vec::new(), Vec::new());
        while !queue.is_empty() {
            let results = parallel::map(&queue, |wanted| {
                let result = self.lock(wanted);
                step();
                result
            });
            let round = std::mem::take(&mut queue);
            for (wanted, result) in round.iter().zip(results) {
                match result {
                    Ok(chart) => {
                        for part in chart.dependencies.iter().filter(|part| !part.vendored) {
                            let repository = part.repository.clone().unwrap_or_default();
                            let (name, version) = (part.name.clone(), part.version.clone());
                            add(&mut queue, Wanted { repository, name, version, span: wanted.span });
                        }
                        locked.push(chart);
                    }
                    Err(error) => found.push(error.into_diagnostic(wanted.span)),
                }
            }
        }
        (Lock::new(locked), found)
    }

    fn lock(&self, wanted: &Wanted) -> Result<Locked, ChartError> {
        let id = wanted.id();
        let old = self.old.and_then(|lock| lock.find(id));
        if let Some(old) = old.filter(|_| !self.refresh) {
            return Ok(old.clone());
        }
        // A range that is locked stays where it is: moving it is what `stackgen update` is for.
        let listed = match old {
            Some(old) => self.repositories.resolve(ChartId { version: &old.version, ..id })?,
            None => self.repositories.resolve(id)?,
        };
        let bytes = self.bytes(id, &listed)?;
        let digest = Digest::of(&bytes);
        self.compare(id, &listed, digest)?;
        let chart = checked(id, &listed, &bytes)?;
        self.cache.put(&bytes).map_err(|error| ChartError::io("write", &self.cache.path(digest), &error))?;
        Ok(Locked {
            repository: wanted.repository.clone(),
            name: wanted.name.clone(),
            version: Arc::from(listed.version.as_str()),
            pinned: (*wanted.version != listed.version).then(|| wanted.version.clone()),
            digest,
            dependencies: self.dependencies(&chart)?,
        })
    }

    /// The archive: from the cache where the repository tells its digest, or from the repository.
    fn bytes(&self, id: ChartId<'_>, listed: &Listed) -> Result<Vec<u8>, ChartError> {
        if let Some(digest) = listed.digest.filter(|_| !self.refresh)
            && let Some(bytes) =
                self.cache.get(digest).map_err(|error| ChartError::io("read", &self.cache.path(digest), &error))?
        {
            return Ok(bytes);
        }
        self.repositories.archive(id.repository, id.name, listed)
    }

    /// A version that was locked before, under whatever pin, has not changed since.
    fn compare(&self, id: ChartId<'_>, listed: &Listed, digest: Digest) -> Result<(), ChartError> {
        let before =
            self.old.into_iter().flat_map(|lock| lock.of_name(id)).find(|chart| *chart.version == *listed.version);
        match before {
            Some(before) if before.digest != digest => Err(changed(id, &listed.version, before.digest, digest)),
            _ => Ok(()),
        }
    }

    /// The charts that lie in the archive, and those that the archive only names.
    fn dependencies(&self, chart: &Chart) -> Result<Vec<LockedDependency>, ChartError> {
        let declared = &chart.metadata().dependencies;
        let mut all = Vec::new();
        for inner in chart.dependencies() {
            let own = inner.metadata();
            let from = declared.iter().find(|one| one.name == own.name).map(|one| one.repository.as_str());
            all.push(LockedDependency {
                name: Arc::from(own.name.as_str()),
                version: Arc::from(own.version.as_str()),
                repository: from.filter(|from| !from.is_empty()).map(Arc::from),
                vendored: true,
            });
        }
        for missing in declared.iter().filter(|one| !chart.dependencies().iter().any(|inner| fits(one, inner))) {
            all.push(self.outside(chart, missing)?);
        }
        all.sort();
        all.dedup();
        Ok(all)
    }

    /// A chart that the archive should hold and does not.
    fn outside(&self, chart: &Chart, missing: &Dependency) -> Result<LockedDependency, ChartError> {
        let nowhere = |why: &str| {
            let message =
                format!("the archive of `{}` lacks its dependency `{}`, {why}", chart.metadata().name, missing.name);
            ChartError::new(&charts::NOT_THERE, message)
        };
        let repository = self.repositories.resolve_alias(&missing.repository);
        let repository = repository.ok_or_else(|| nowhere("and names a repository that Helm's configuration lacks"))?;
        if !repository.contains("://") || repository.starts_with("file:") {
            return Err(nowhere("and does not say where it can be had"));
        }
        let locked = self.old.and_then(|lock| {
            let range = Constraints::parse(&missing.version)?;
            let id = ChartId { repository: &repository, name: &missing.name, version: "" };
            lock.of_name(id).find(|known| Version::parse(&known.version).is_some_and(|v| range.allow(&v)))
        });
        let version = match locked {
            Some(known) => known.version.to_string(),
            None => {
                let id = ChartId { repository: &repository, name: &missing.name, version: &missing.version };
                self.repositories.resolve(id)?.version
            }
        };
        Ok(LockedDependency {
            name: Arc::from(missing.name.as_str()),
            version: Arc::from(version),
            repository: Some(Arc::from(repository)),
            vendored: false,
        })
    }
}

fn fits(declared: &Dependency, inner: &Chart) -> bool {
    inner.metadata().name == declared.name
}

/// The chart in an archive, if it is the one that was asked for.
pub(super) fn checked(id: ChartId<'_>, listed: &Listed, bytes: &[u8]) -> Result<Chart, ChartError> {
    let refused = |why: String| {
        let message = format!("the archive of {} {} is refused: {why}", id.name, listed.version);
        ChartError::new(&charts::REFUSED, message)
    };
    inspect(bytes).map_err(refused)?;
    let chart = Chart::from_archive(bytes).map_err(|error| refused(error.to_string()))?;
    let own = chart.metadata();
    let same = exact(&own.version).zip(exact(&listed.version)).is_none_or(|(a, b)| a.compare(&b).is_eq());
    if own.name != id.name || !same {
        return Err(refused(format!("it is {} {}", own.name, own.version)));
    }
    Ok(chart)
}

/// What was locked is not what is given out now.
pub(super) fn changed(id: ChartId<'_>, version: &str, locked: Digest, found: Digest) -> ChartError {
    let message =
        format!("{} {version} changed after it was locked: `{}` now gives out another archive", id.name, id.repository);
    ChartError::new(&charts::CHANGED, message).help(format!(
        "its sha256 is {found}, locked is {locked}; ask its publisher before you lock it anew (`stackgen explain SG1104`)"
    ))
}

/// What changed between two locks, in words: `grafana 9.2.0 → 9.2.1`.
pub fn differences(old: Option<&Lock>, new: &Lock) -> Vec<String> {
    let charts = |lock: Option<&Lock>| lock.map(|lock| lock.charts().to_vec()).unwrap_or_default();
    let (before, after) = (charts(old), charts(Some(new)));
    let gone: Vec<&Locked> = before.iter().filter(|chart| !after.contains(chart)).collect();
    let came: Vec<&Locked> = after.iter().filter(|chart| !before.contains(chart)).collect();
    let same = |a: &Locked, b: &Locked| a.name == b.name && same_repository(&a.repository, &b.repository);
    let mut said = Vec::new();
    for chart in &came {
        said.push(match gone.iter().find(|old| same(old, chart)) {
            Some(old) if old.version != chart.version => format!("{} {} → {}", chart.name, old.version, chart.version),
            Some(_) => format!("{} {} anew", chart.name, chart.version),
            None => format!("{} {}", chart.name, chart.version),
        });
    }
    for chart in gone.iter().filter(|chart| !came.iter().any(|new| same(new, chart))) {
        said.push(format!("{} {} no longer", chart.name, chart.version));
    }
    said
}
