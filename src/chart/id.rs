//! What names a chart.

use std::fmt;

use crate::helm::semver::Version;

/// A chart as a blueprint or an overlay pins it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChartId<'a> {
    /// `https://…` or `oci://…`.
    pub repository: &'a str,
    /// The chart's name.
    pub name: &'a str,
    /// The version, or the range of versions, as it is written.
    pub version: &'a str,
}

impl fmt::Display for ChartId<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.version)
    }
}

/// A version that leaves no choice: all three numbers, and nothing that makes a range.
pub(crate) fn exact(version: &str) -> Option<Version> {
    let parsed = Version::parse(version)?;
    let core = version.split(['-', '+']).next().unwrap_or(version);
    (core.split('.').count() == 3).then_some(parsed)
}

/// Whether a pin leaves the choice of a version open.
pub(crate) fn is_range(version: &str) -> bool {
    exact(version).is_none()
}

/// Whether two texts name one repository.
pub(crate) fn same_repository(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}
