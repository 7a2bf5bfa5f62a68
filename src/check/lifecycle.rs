//! Components whose project has ended, or that should give way to another.

use super::{Report, Rule};
use crate::diagnostic::{Diagnostic, Severity, codes::checks};
use crate::render::Rendered;
use crate::resolve::{Instance, Platform};
use crate::source::{Lifecycle, Status};

pub(super) const RULE: Rule = Rule { code: &checks::LIFECYCLE, severity: Severity::Warning, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    for instance in &rendered.platform.instances {
        let Some(lifecycle) = &instance.source.component.lifecycle else { continue };
        if lifecycle.status == Status::Active {
            continue;
        }
        let since = lifecycle.since.as_ref().map_or_else(String::new, |s| format!(" since {}", s.text));
        let message = format!("`{}` is {}{since}", instance.name, lifecycle.status.word());
        let chosen = instance.because.first().map_or(lifecycle.span, |b| b.span());
        report.find(&[&instance.name], chosen, message, |found| {
            explained(found.here("chosen here"), lifecycle, &others(&rendered.platform, instance))
        });
    }
}

/// Lines that choose another component for what this one fills.
fn others(platform: &Platform<'_>, instance: &Instance<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for capability in &instance.fills {
        for (name, other) in &platform.program.components {
            let active = other.component.lifecycle.as_ref().is_none_or(|l| l.status == Status::Active);
            if active && *name != instance.name && other.component.provides_key(capability).is_some() {
                lines.push(format!("`select: {{ {capability}: {name} }}`"));
            }
        }
    }
    lines
}

fn explained(mut found: Diagnostic, lifecycle: &Lifecycle, others: &[String]) -> Diagnostic {
    if let Some(reason) = &lifecycle.reason {
        found = found.cause(&*reason.text);
    }
    let successor = lifecycle.successor.as_ref().map(|s| format!("its successor: {}", s.text));
    let others = (!others.is_empty()).then(|| others.join(" or "));
    match (successor, others) {
        (Some(successor), Some(others)) => found.help(format!("{successor}; here: {others}")),
        (Some(help), None) | (None, Some(help)) => found.help(help),
        (None, None) => found,
    }
}
