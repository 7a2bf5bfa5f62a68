//! `stackgen why`: why a component is there, why in its wave, and what it exchanges with others.

use clap::Args;
use serde_json::{Value as Json, json};

use stackgen::diagnostic::{SourceMap, nearest};
use stackgen::graph::{self, Contribution, Waits, Why as Reasons};
use stackgen::render::Rendered;
use stackgen::yaml::Span;

use super::outcome::{Failure, Outcome};
use super::table::table;
use super::value::{self, place, place_json};
use super::{Session, TextOrJson, environment};

/// Say why a component is in an environment, why in its wave, and what it exchanges with others
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Why {
    /// The environment
    environment: String,
    /// The component
    component: String,
    /// How to answer
    #[arg(long, value_enum, default_value_t)]
    format: TextOrJson,
}

const EXAMPLES: &str = "\
Examples:
  stackgen why envs/prod grafana
  stackgen why prod keycloak --format json";

impl Why {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let color = session.terminal.stdout_style().color;
        let text = environment::ask(session, Some(&self.environment), |rendered, sources| {
            let why = graph::why(rendered, &self.component).ok_or_else(|| self.unknown(rendered))?;
            Ok(match self.format {
                TextOrJson::Json => value::document(&reasons_json(&why, sources)),
                TextOrJson::Human => Text { sources, color, out: String::new() }.reasons(&why),
            })
        })??;
        session.terminal.answer(&text)?;
        Ok(Outcome::Well)
    }

    fn unknown(&self, rendered: &Rendered<'_>) -> Failure {
        let path = &rendered.platform.settings.environment.path;
        let names: Vec<&str> = rendered.platform.instances.iter().map(|i| &*i.name).collect();
        let failure = Failure::usage(format!("`{path}` has no component `{}`", self.component));
        match nearest(&self.component, names.iter().copied()) {
            Some(right) => failure.help(format!("did you mean `{right}`?")),
            None => failure.help(format!("there are: {}", names.join(", "))),
        }
    }
}

struct Text<'a> {
    sources: &'a SourceMap,
    color: bool,
    out: String,
}

impl Text<'_> {
    fn reasons(mut self, why: &Reasons) -> String {
        let chart = why.chart.as_ref().map_or_else(String::new, |(name, version)| format!(", chart {name} {version}"));
        let wave = why.wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
        self.heading(&format!("{} ({}){chart}, namespace {}{wave}", why.title, why.name, why.namespace));
        self.section("why it is here", why.because.iter().map(|(said, span)| [said.clone(), self.at(*span)]).collect());
        self.wave(why);
        self.wiring(why);
        self.waits("waits for", &why.waits_for);
        self.waits("is awaited by", &why.awaited_by);
        self.contributions("contributes", "to", &why.contributes);
        self.contributions("receives", "from", &why.receives);
        self.out
    }

    fn at(&self, span: Span) -> String {
        if span.is_built_in() { String::new() } else { place(self.sources, span) }
    }

    fn heading(&mut self, text: &str) {
        let (bold, end) = if self.color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
        self.out.push_str(&format!("{bold}{text}{end}\n"));
    }

    fn section<const N: usize>(&mut self, title: &str, rows: Vec<[String; N]>) {
        if !rows.is_empty() {
            self.out.push('\n');
            self.heading(title);
            self.out.push_str(&table(2, &rows));
        }
    }

    fn wave(&mut self, why: &Reasons) {
        let Some(wave) = why.wave else { return };
        let steps = why.longest.iter().zip(why.longest.iter().skip(1).map(Some).chain([None]));
        let rows = steps.map(|(step, next)| match (&step.waits, next) {
            (Some((reason, span)), Some(next)) => [
                step.wave.to_string(),
                step.name.to_string(),
                format!("waits for {}: {reason}", next.name),
                self.at(*span),
            ],
            _ => [step.wave.to_string(), step.name.to_string(), "waits for nothing".to_owned(), String::new()],
        });
        let rows = rows.collect();
        self.section(&format!("why in wave {wave}: the longest way down"), rows);
    }

    fn wiring(&mut self, why: &Reasons) {
        let gets = why.gets.iter().map(|wired| {
            let from = match &wired.provider {
                Some(provider) if *provider == why.name => "provides it itself".to_owned(),
                Some(provider) => format!("from {provider}"),
                None => "nobody provides it here".to_owned(),
            };
            let need = if wired.required { "required" } else { "used" };
            let order = if wired.waits { "" } else { "no order" };
            [wired.capability.to_string(), from, need.to_owned(), order.to_owned(), self.at(wired.span)]
        });
        let gets = gets.collect();
        self.section("gets", gets);
        let gives = why.gives.iter().map(|(capability, to)| {
            let to = if to.is_empty() { "nobody asks for it".to_owned() } else { format!("to {}", to.join(", ")) };
            [capability.to_string(), to]
        });
        let gives = gives.collect();
        self.section("gives", gives);
    }

    fn waits(&mut self, title: &str, waits: &[Waits]) {
        let rows = waits.iter().map(|w| [w.wave.to_string(), w.name.to_string(), w.reason.clone(), self.at(w.span)]);
        let rows = rows.collect();
        self.section(title, rows);
    }

    fn contributions(&mut self, title: &str, word: &str, all: &[Contribution]) {
        let mut rows = Vec::new();
        for contribution in all {
            for item in &contribution.items {
                let other = format!("{word} {}", contribution.other);
                rows.push([contribution.kind.to_string(), other, value::line(item), self.at(contribution.span)]);
            }
        }
        self.section(title, rows);
    }
}

fn reasons_json(why: &Reasons, sources: &SourceMap) -> Json {
    let at = |span: Span| place_json(sources, span);
    let waits = |all: &[Waits]| -> Json {
        all.iter()
            .map(|w| json!({ "name": &*w.name, "wave": w.wave, "reason": w.reason, "place": at(w.span) }))
            .collect()
    };
    let contributions = |all: &[Contribution], other: &str| -> Json {
        all.iter()
            .map(|c| {
                let items: Json = c.items.iter().map(value::json).collect();
                json!({ "kind": &*c.kind, other: &*c.other, "items": items, "place": at(c.span) })
            })
            .collect()
    };
    json!({
        "version": 1,
        "component": &*why.name,
        "title": why.title,
        "chart": why.chart.as_ref().map(|(name, version)| json!({ "name": &**name, "version": &**version })),
        "namespace": &*why.namespace,
        "wave": why.wave,
        "because": why.because.iter().map(|(said, span)| json!({ "reason": said, "place": at(*span) })).collect::<Json>(),
        "longestWay": why.longest.iter().map(|step| json!({
            "name": &*step.name,
            "wave": step.wave,
            "reason": step.waits.as_ref().map(|(reason, _)| reason),
            "place": step.waits.as_ref().map_or(Json::Null, |(_, span)| at(*span)),
        })).collect::<Json>(),
        "gets": why.gets.iter().map(|w| json!({
            "capability": &*w.capability,
            "provider": w.provider.as_deref(),
            "required": w.required,
            "waits": w.waits,
            "place": at(w.span),
        })).collect::<Json>(),
        "gives": why.gives.iter().map(|(capability, to)| json!({
            "capability": &**capability,
            "to": to.iter().map(|name| &**name).collect::<Vec<_>>(),
        })).collect::<Json>(),
        "waitsFor": waits(&why.waits_for),
        "awaitedBy": waits(&why.awaited_by),
        "contributes": contributions(&why.contributes, "to"),
        "receives": contributions(&why.receives, "from"),
    })
}
