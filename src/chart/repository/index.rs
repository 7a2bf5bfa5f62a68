//! `index.yaml`: a few lines for one chart out of tens of megabytes for all of them.

use serde_json::Value as Json;

use super::Listed;
use crate::emit::Digest;
use crate::helm::semver::Version;
use crate::helm::{Data, Table, read_yaml};

/// The annotation in which charts tell what changed.
const CHANGES: &str = "artifacthub.io/changes";

/// The versions of a chart, the newest first. None where the index does not have the chart.
///
/// # Errors
/// Where the text is no index, in words.
pub(super) fn versions(text: &str, name: &str) -> Result<Option<Vec<Listed>>, String> {
    let text = text.trim_start_matches('\u{FEFF}');
    let entries = match quick(text, name) {
        Quick::Found(entries) => entries,
        Quick::Absent => return Ok(None),
        Quick::Unsure => match whole(text, name)? {
            Some(entries) => entries,
            None => return Ok(None),
        },
    };
    let entries = entries.as_list().unwrap_or(&[]);
    let mut found: Vec<Listed> = entries.iter().filter_map(Data::as_map).filter_map(listed).collect();
    found.sort_by(|a, b| b.parsed.compare(&a.parsed));
    Ok(Some(found))
}

/// What a look at the lines alone gives.
enum Quick {
    Found(Data),
    Absent,
    /// It is laid out in another way than Helm does.
    Unsure,
}

/// Cuts the lines of one chart out by their indentation, and reads only those.
fn quick(text: &str, name: &str) -> Quick {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        let start = at;
        at += line.len();
        (start, line)
    });
    if !lines.any(|(_, line)| line.trim_end() == "entries:") {
        return Quick::Unsure;
    }
    let mut column = None;
    let mut start = None;
    let mut end = text.len();
    for (place, line) in lines {
        let content = line.trim_start_matches(' ');
        if content.trim_end().is_empty() || content.starts_with('#') {
            continue;
        }
        let indent = line.len() - content.len();
        let column = *column.get_or_insert(indent);
        if indent > column || (indent == column && column > 0 && content.starts_with("- ")) {
            continue;
        }
        if start.is_some() || indent < column || column == 0 {
            end = place;
            break;
        }
        match key(content) {
            Some(key) if key == name => start = Some(place),
            Some(_) => {}
            None => return Quick::Unsure,
        }
    }
    let Some(start) = start else { return Quick::Absent };
    let read = text.get(start..end).and_then(|lines| read_yaml(lines).ok());
    match read.as_ref().and_then(Data::as_map).and_then(|map| map.get(name)) {
        Some(entries) => Quick::Found(entries.clone()),
        // An anchor may lie in another chart's lines.
        None => Quick::Unsure,
    }
}

/// The key that a line begins with.
fn key(line: &str) -> Option<&str> {
    let line = line.trim_end();
    for quote in ['"', '\''] {
        if let Some(rest) = line.strip_prefix(quote) {
            return rest
                .split_once(quote)
                .filter(|(key, rest)| rest.starts_with(':') && !key.contains('\\'))
                .map(|(key, _)| key);
        }
    }
    line.strip_suffix(':').or_else(|| line.split_once(": ").map(|(key, _)| key)).map(str::trim_end)
}

fn whole(text: &str, name: &str) -> Result<Option<Data>, String> {
    // Some repositories write JSON, which is YAML too, but read much sooner as what it is.
    if let Ok(index) = serde_json::from_str::<Json>(text) {
        let entries = index["entries"].as_object().ok_or("it has no `entries`")?;
        let own = entries.get(name).map(|own| read_yaml(&own.to_string()).map_err(|problem| problem.0));
        return own.transpose();
    }
    let data = read_yaml(text).map_err(|problem| problem.0)?;
    let entries = data.as_map().and_then(|index| index.get("entries"));
    match entries {
        Some(Data::Map(entries)) => Ok(entries.get(name).cloned()),
        Some(Data::Null) => Ok(None),
        _ => Err("it has no `entries`".into()),
    }
}

/// One version; none where it cannot be read, which Helm skips too.
fn listed(entry: &Table) -> Option<Listed> {
    let text = |key: &str| entry.get(key).and_then(Data::as_str).filter(|text| !text.is_empty());
    let version = text("version")?;
    let urls = entry.get("urls").and_then(Data::as_list).unwrap_or(&[]);
    let annotations = entry.get("annotations").and_then(Data::as_map);
    Some(Listed {
        parsed: Version::parse(version)?,
        digest: text("digest").and_then(|digest| Digest::parse(digest.strip_prefix("sha256:").unwrap_or(digest))),
        urls: urls.iter().filter_map(Data::as_str).map(str::to_owned).collect(),
        deprecated: matches!(entry.get("deprecated"), Some(Data::Bool(true))),
        changes: annotations.and_then(|all| all.get(CHANGES)).and_then(Data::as_str).map(str::to_owned),
        version: version.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::{Quick, quick, versions};

    const HELM: &str = "apiVersion: v1\nentries:\n  alpine:\n  - apiVersion: v2\n    description: |\n      grafana:\n        - not this\n    \
                        name: alpine\n    version: 0.1.0\n  grafana:\n  - annotations:\n      artifacthub.io/changes: |\n        - one\n    \
                        digest: 2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\n    urls:\n    - charts/g-1.2.0.tgz\n    \
                        version: 1.2.0\n  - version: v1.10.0\n    deprecated: true\n  - version: latest\n  zot: []\ngenerated: now\n";

    fn names(text: &str, name: &str) -> Vec<String> {
        versions(text, name).unwrap().unwrap().into_iter().map(|listed| listed.version).collect()
    }

    #[test]
    fn one_chart_is_read_without_the_others() {
        assert!(matches!(quick(HELM, "grafana"), Quick::Found(_)));
        let found = versions(HELM, "grafana").unwrap().unwrap();
        assert_eq!(names(HELM, "grafana"), ["v1.10.0", "1.2.0"]);
        assert!(found[0].deprecated && found[1].digest.is_some() && found[1].changes.as_deref() == Some("- one\n"));
        assert_eq!(found[1].urls, ["charts/g-1.2.0.tgz"]);
        assert!(versions(HELM, "none").unwrap().is_none() && names(HELM, "zot").is_empty());
        assert_eq!(names(HELM, "alpine"), ["0.1.0"]);
    }

    #[test]
    fn other_layouts_are_read_too() {
        let deep = "entries:\n    \"grafana\":\n        - version: 1.0.0\n    other:\n        - version: 2.0.0\n";
        assert_eq!(names(deep, "grafana"), ["1.0.0"]);
        let json = r#"{"entries":{"grafana":[{"version":"1.0.0"},{"version":"2.0.0"}]}}"#;
        assert_eq!(names(json, "grafana"), ["2.0.0", "1.0.0"]);
        let shared = "entries:\n  a:\n  - &one\n    version: 1.0.0\n  grafana:\n  - *one\n";
        assert_eq!(names(shared, "grafana"), ["1.0.0"]);
        let flow = "entries: { grafana: [ { version: 3.0.0 } ] }\n";
        assert_eq!(names(flow, "grafana"), ["3.0.0"]);
        assert!(versions("entries: {}\n", "x").unwrap().is_none() && versions("entries:\n", "x").unwrap().is_none());
        assert!(versions("<html></html>", "x").is_err() && versions("", "x").is_err());
    }
}
