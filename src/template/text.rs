//! Text templates, for files that are not YAML.

use std::sync::{Arc, LazyLock};

use minijinja::{Environment, ErrorKind};

use super::engine;
use super::expression::references;
use super::{Reference, Scope};
use crate::diagnostic::{Diagnostic, Sink, codes::templates};
use crate::yaml::{FileId, Span};

static ENGINE: LazyLock<Option<Environment<'static>>> = LazyLock::new(|| engine::for_text().ok());

/// A text template: its file and its text.
#[derive(Clone, Debug)]
pub struct TextTemplate {
    file: FileId,
    text: Arc<str>,
}

impl TextTemplate {
    /// A template; a syntax error goes to the sink.
    pub fn new(file: FileId, text: Arc<str>, sink: &mut Sink) -> Self {
        let template = TextTemplate { file, text };
        if let Some(engine) = ENGINE.as_ref()
            && let Err(error) = engine.template_from_named_str("template", &template.text)
        {
            sink.push(template.finding(&error));
        }
        template
    }

    /// The text in a scope; a failure goes to the sink.
    pub fn render(&self, scope: &Scope, sink: &mut Sink) -> Option<String> {
        let template = ENGINE.as_ref()?.template_from_named_str("template", &self.text).ok()?;
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
