//! Rendered charts that draw passwords, keys or dates.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::Rendered;
use crate::yaml::Span;

pub(super) const RULE: Rule = Rule { code: &checks::RANDOM, severity: Severity::Warning, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    for unit in rendered.units.iter() {
        let chart = unit.instance.and_then(|i| rendered.platform.instances.get(i)?.chart.as_ref());
        let span = chart.map_or(Span::BUILT_IN, |chart| chart.version_span);
        for call in &unit.unrepeatable {
            let message = format!("`{}` draws with `{}` in `{}`", unit.name, call.function, call.template);
            report.find(&[&unit.name], span, message, |found| {
                let found = found.here("in this chart");
                match call.settings.as_slice() {
                    [] => {
                        found.help("find the value that replaces what is drawn, or set `delivery: helm` for this chart")
                    }
                    settings => found.help(format!("the template reads `{}`: set what fits", settings.join("`, `"))),
                }
            });
        }
    }
}
