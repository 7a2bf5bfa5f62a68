//! `bootstrap/`: shell steps for what must stand before Argo CD can work. Each can be run again without harm.

use std::fmt::Write as _;

use super::{TargetFile, hooks};
use crate::argocd::kustomization;
use crate::layer::ValuesMode;
use crate::render::{Place, Rendered, Unit};
use crate::resolve::ChartPin;
use crate::template::shell_quote;
use crate::yaml::{Order, write};

pub(super) fn steps(rendered: &Rendered<'_>, files: &mut Vec<TargetFile>) {
    let mut steps: Vec<(String, String)> = Vec::new();
    let units = rendered.bootstrap();
    let (namespaces, rest): (Vec<&Unit>, Vec<&Unit>) = units.into_iter().partition(|u| u.makes_namespaces());
    for unit in namespaces.into_iter().chain(rest) {
        if !unit.makes_namespaces() && steps.len() == 1 {
            steps.extend(manual_secrets(rendered));
        }
        steps.push((unit.name.to_string(), unit_step(rendered, unit)));
        files.extend(own_values(rendered, unit));
    }
    steps.push(("root".into(), "kubectl apply --server-side --force-conflicts --filename root.yaml\n".into()));
    let count = steps.len();
    for (index, (name, body)) in steps.into_iter().enumerate() {
        let text = format!(
            "#!/bin/sh\n# Step {} of {count}: {name}. Made by stackgen; running it again does no harm.\nset -eu\ncd \"$(dirname \"$0\")/..\"\n\n{body}",
            index + 1
        );
        files.push(TargetFile { path: format!("bootstrap/{:02}-{name}.sh", index + 1), text, executable: true });
    }
    files.push(TargetFile { path: "bootstrap/all.sh".into(), text: ALL.into(), executable: true });
}

const ALL: &str = "#!/bin/sh\n# All steps in their order, against the cluster of the current kubectl context. Made by stackgen.\nset -eu\n\
    cd \"$(dirname \"$0\")\"\n\nfor step in [0-9]*.sh; do\n  echo \"== $step\"\n  sh \"./$step\"\ndone\n";

fn unit_step(rendered: &Rendered<'_>, unit: &Unit) -> String {
    let mut body = String::new();
    let instance = unit.instance.map(|i| &rendered.platform.instances[i]);
    if let Some((instance, chart)) = instance.zip(unit.remote_chart(&rendered.platform)) {
        let skip_crds = instance.source.component.chart.as_ref().is_some_and(|c| c.skip_crds);
        body.push_str(&helm(rendered, unit, chart, skip_crds));
    }
    if let Some(remote) = instance.and_then(|i| i.source.component.kustomize.as_ref()) {
        for base in &unit.bases {
            let mut text = String::new();
            write(&kustomization(remote, base), Order::Object, &mut text);
            let _ = writeln!(
                body,
                "folder=$(mktemp -d)\nprintf %s {} >\"$folder/kustomization.yaml\"\nkubectl apply --server-side --force-conflicts --kustomize \"$folder\"\nrm -r \"$folder\"",
                shell_quote(&text)
            );
        }
    }
    let apply = |inner: &str| {
        let folder = shell_quote(&format!("components/{}/{inner}", unit.name));
        format!("kubectl apply --server-side --force-conflicts --filename {folder}")
    };
    if unit.has(Place::Definitions) {
        let _ = writeln!(body, "{}", apply("manifests/crds"));
    }
    if unit.has(Place::Definitions) || (unit.sync.custom_resources && !unit.objects.is_empty()) {
        body.push_str("kubectl wait --for=condition=Established crd --all --timeout=120s\n");
    }
    body.push_str(&hooks::steps(unit, "pre-install"));
    for (place, folder) in [(Place::Manifests, "manifests"), (Place::Resources, "resources")] {
        if !unit.has(place) {
            continue;
        }
        let apply = apply(folder);
        if unit.sync.custom_resources {
            // An operator that was just installed may bring a kind, or the webhook that looks at it, only after a while.
            let _ = writeln!(
                body,
                "try=1\nuntil {apply}; do\n  [ \"$try\" -lt 30 ] || exit 1\n  try=$((try + 1))\n  sleep 10\ndone"
            );
        } else {
            let _ = writeln!(body, "{apply}");
        }
        if place == Place::Manifests {
            body.push_str(&hooks::steps(unit, "post-install"));
        }
    }
    body
}

fn helm(rendered: &Rendered<'_>, unit: &Unit, chart: &ChartPin, skip_crds: bool) -> String {
    let mut command = String::from("helm upgrade --install ");
    command.push_str(&shell_quote(&chart.release));
    command.push(' ');
    if chart.repository.starts_with("oci://") {
        let reference = format!("{}/{}", chart.repository.trim_end_matches('/'), chart.name);
        let _ = write!(command, "{} \\\n  ", shell_quote(&reference));
    } else {
        let _ = write!(command, "{} \\\n  --repo {} ", shell_quote(&chart.name), shell_quote(&chart.repository));
    }
    let _ =
        write!(command, "--version {} \\\n  --namespace {}", shell_quote(&chart.version), shell_quote(&unit.namespace));
    let values = values_path(rendered, unit);
    let _ = write!(command, " --create-namespace --values {}", shell_quote(&values));
    if skip_crds {
        command.push_str(" --skip-crds");
    }
    command.push_str(" \\\n  --wait --timeout 15m\n");
    command
}

fn values_path(rendered: &Rendered<'_>, unit: &Unit) -> String {
    match rendered.platform.settings.gitops.values {
        ValuesMode::File => format!("components/{}/values.yaml", unit.name),
        ValuesMode::Inline => format!("bootstrap/values/{}.yaml", unit.name),
    }
}

/// Where Applications carry their values inline, the steps have a file of their own.
fn own_values(rendered: &Rendered<'_>, unit: &Unit) -> Option<TargetFile> {
    let values = unit.values.as_ref().filter(|_| unit.remote_chart(&rendered.platform).is_some())?;
    let inline = rendered.platform.settings.gitops.values == ValuesMode::Inline;
    inline.then(|| TargetFile::yaml(values_path(rendered, unit), values, Order::Sorted))
}

/// A step that stops where a Secret that people make by hand is missing.
fn manual_secrets(rendered: &Rendered<'_>) -> Option<(String, String)> {
    let secrets = rendered.platform.instances.iter().flat_map(|i| &i.secrets).filter(|s| s.entry.manual);
    let mut names: Vec<(&str, &str, String)> = secrets
        .map(|s| {
            let keys: Vec<&str> = s.entry.keys.keys().map(|k| &*k.text).collect();
            (&*s.namespace, &*s.entry.name.text, keys.join(" "))
        })
        .collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return None;
    }
    let mut body = String::from(
        "missing=0\nneed() {\n  if ! kubectl --namespace \"$1\" get secret \"$2\" >/dev/null 2>&1; then\n    \
         echo \"the Secret $2 in namespace $1 must be made by hand, with these keys: $3\" >&2\n    missing=1\n  fi\n}\n\n",
    );
    for (namespace, name, keys) in names {
        let _ = writeln!(body, "need {} {} {}", shell_quote(namespace), shell_quote(name), shell_quote(&keys));
    }
    body.push_str("\nexit \"$missing\"\n");
    Some(("secrets".into(), body))
}
