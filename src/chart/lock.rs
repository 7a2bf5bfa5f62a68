//! `blueprints/charts.lock`: what each chart was when it was locked.

use std::sync::Arc;

use super::id::{ChartId, same_repository};
use crate::decode::{Context, Decode, Text, record};
use crate::diagnostic::{Diagnostic, Sink, SourceMap, codes::charts, codes::shape};
use crate::emit::Digest;
use crate::source::API_VERSION;
use crate::yaml::{self, FileId, Node, Order};

/// Where the lock lies in a repository.
pub const LOCK_PATH: &str = "blueprints/charts.lock";

const KIND: &str = "ChartLock";
const HEAD: &str = "# Written by `stackgen lock`. Do not edit.\n";
const SHA256: &str = "sha256:";

/// All locked charts, sorted by repository, name and version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    charts: Vec<Locked>,
}

/// A locked chart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Locked {
    /// `https://…` or `oci://…`.
    pub repository: Arc<str>,
    /// The chart's name.
    pub name: Arc<str>,
    /// The exact version.
    pub version: Arc<str>,
    /// What is pinned, where that is not just the version.
    pub pinned: Option<Arc<str>>,
    /// The archive's digest.
    pub digest: Digest,
    /// The charts that it is made with.
    pub dependencies: Vec<LockedDependency>,
}

/// A chart that another one is made with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedDependency {
    /// Its name.
    pub name: Arc<str>,
    /// Its exact version.
    pub version: Arc<str>,
    /// Where it comes from, if the chart says so.
    pub repository: Option<Arc<str>>,
    /// Whether it lies in the chart's own archive. One that does not is locked on its own.
    pub vendored: bool,
}

impl Locked {
    /// The chart as it is pinned.
    pub fn id(&self) -> ChartId<'_> {
        let version = self.pinned.as_deref().unwrap_or(&self.version);
        ChartId { repository: &self.repository, name: &self.name, version }
    }
}

impl Lock {
    /// A lock of these charts.
    pub fn new(mut charts: Vec<Locked>) -> Self {
        charts.sort();
        charts.dedup();
        Lock { charts }
    }

    /// All charts, sorted.
    pub fn charts(&self) -> &[Locked] {
        &self.charts
    }

    /// The locked chart of a pin.
    pub fn find(&self, id: ChartId<'_>) -> Option<&Locked> {
        self.of_name(id).find(|chart| chart.id().version == id.version)
    }

    /// The locked charts of a pin's repository and name, whatever their version.
    pub fn of_name<'a, 'i>(&'a self, id: ChartId<'i>) -> impl Iterator<Item = &'a Locked> + use<'a, 'i> {
        self.charts
            .iter()
            .filter(move |chart| *chart.name == *id.name && same_repository(&chart.repository, id.repository))
    }

    /// Whether a locked chart is a part of another one.
    pub fn is_part(&self, chart: &Locked) -> bool {
        let is = |part: &LockedDependency| {
            let same = part.repository.as_deref().is_some_and(|from| same_repository(from, &chart.repository));
            !part.vendored && same && part.name == chart.name && part.version == chart.version
        };
        self.charts.iter().any(|other| other.dependencies.iter().any(is))
    }

    /// The lock without a pin.
    #[must_use]
    pub fn without(&self, id: ChartId<'_>) -> Lock {
        let gone = self.find(id);
        Lock { charts: self.charts.iter().filter(|chart| Some(*chart) != gone).cloned().collect() }
    }

    /// Reads the text of a lock; what is wrong with it goes to the sink.
    pub fn read(sources: &SourceMap, file: FileId, sink: &mut Sink) -> Option<Self> {
        let text = sources.file(file)?.text.clone();
        let node = yaml::parse(file, &text, sink)?;
        let document = LockDocument::decode(&node, &mut Context { text: &text, sink })?;
        for (found, wanted) in [(&document.api_version, API_VERSION), (&document.kind, KIND)] {
            if found != wanted {
                sink.push(
                    Diagnostic::error(&shape::WRONG_DOCUMENT, found.span, format!("`{wanted}` is wanted here"))
                        .help("delete the file, and run `stackgen lock`"),
                );
                return None;
            }
        }
        let mark = sink.mark();
        let charts = document.charts.into_iter().filter_map(|entry| entry.into_locked(sink)).collect();
        if sink.errors_since(mark) { None } else { Some(Lock::new(charts)) }
    }

    /// The text of the file.
    pub fn write(&self) -> String {
        let node = Node::map([
            ("apiVersion", Node::str(API_VERSION)),
            ("kind", Node::str(KIND)),
            ("charts", Node::seq(self.charts.iter().map(Locked::node).collect())),
        ]);
        let mut text = String::from(HEAD);
        yaml::write(&node, Order::AsIs, &mut text);
        text
    }
}

