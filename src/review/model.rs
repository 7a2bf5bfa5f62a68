//! What a review says, as plain data: renderers read nothing else.

use std::fmt;
use std::ops::Add;
use std::sync::Arc;

use serde_json::Value as Json;

use super::risk::Rule;

/// Names of environments, sorted.
pub type Environments = Vec<Arc<str>>;

/// How bad it can get. The worst comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Data can be gone for good.
    DataLoss,
    /// A service can stop, or a sync can fail until somebody helps.
    Outage,
    /// Something is allowed, or can be reached, that was not before.
    Security,
    /// Pods start anew.
    Restart,
    /// Good to know before it is merged.
    Info,
}

impl Level {
    /// All levels, the worst first.
    pub const ALL: [Level; 5] = [Level::DataLoss, Level::Outage, Level::Security, Level::Restart, Level::Info];

    /// The word for machines: `data-loss`.
    pub fn id(self) -> &'static str {
        match self {
            Level::DataLoss => "data-loss",
            Level::Outage => "outage",
            Level::Security => "security",
            Level::Restart => "restart",
            Level::Info => "info",
        }
    }

    /// The word for people: `data loss`.
    pub fn title(self) -> &'static str {
        match self {
            Level::DataLoss => "data loss",
            _ => self.id(),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// The difference between two rendered trees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Review {
    /// What the first side is called: a revision, a folder.
    pub before: String,
    /// What the second side is called.
    pub after: String,
    /// Every environment that was compared.
    pub environments: Environments,
    /// What changed: components by name, then what belongs to no component.
    pub components: Vec<ComponentReview>,
}

/// What changed in a component, or in a part of the tree that belongs to none (`(hosts)`, `(platform)`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComponentReview {
    /// Its name.
    pub name: String,
    /// The environments in which it changed.
    pub environments: Environments,
    /// What the change can do, the worst first.
    pub risks: Vec<Risk>,
    /// The changed files, by path.
    pub files: Vec<FileReview>,
}

/// A risk: what a rule says of a change.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What happens, with the names and values of this change.
    pub message: String,
    /// The file where it shows.
    pub path: String,
    /// The object, where it is about one: `Deployment monitoring/grafana`.
    pub object: Option<String>,
    /// The key, where it is about one: `spec.replicas`.
    pub key: Option<String>,
    /// Where it was found.
    pub environments: Environments,
}

/// What happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Its content is another one.
    Modified,
    /// It has another path, and mostly or wholly the same content.
    Moved,
}

impl Change {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Change::Added => "added",
            Change::Removed => "removed",
            Change::Modified => "modified",
            Change::Moved => "moved",
        }
    }
}

/// Why a change needs no reading. Nothing is left out for it; it is only shown smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Noise {
    /// Only labels that name the chart's version differ.
    ChartLabels,
    /// The values are the same: comments, quotes or the order of keys differ.
    Formatting,
    /// Only the ends of lines differ (CRLF and LF).
    LineEnds,
    /// Digests, which follow from all other files.
    Digests,
}

impl Noise {
    /// The word for machines.
    pub fn id(self) -> &'static str {
        match self {
            Noise::ChartLabels => "chart-labels",
            Noise::Formatting => "formatting",
            Noise::LineEnds => "line-ends",
            Noise::Digests => "digests",
        }
    }

    /// The words for people.
    pub fn title(self) -> &'static str {
        match self {
            Noise::ChartLabels => "only labels that name the chart's version",
            Noise::Formatting => "same values, other formatting",
            Noise::LineEnds => "only the ends of lines",
            Noise::Digests => "digests of the other files",
        }
    }
}

/// What is to be said of a file beside its lines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// It is not text: its sizes in bytes.
    Binary {
        /// Before; none where there was no file.
        before: Option<usize>,
        /// After; none where there is no file.
        after: Option<usize>,
    },
    /// A side is not YAML that can be read, so only lines were compared and no rule looked at it.
    NotYaml,
    /// It may hold a Secret and cannot be read, so its lines are not shown.
    Withheld,
    /// The ends of its lines differ as well: true where they are CRLF now.
    LineEnds(bool),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Binary { before: Some(before), after: Some(after) } => {
                write!(f, "not text: {before} bytes before, {after} bytes now")
            }
            Note::Binary { before, after } => write!(f, "not text: {} bytes", before.or(*after).unwrap_or(0)),
            Note::NotYaml => f.write_str("not readable as YAML: only lines are compared, no rule looked at it"),
            Note::Withheld => f.write_str("not readable as YAML, and it names a Secret: its lines are not shown"),
            Note::LineEnds(true) => f.write_str("lines end in CRLF now"),
            Note::LineEnds(false) => f.write_str("lines end in LF now"),
        }
    }
}

