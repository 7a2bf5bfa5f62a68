//! What names a chart.

use std::fmt;

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

/// Whether two texts name one repository.
pub(crate) fn same_repository(a: &str, b: &str) -> bool {
    a.trim_end_matches('/') == b.trim_end_matches('/')
}
