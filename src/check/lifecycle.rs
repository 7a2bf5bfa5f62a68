//! Components whose project has ended, or that should give way to another.

use super::{Report, Rule};
use crate::diagnostic::{Diagnostic, Severity, codes::checks};
use crate::render::Rendered;
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
        report.find(&[&instance.name], chosen, message, |found| explained(found.here("chosen here"), lifecycle));
    }
}

fn explained(mut found: Diagnostic, lifecycle: &Lifecycle) -> Diagnostic {
    if let Some(reason) = &lifecycle.reason {
        found = found.cause(&*reason.text);
    }
    match &lifecycle.successor {
        Some(successor) => found.help(format!("its successor: {}", successor.text)),
        None => found,
    }
}