/// A changed file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileReview {
    /// Its path below the environment's folder: the new one, where there is one.
    pub path: String,
    /// Its earlier path, if it moved.
    pub from: Option<String>,
    /// What happened.
    pub change: Change,
    /// Why it needs no reading.
    pub noise: Option<Noise>,
    /// What else is to be said.
    pub notes: Vec<Note>,
    /// Where it changed.
    pub environments: Environments,
    /// Changed keys, in the order of the file.
    pub keys: Vec<KeyChange>,
    /// Changed lines with some around them, in the order of the file.
    pub hunks: Vec<Hunk>,
}

/// A changed key of a YAML document.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyChange {
    /// The object, in a file of several: `Kind name`.
    pub object: Option<String>,
    /// The path: `spec.containers[name=app].image`.
    pub path: String,
    /// The value before; none where the key is new.
    pub before: Option<Json>,
    /// The value after; none where the key is gone.
    pub after: Option<Json>,
    /// Whether only the order of the items of a list is another one.
    pub reordered: bool,
    /// Where.
    pub environments: Environments,
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LineKind {
    /// It is on both sides.
    Context,
    /// It is gone.
    Removed,
    /// It is new.
    Added,
}

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether just this differs from the other side's line.
    pub marked: bool,
}

/// A line of a hunk, without its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// What happened to it.
    pub kind: LineKind,
    /// Its text, in pieces.
    pub pieces: Vec<Piece>,
    /// Whether it is the file's last line and has no newline.
    pub unfinished: bool,
}

impl Line {
    /// The whole text.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|p| p.text.as_str()).collect()
    }
}

/// Changed lines that stand together, with some around them.
#[derive(Clone, Debug, PartialEq)]
pub struct Hunk {
    /// Number of the first line before (from 1), and how many lines.
    pub before: (usize, usize),
    /// Number of the first line after (from 1), and how many lines.
    pub after: (usize, usize),
    /// The key that encloses the change, for orientation.
    pub inside: String,
    /// The lines. Where several environments share the change, those around it are the first environment's.
    pub lines: Vec<Line>,
    /// Where.
    pub environments: Environments,
}

/// How many lines came and went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// New lines.
    pub added: usize,
    /// Lines that are gone.
    pub removed: usize,
}

impl Add for Lines {
    type Output = Lines;

    fn add(self, other: Lines) -> Lines {
        Lines { added: self.added + other.added, removed: self.removed + other.removed }
    }
}

impl Hunk {
    /// Its changed lines.
    pub fn count(&self) -> Lines {
        let of = |kind| self.lines.iter().filter(|line| line.kind == kind).count();
        Lines { added: of(LineKind::Added), removed: of(LineKind::Removed) }
    }
}

impl FileReview {
    /// Its changed lines; the same change in several environments counts once, and digests do not count.
    pub fn count(&self) -> Lines {
        if self.noise == Some(Noise::Digests) {
            return Lines::default();
        }
        self.hunks.iter().map(Hunk::count).fold(Lines::default(), Lines::add)
    }
}

impl ComponentReview {
    /// Its changed lines; the same change in several environments counts once.
    pub fn count(&self) -> Lines {
        self.files.iter().map(FileReview::count).fold(Lines::default(), Lines::add)
    }
}

impl Review {
    /// Whether the two sides are the same.
    pub fn is_empty(&self) -> bool {
        self.components.is_empty()
    }

    /// All risks, the worst first.
    pub fn risks(&self) -> Vec<(&ComponentReview, &Risk)> {
        let mut all: Vec<_> = self.components.iter().flat_map(|c| c.risks.iter().map(move |r| (c, r))).collect();
        all.sort_by_key(|(_, risk)| risk.rule.level);
        all
    }

    /// The worst level of all risks.
    pub fn worst(&self) -> Option<Level> {
        self.components.iter().flat_map(|c| &c.risks).map(|r| r.rule.level).min()
    }

    /// The changed lines of all; the same change in several environments counts once.
    pub fn count(&self) -> Lines {
        self.components.iter().map(ComponentReview::count).fold(Lines::default(), Lines::add)
    }
}
