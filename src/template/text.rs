//! Text templates, for files that are not YAML.

use std::sync::{Arc, LazyLock};

use minijinja::{Environment, ErrorKind};

use super::engine;
use super::expression::references;
use super::{Reference, Scope};
use crate::diagnostic::{Diagnostic, Sink, codes::templates};
use crate::yaml::{FileId, Span};

static ENGINE: LazyLock<Option<Environment<'static>>> = LazyLock::new(|| engine::for_text().ok());

/// A text template: its file, its text, and what the engine made of it.
#[derive(Clone, Debug)]
pub struct TextTemplate {
    file: FileId,
    text: Arc<str>,
    /// The engine with this template alone in it, which is the only way for the two to be one value; all else is shared.
    engine: Option<Environment<'static>>,
}

/// The template's name in its engine.
const NAME: &str = "template";

impl TextTemplate {
    /// A template; a syntax error goes to the sink.
    pub fn new(file: FileId, text: Arc<str>, sink: &mut Sink) -> Self {
        let mut template = TextTemplate { file, text, engine: ENGINE.clone() };
        let source = template.text.to_string();
        if let Some(Err(error)) = template.engine.as_mut().map(|engine| engine.add_template_owned(NAME, source)) {
            sink.push(template.finding(&error));
        }
        template
    }

    /// The text in a scope; a failure goes to the sink.
    pub fn render(&self, scope: &Scope, sink: &mut Sink) -> Option<String> {
        let template = self.engine.as_ref()?.get_template(NAME).ok()?;
        match template.render(scope.value()) {
            Ok(text) => Some(text),
            Err(error) => {
                let found = self.finding(&error);
                let follows = scope.lacks(self.references().iter());
                sink.push(if follows { found.follows() } else { found });
                None
            }
        }
    }

    /// The names in its expressions and statements.
    fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        for (opens, closes) in [("${{", "}}"), ("${%", "%}")] {
            for part in self.text.split(opens).skip(1) {
                found.extend(part.split(closes).next().into_iter().flat_map(references));
            }
        }
        found
    }

    fn finding(&self, error: &minijinja::Error) -> Diagnostic {
        let end = self.text.len() as u32;
        let (start, end) = match (error.range(), error.line()) {
            (Some(range), _) if range.end <= self.text.len() => (range.start as u32, range.end as u32),
            (_, Some(line)) => self.line(line),
            _ => (0, end.min(1)),
        };
        let detail = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let code =
            if error.kind() == ErrorKind::UndefinedError { &templates::UNDEFINED } else { &templates::TEXT_TEMPLATE };
        Diagnostic::error(code, Span { file: self.file, start, end }, "the text template fails").here(detail)
    }

    fn line(&self, number: usize) -> (u32, u32) {
        let mut start = 0;
        for (index, line) in self.text.split('\n').enumerate() {
            if index + 1 == number {
                return (start as u32, (start + line.len()) as u32);
            }
            start += line.len() + 1;
        }
        (0, 0)
    }
}
