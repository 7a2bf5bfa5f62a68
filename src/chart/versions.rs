//! Newer versions: which there are, how far they go, and what they changed.

use super::error::ChartError;
use super::parallel;
use super::pins::Pin;
use super::repository::{Listed, Repositories};
use crate::helm::semver::{Constraints, Version};
use crate::helm::{Data, read_yaml};

/// How far an update may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// The first two numbers stay.
    Patch,
    /// The first number stays.
    Minor,
    /// Anything goes.
    Major,
}

impl Level {
    fn allows(self, from: &Version, to: &Version) -> bool {
        match self {
            Level::Patch => (from.major, from.minor) == (to.major, to.minor),
            Level::Minor => from.major == to.major,
            Level::Major => true,
        }
    }
}

/// What the repositories have for each pin; `step` is called for each one that has answered.
pub fn available(
    pins: &[Pin],
    repositories: &Repositories,
    step: impl Fn() + Sync,
) -> Vec<Result<Vec<Listed>, ChartError>> {
    parallel::map(pins, |pin| {
        let answer = repositories.versions(&pin.repository, &pin.name);
        step();
        answer
    })
}

/// The newest version within a range.
pub fn newest_in<'v>(versions: &'v [Listed], range: &str) -> Option<&'v Listed> {
    let range = Constraints::parse(range)?;
    versions.iter().filter(|listed| range.allow(&listed.parsed)).max_by(|a, b| a.parsed.compare(&b.parsed))
}

/// Whether a version that somebody writes is this one, whatever its `v`.
pub fn pinned_to(written: &str, listed: &Listed) -> bool {
    Version::parse(written).is_some_and(|version| version.compare(&listed.parsed).is_eq())
}

/// The newest version that is newer than the present one and not too far from it. Pre-releases count where the present version is one.
pub fn newer<'v>(versions: &'v [Listed], present: &str, level: Level) -> Option<&'v Listed> {
    let present = Version::parse(present)?;
    let fits = |listed: &&Listed| {
        listed.parsed.compare(&present).is_gt()
            && level.allows(&present, &listed.parsed)
            && (listed.parsed.pre.is_empty() || !present.pre.is_empty())
    };
    versions.iter().filter(fits).max_by(|a, b| a.parsed.compare(&b.parsed))
}

/// The versions after one and up to another, the newest first. Pre-releases are left out, but for the last one itself.
pub fn between<'v>(versions: &'v [Listed], from: &str, to: &str) -> Vec<&'v Listed> {
    let (Some(from), Some(to)) = (Version::parse(from), Version::parse(to)) else { return Vec::new() };
    let inside = |listed: &&Listed| {
        let at_end = listed.parsed.compare(&to);
        listed.parsed.compare(&from).is_gt() && at_end.is_le() && (at_end.is_eq() || listed.parsed.pre.is_empty())
    };
    let mut found: Vec<&Listed> = versions.iter().filter(inside).collect();
    found.sort_by(|a, b| b.parsed.compare(&a.parsed));
    found
}

/// What one version changed, from the text of the annotation `artifacthub.io/changes`: one line for each change.
pub fn change_notes(annotation: &str) -> Vec<String> {
    let read = read_yaml(annotation).ok();
    match read.as_ref().and_then(Data::as_list) {
        Some(items) => items.iter().filter_map(note).collect(),
        // Not all charts keep to the form.
        None => annotation
            .lines()
            .map(|line| one_line(line.trim_start_matches(['-', ' '])))
            .filter(|l| !l.is_empty())
            .collect(),
    }
}

fn note(item: &Data) -> Option<String> {
    let map = match item {
        Data::Str(text) => return Some(one_line(text)),
        other => other.as_map()?,
    };
    let text = |key: &str| map.get(key).and_then(Data::as_str).map(one_line);
    let description = text("description")?;
    Some(match text("kind") {
        Some(kind) => format!("{kind}: {description}"),
        None => description,
    })
}

/// Text of others on one line of a terminal, which it must not be able to drive.
fn one_line(text: &str) -> String {
    crate::diagnostic::paint::clean(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::{Level, Listed, Version, between, change_notes, newer};

    fn listed(versions: &[&str]) -> Vec<Listed> {
        let one = |version: &&str| Listed {
            version: (*version).to_owned(),
            digest: None,
            deprecated: false,
            changes: None,
            parsed: Version::parse(version).unwrap(),
            urls: Vec::new(),
        };
        versions.iter().map(one).collect()
    }

    #[test]
    fn an_update_goes_as_far_as_it_may() {
        let all = listed(&["3.0.0-rc.1", "2.0.0", "v1.4.0", "1.2.9", "1.2.3", "1.1.0"]);
        let of = |present: &str, level| newer(&all, present, level).map(|listed| listed.version.as_str());
        assert_eq!(of("1.2.3", Level::Patch), Some("1.2.9"));
        assert_eq!(of("1.2.3", Level::Minor), Some("v1.4.0"));
        assert_eq!(of("1.2.3", Level::Major), Some("2.0.0"));
        assert_eq!(of("2.0.0", Level::Major), None, "a pre-release is none for those who run releases");
        assert_eq!(of("3.0.0-beta.1", Level::Major), Some("3.0.0-rc.1"));
        let names: Vec<&str> = between(&all, "1.2.3", "2.0.0").iter().map(|listed| listed.version.as_str()).collect();
        assert_eq!(names, ["2.0.0", "v1.4.0", "1.2.9"]);
    }

    #[test]
    fn notes_are_read_in_all_forms() {
        assert_eq!(change_notes("- one\n- \"two\\nlines\"\n"), ["one", "two lines"]);
        assert_eq!(
            change_notes("- kind: fixed\n  description: It\n  links: []\n- description: That\n"),
            ["fixed: It", "That"]
        );
        assert_eq!(change_notes("Just: text\n* and: more"), ["Just: text", "* and: more"]);
        assert_eq!(change_notes("- \"\\e[31mred\"\n"), ["\u{fffd}[31mred"]);
    }
}