impl Locked {
    fn node(&self) -> Node {
        let mut entries = vec![
            ("name", Node::str(&self.name)),
            ("version", Node::str(&self.version)),
            ("repository", Node::str(&self.repository)),
            ("digest", Node::str(format!("{SHA256}{}", self.digest))),
        ];
        if let Some(pinned) = &self.pinned {
            entries.insert(2, ("pinned", Node::str(pinned)));
        }
        if !self.dependencies.is_empty() {
            entries.push(("dependencies", Node::seq(self.dependencies.iter().map(LockedDependency::node).collect())));
        }
        Node::map(entries)
    }
}

impl LockedDependency {
    fn node(&self) -> Node {
        let mut entries = vec![("name", Node::str(&self.name)), ("version", Node::str(&self.version))];
        entries.extend(self.repository.as_ref().map(|repository| ("repository", Node::str(repository))));
        if self.vendored {
            entries.push(("vendored", Node::bool(true)));
        }
        Node::map(entries)
    }
}

record! {
    /// The charts of a repository, as they were when they were locked.
    pub struct LockDocument {
        /// `stackgen.dev/v1`
        "apiVersion" => api_version: Text,
        /// `ChartLock`
        "kind" => kind: Text,
        /// The charts.
        "charts" => charts: Vec<Entry>,
    }
}

record! {
    /// A locked chart.
    pub struct Entry {
        /// Its name.
        "name" => name: Text,
        /// Its exact version.
        "version" => version: Text,
        /// What is pinned, where that is a range.
        "pinned" => pinned: Option<Text>,
        /// Where it comes from.
        "repository" => repository: Text,
        /// The archive's digest: `sha256:` and 64 digits.
        "digest" => digest: Text,
        /// The charts that it is made with.
        "dependencies" => dependencies: Vec<Part>,
    }
}

record! {
    /// A chart that another one is made with.
    pub struct Part {
        /// Its name.
        "name" => name: Text,
        /// Its exact version.
        "version" => version: Text,
        /// Where it comes from.
        "repository" => repository: Option<Text>,
        /// Whether it lies in the chart's archive.
        "vendored" => vendored: bool = false,
    }
}

impl Entry {
    fn into_locked(self, sink: &mut Sink) -> Option<Locked> {
        let Some(digest) = self.digest.text.strip_prefix(SHA256).and_then(Digest::parse) else {
            sink.push(
                Diagnostic::error(&charts::BAD_LOCK, self.digest.span, "this is no digest")
                    .here("`sha256:` and 64 digits are wanted")
                    .help("get the lock back from git, or delete it and run `stackgen lock`"),
            );
            return None;
        };
        let part = |part: Part| LockedDependency {
            name: part.name.text,
            version: part.version.text,
            repository: part.repository.map(|repository| repository.text),
            vendored: part.vendored,
        };
        Some(Locked {
            repository: self.repository.text,
            name: self.name.text,
            version: self.version.text,
            pinned: self.pinned.map(|pinned| pinned.text),
            digest,
            dependencies: self.dependencies.into_iter().map(part).collect(),
        })
    }
}
