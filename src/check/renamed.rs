//! Applications that the last build wrote under another name.

use super::{Report, Rule};
use crate::argocd;
use crate::diagnostic::{Severity, Sink, codes::checks};
use crate::render::{Rendered, Unit};
use crate::yaml::{self, FileId, Node};

pub(super) const RULE: Rule = Rule { code: &checks::RENAMED, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let folder = format!("out/{}/apps", rendered.platform.settings.environment.path);
    // What cannot be listed is reported when it is written.
    let Ok(entries) = report.files.list(&folder) else { return };
    let names = entries.iter().filter_map(|e| e.strip_suffix(".yaml")).filter(|n| !n.starts_with("project-"));
    let gone: Vec<&str> = names.clone().filter(|n| rendered.unit(n).is_none()).collect();
    if gone.is_empty() {
        return;
    }
    let old: Vec<&str> = names.collect();
    let new: Vec<&Unit> = rendered.units.iter().filter(|u| old.binary_search(&&*u.name).is_err()).collect();
    for name in gone {
        let Some(before) = previous(report, &format!("{folder}/{name}.yaml")) else { continue };
        let Some(unit) = new.iter().find(|u| same(&before, &argocd::application(rendered, u))) else { continue };
        let span =
            unit.source(&rendered.platform).map_or(crate::yaml::Span::BUILT_IN, |s| s.component.metadata.name.span);
        let message = format!("the Application `{name}` is now called `{}`", unit.name);
        report.find(&[name, &unit.name], span, message, |found| {
            found
                .here("the new name")
                .help("keep the old name, or read `stackgen explain SG0607` first: Argo CD would delete and make anew")
        });
    }
}

fn previous(report: &Report<'_>, path: &str) -> Option<Node> {
    let text = report.files.read(path).ok()??;
    yaml::parse(FileId(u32::MAX), &text, &mut Sink::default())
}

/// Whether two Applications bring the same chart, or the same remote base, to the same place.
fn same(before: &Node, after: &Node) -> bool {
    let namespace = |app: &Node| app.at(&["spec", "destination", "namespace"]).cloned();
    match (origin(before), origin(after)) {
        (Some(old), Some(new)) => old == new && namespace(before) == namespace(after),
        _ => false,
    }
}

/// Repository, and chart or path, of the first source.
fn origin(app: &Node) -> Option<(Node, Node)> {
    let first = app.at(&["spec", "source"]).or_else(|| app.at(&["spec", "sources"])?.as_seq()?.first())?;
    let what = first.get("chart")?;
    Some((first.get("repoURL")?.clone(), what.clone()))
}
