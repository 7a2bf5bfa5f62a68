//! What a plain scalar means to the readers of YAML.

use super::Value;

/// What readers make of a plain scalar.
#[derive(Debug)]
pub enum Resolved {
    /// All readers agree.
    Value(Value),
    /// Readers disagree: the reason, in words.
    Disagree(&'static str),
}

/// Resolves a plain scalar.
pub fn resolve_plain(text: &str) -> Resolved {
    Resolved::Value(Value::Str(text.into()))
}
