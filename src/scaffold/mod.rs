//! The first files of a platform repository, of a component, and of an environment: small, and compiling at once.

mod environment;

pub use environment::{Like, environment_like};

/// A file to write: its path from the repository's root, and its text.
pub type NewFile = (String, String);

/// A platform repository with one environment, `dev`.
///
/// `repository` is where git will be, `domain` the domain of the platform's hosts.
pub fn platform(repository: &str, domain: &str) -> Vec<NewFile> {
    let files = [
        ("overlays/base.yaml", include_str!("platform/base.yaml")),
        ("overlays/envs/dev.yaml", include_str!("platform/dev.yaml")),
        ("README.md", include_str!("platform/README.md")),
        (".gitignore", include_str!("platform/gitignore")),
        (".gitattributes", include_str!("platform/gitattributes")),
        (".pre-commit-config.yaml", include_str!("platform/pre-commit-config.yaml")),
        (".github/workflows/stackgen.yaml", include_str!("platform/workflow.yaml")),
    ];
    let fill = |text: &str| {
        text.replace("@REPOSITORY@", repository)
            .replace("@DOMAIN@", domain)
            .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
    };
    files.into_iter().map(|(path, text)| (path.to_owned(), fill(text))).collect()
}

/// A component with one parameter and one object.
pub fn component(name: &str) -> Vec<NewFile> {
    let files = [
        ("component.yaml", include_str!("component/component.yaml")),
        ("resources/config-map.yaml", include_str!("component/config-map.yaml")),
    ];
    let title = title(name);
    let fill = |text: &str| text.replace("@NAME@", name).replace("@TITLE@", &title);
    files.into_iter().map(|(path, text)| (format!("blueprints/components/{name}/{path}"), fill(text))).collect()
}

/// `my-app` as people write it: `My app`.
fn title(name: &str) -> String {
    let words = name.replace('-', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// What is wrong with a name of a component or environment: it becomes a DNS label, a folder and part of URLs.
pub fn name_fault(name: &str) -> Option<&'static str> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 53 {
        return Some("a name has 1 to 53 characters");
    }
    if !name.chars().all(plain) {
        return Some("a name is made of lower-case letters, digits and `-`");
    }
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.ends_with('-') {
        return Some("a name starts with a letter, and does not end with `-`");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{component, name_fault};

    #[test]
    fn names_are_dns_labels() {
        for good in ["a", "my-app", "k8s"] {
            assert_eq!(name_fault(good), None, "{good}");
        }
        for bad in ["", "My", "a_b", "-a", "a-", "1a", "a.b", "ä", &"a".repeat(54)] {
            assert!(name_fault(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn no_placeholder_is_left() {
        for (path, text) in component("my-app").into_iter().chain(super::platform("https://x/y.git", "example.org")) {
            let left =
                ["@NAME@", "@TITLE@", "@REPOSITORY@", "@DOMAIN@", "@VERSION@"].into_iter().find(|p| text.contains(p));
            assert_eq!(left, None, "{path}");
        }
    }
}
