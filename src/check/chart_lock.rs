//! A lock of charts that fell behind the sources. Where there is no lock, nothing is asked of it.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::charts};
use crate::render::Rendered;

pub(super) const UNLOCKED: Rule = Rule { code: &charts::UNLOCKED, severity: Severity::Note, run: unlocked };
pub(super) const BEHIND: Rule = Rule { code: &charts::LOCK_BEHIND, severity: Severity::Warning, run: behind };

const HELP: &str = "run `stackgen lock`";

/// Charts that the lock does not know in any version.
fn unlocked(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    each(rendered, |name, chart, other| {
        if other.is_none() {
            let message = format!("the chart of `{name}` is not locked");
            report.find(&[name], chart.version_span, message, |found| found.here("not in the lock").help(HELP));
        }
    });
}

/// Charts that the lock knows in another version.
fn behind(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    each(rendered, |name, chart, other| {
        if let Some(other) = other {
            let message = format!("the chart of `{name}` is pinned to {}, the lock has version {other}", chart.pinned);
            report.find(&[name], chart.version_span, message, |found| found.here("not in the lock").help(HELP));
        }
    });
}

/// Every pin that the lock lacks, with another version of its chart that it has.
fn each(rendered: &Rendered<'_>, mut tell: impl FnMut(&str, &crate::resolve::ChartPin, Option<&str>)) {
    let Some(lock) = &rendered.platform.program.lock else { return };
    for instance in &rendered.platform.instances {
        let Some(chart) = instance.chart.as_ref().filter(|chart| lock.find(chart.id()).is_none()) else { continue };
        let other = lock.of_name(chart.id()).next();
        tell(&instance.name, chart, other.map(|other| &*other.version));
    }
}
