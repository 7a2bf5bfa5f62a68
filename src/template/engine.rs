//! The one set of settings, filters and functions that all expressions share.

use std::sync::LazyLock;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior};

use super::functions;

/// Steps that one expression may take: far above any real one, far below a second.
const FUEL: u64 = 2_000_000;

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(engine);

/// The settings for expressions.
pub(super) fn get() -> &'static Environment<'static> {
    &ENGINE
}

/// All names of filters and functions that stackgen adds, and the common ones of Jinja: for suggestions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    const JINJA: [&str; 30] = [
        "abs",
        "batch",
        "capitalize",
        "default",
        "dictsort",
        "first",
        "float",
        "groupby",
        "int",
        "items",
        "join",
        "last",
        "length",
        "list",
        "lower",
        "map",
        "max",
        "min",
        "reject",
        "rejectattr",
        "replace",
        "round",
        "select",
        "selectattr",
        "sort",
        "split",
        "string",
        "sum",
        "trim",
        "upper",
    ];
    functions::NAMES.iter().copied().chain(JINJA)
}

fn engine() -> Environment<'static> {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_debug(true);
    engine.set_fuel(Some(FUEL));
    engine.set_auto_escape_callback(|_| AutoEscape::None);
    functions::register(&mut engine);
    engine
}

/// The settings for text templates: other delimiters, so that `{{ }}` of Go and Jinja files pass through.
pub(super) fn for_text() -> Result<Environment<'static>, minijinja::Error> {
    let mut engine = engine();
    engine.set_syntax(
        SyntaxConfig::builder()
            .variable_delimiters("${{", "}}")
            .block_delimiters("${%", "%}")
            .comment_delimiters("${#", "#}")
            .keep_trailing_newline(true)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()?,
    );
    engine.set_formatter(|out, _, value| match value.kind() {
        ValueKind::String | ValueKind::Number => write!(out, "{value}").map_err(minijinja::Error::from),
        ValueKind::Bool => {
            write!(out, "{}", if value.is_true() { "true" } else { "false" }).map_err(minijinja::Error::from)
        }
        ValueKind::Undefined => Err(minijinja::Error::new(ErrorKind::UndefinedError, "this has no value")),
        kind => Err(minijinja::Error::new(
            ErrorKind::InvalidOperation,
            format!("{kind} cannot stand inside text: use `| join(',')`, `| to_json` or `| to_yaml`"),
        )),
    });
    Ok(engine)
}
