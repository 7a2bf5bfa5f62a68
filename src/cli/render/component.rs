//! The chart of a component, with an environment's values.

use stackgen::diagnostic::{Diagnostic, Sink, nearest};
use stackgen::helm;
use stackgen::render::{Charts, Rendered, failed, release_options, table};

use super::Render;
use crate::cli::outcome::Failure;
use crate::cli::repository::Repository;
use crate::cli::targets::Targets;
use crate::cli::{Session, findings, pool};

/// What is asked of an environment.
enum Answer {
    Made(helm::Rendered),
    /// What is wrong with the chart or its values.
    Finding(Box<Diagnostic>),
}

impl Render {
    /// None where the chart cannot be rendered; why was then told.
    pub(super) fn component(
        &self,
        session: &Session,
        component: &str,
        environment: Option<&str>,
    ) -> Result<Option<helm::Rendered>, Failure> {
        let repository = Repository::find(session)?;
        let path = match repository.select(&Targets::of(environment))?.as_slice() {
            [one] => one.clone(),
            many => {
                return Err(
                    Failure::usage("one environment is wanted").help(format!("name one of: {}", many.join(", ")))
                );
            }
        };
        pool::run(session.jobs, || {
            let mut sink = Sink::default();
            let program = repository.load(std::slice::from_ref(&path), &mut sink);
            let charts = repository.charts(program);
            let sound = !sink.has_errors();
            let rendered = program
                .environments
                .first()
                .and_then(|e| stackgen::render_environment(program, e, &repository.files, &charts, sound, &mut sink));
            let Some(rendered) = rendered else {
                findings::tell(&session.terminal, &sink.into_sorted(&program.sources), &program.sources);
                return Err(Failure::usage(format!("the sources of `{path}` do not say enough to answer")));
            };
            Ok(match self.answer(&rendered, component, &charts)? {
                Answer::Made(made) => Some(made),
                Answer::Finding(finding) => {
                    findings::tell(&session.terminal, &[*finding], &program.sources);
                    None
                }
            })
        })?
    }

    fn answer(&self, rendered: &Rendered<'_>, component: &str, charts: &dyn Charts) -> Result<Answer, Failure> {
        let platform = &rendered.platform;
        let Some(instance) = platform.instance(component) else {
            let names = platform.instances.iter().map(|i| &*i.name);
            let failure =
                Failure::usage(format!("`{}` has no component `{component}`", platform.settings.environment.path));
            return Err(match nearest(component, names) {
                Some(right) => failure.help(format!("did you mean `{right}`?")),
                None => failure.help("a chart is named by its path, such as `./chart`"),
            });
        };
        let unit = rendered.unit(component);
        let (Some(pin), Some((unit, own))) = (&instance.chart, unit.and_then(|u| Some((u, u.values.as_ref()?)))) else {
            return Err(Failure::usage(format!("`{component}` is not delivered by a chart")));
        };
        let ready = match charts.chart(pin) {
            Ok(ready) => ready,
            Err(finding) => return Ok(Answer::Finding(finding)),
        };
        let mut values = table(own);
        self.values.apply(&mut values)?;
        let options = self.options(release_options(platform, instance, pin, &unit.api_versions));
        match helm::render(&ready.chart, &values, &options) {
            Ok(made) => Ok(Answer::Made(made)),
            Err(error) => Ok(Answer::Finding(Box::new(failed(instance, pin, &ready.chart, own, &error)))),
        }
    }
}
