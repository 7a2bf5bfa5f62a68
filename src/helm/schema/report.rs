//! What does not fit, in the form in which Helm's validator prints it.

use std::fmt::Write as _;

use crate::helm::quote;

/// Something that does not fit, and what led to it.
#[derive(Clone, Debug)]
pub(super) struct Misfit {
    /// The place in the values, as a JSON pointer.
    pub(super) at: String,
    pub(super) kind: Kind,
    pub(super) causes: Vec<Misfit>,
}

/// What is said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Several things do not fit there.
    Group,
    /// A reference leads to a schema that it does not fit.
    Reference,
    /// Anything else.
    Text(String),
}

impl Misfit {
    pub(super) fn new(at: &str, text: impl Into<String>) -> Self {
        Misfit { at: at.to_owned(), kind: Kind::Text(text.into()), causes: Vec::new() }
    }

    /// One misfit of many.
    pub(super) fn joined(at: &str, mut all: Vec<Misfit>) -> Option<Misfit> {
        match all.len() {
            0 | 1 => all.pop(),
            _ => Some(Misfit { at: at.to_owned(), kind: Kind::Group, causes: all }),
        }
    }

    /// The lines of all of it.
    pub(super) fn shown(&self) -> String {
        let mut out = String::new();
        match self.kind {
            Kind::Group => self.causes.iter().for_each(|cause| cause.line(&mut out, 0)),
            _ => self.line(&mut out, 0),
        }
        out
    }

    fn line(&self, out: &mut String, depth: usize) {
        if let (Kind::Reference, [only]) = (&self.kind, self.causes.as_slice()) {
            return only.line(out, depth);
        }
        if !out.is_empty() {
            out.push('\n');
        }
        let text = match &self.kind {
            Kind::Group | Kind::Reference => "validation failed",
            Kind::Text(text) => text,
        };
        let _ = write!(out, "{:indent$}- at {}: {text}", "", quoted(&self.at), indent = depth * 2);
        self.causes.iter().for_each(|cause| cause.line(out, depth + 1));
    }
}

/// Text in single quotes, else as Go quotes it.
pub(super) fn quoted(text: &str) -> String {
    let double = quote::quoted(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", double.get(1..double.len() - 1).unwrap_or_default())
}

/// Some texts in single quotes, with commas.
pub(super) fn quoted_all<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    texts.into_iter().map(quoted).collect::<Vec<_>>().join(", ")
}
