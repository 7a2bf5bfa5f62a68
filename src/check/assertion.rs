//! What blueprints say must be so.

use super::{Report, Rule};
use crate::decode::{Context, Decode};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::Rendered;
use crate::source::Assert;

pub(super) const RULE: Rule = Rule { code: &checks::ASSERTION, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    for instance in &rendered.platform.instances {
        let Some(template) = &instance.source.component.asserts else { continue };
        for node in template.evaluate_items(&instance.scope, report.sink) {
            let Some(assert) = Assert::decode(&node, &mut Context { text: "", sink: report.sink }) else { continue };
            if assert.that.value {
                continue;
            }
            let parameter = assert.parameter.as_ref().and_then(|p| instance.params.get(&p.text));
            let span = parameter.map_or(assert.that.span, |p| p.span);
            report.find(&[&instance.name], span, &*assert.message.text, |mut found| {
                if parameter.is_some() {
                    found = found.label(assert.that.span, "must be true");
                }
                assert.help.iter().fold(found, |found, help| found.help(&*help.text))
            });
        }
    }
}
