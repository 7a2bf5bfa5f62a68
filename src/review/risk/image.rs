//! Container images.

use super::changed::Changed;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::review::keys::KeyDiff;

const SOURCE: Rule = Rule {
    id: "image-source-changed",
    level: Level::Security,
    title: "image comes from another place",
    advice: "See that you trust the place, and that policies on registries and signatures know it.",
};

const UNPINNED: Rule = Rule {
    id: "image-unpinned",
    level: Level::Security,
    title: "image is no longer pinned",
    advice: "Which bytes run is decided when a pod starts, by whoever can push to the registry. Name a version, or better a digest.",
};

const CHANGED: Rule =
    Rule { id: "image-changed", level: Level::Restart, title: "another image", advice: "Pods that run it start anew." };

pub(super) const RULES: &[&Rule] = &[&SOURCE, &UNPINNED, &CHANGED];

/// What of an image a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `registry/repository:tag@digest`
    Whole,
    /// The registry, or the repository in it.
    Place,
    /// The tag.
    Tag,
    /// The digest.
    Digest,
}

/// Which part of an image a key says, by the names that workloads and charts use.
pub(super) fn part(key: &KeyDiff) -> Option<Part> {
    let is_image = |name: &str| {
        let name = name.to_ascii_lowercase();
        name == "image" || name.ends_with("image") || name == "images"
    };
    let parent = key.names().rev().nth(1).is_some_and(is_image);
    let text = key.new_text().or(key.old_text())?;
    match key.last() {
        "tag" | "imageTag" if parent || key.last() == "imageTag" => Some(Part::Tag),
        "digest" | "sha" if parent => Some(Part::Digest),
        "repository" | "registry" | "name" if parent => Some(Part::Place),
        "imageRegistry" | "imageRepository" => Some(Part::Place),
        last if is_image(last) && (text.contains('/') || text.contains(':')) => Some(Part::Whole),
        _ => None,
    }
}

pub(super) fn check(changed: &Changed<'_>, _: &Scene<'_>, found: &mut Found) {
    if changed.both().is_none() || !changed.has_settings() {
        return;
    }
    for key in changed.leaves() {
        let Some(part) = part(key) else { continue };
        let (old, new) = (key.old_text().unwrap_or_default(), key.new_text().unwrap_or_default());
        let rule = match part {
            _ if old.is_empty() && part != Part::Digest => &CHANGED,
            Part::Whole if is_pinned(old) && !is_pinned(new) => &UNPINNED,
            Part::Whole if place(old) != place(new) => &SOURCE,
            Part::Place => &SOURCE,
            Part::Tag if is_floating(new) && !is_floating(old) => &UNPINNED,
            Part::Digest if !old.is_empty() && new.is_empty() => &UNPINNED,
            _ => &CHANGED,
        };
        if !(old.is_empty() && new.is_empty()) {
            found.at(rule, changed, key, changed.arrow(key));
        }
    }
}

/// The image without tag and digest.
fn place(image: &str) -> &str {
    let image = image.split('@').next().unwrap_or(image);
    match image.rsplit_once(':') {
        // A colon before a slash is that of a port.
        Some((place, tag)) if !tag.contains('/') => place,
        _ => image,
    }
}

fn is_floating(tag: &str) -> bool {
    matches!(tag, "" | "latest" | "main" | "master" | "edge" | "nightly" | "dev")
}

/// Whether a digest, or at least a tag that is meant to stay, says which image.
fn is_pinned(image: &str) -> bool {
    image.contains('@') || !is_floating(image.strip_prefix(place(image)).unwrap_or_default().trim_start_matches(':'))
}

#[cfg(test)]
mod tests {
    use super::{is_pinned, place};

    #[test]
    fn images_are_taken_apart() {
        assert_eq!(place("registry:5000/a/b:1.2@sha256:00"), "registry:5000/a/b");
        assert_eq!(place("registry:5000/a/b"), "registry:5000/a/b");
        assert!(is_pinned("a:1.2") && is_pinned("a@sha256:00"));
        assert!(!is_pinned("a") && !is_pinned("a:latest") && !is_pinned("registry:5000/a"));
    }
}
