//! One expression: compiled, with its place and the names that it refers to.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use foldhash::HashMap;
use minijinja::{ErrorKind, Value};

use super::Scope;
use super::direct::Direct;
use super::engine;
use crate::diagnostic::{Diagnostic, Sink, codes::templates, nearest};
use crate::yaml::Span;

/// A chain of names as an expression writes it: `caps['load-balancer'].addresses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The names, outermost first.
    pub path: Vec<Arc<str>>,
}

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    form: Form,
    source: Arc<str>,
    /// Where it stands.
    pub span: Span,
    /// The names that it refers to, in order.
    pub references: Arc<[Reference]>,
}

#[derive(Debug)]
enum Form {
    /// `params.host`: names and dots alone, as most are. They are looked up without the engine.
    Chain,
    Any(Arc<Shared>),
}

/// Any expression but a chain of names.
#[derive(Debug)]
enum Shared {
    Direct(Direct),
    Engine(minijinja::Expression<'static, 'static>),
}

/// What was made of an expression.
#[derive(Clone)]
struct Compiled {
    form: Arc<Shared>,
    references: Arc<[Reference]>,
}

/// Blueprints say the same again and again: what was compiled once is shared.
static COMPILED: LazyLock<Mutex<HashMap<Box<str>, Compiled>>> = LazyLock::new(Mutex::default);

/// No platform has so many different expressions, but a process that lives long may see more.
const MOST_SHARED: usize = 10_000;

fn compiled(source: &str) -> Result<Compiled, minijinja::Error> {
    if let Some(known) = COMPILED.lock().unwrap_or_else(PoisonError::into_inner).get(source) {
        return Ok(known.clone());
    }
    let form = match Direct::read(source) {
        Some(direct) => Shared::Direct(direct),
        None => Shared::Engine(engine_form(source)?),
    };
    let new = Compiled { form: Arc::new(form), references: references(source).into() };
    let mut all = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() < MOST_SHARED {
        all.insert(Box::from(source), new.clone());
    }
    Ok(new)
}

fn engine_form(source: &str) -> Result<minijinja::Expression<'static, 'static>, minijinja::Error> {
    engine::get().compile_expression_owned(source.to_owned())
}

impl Expression {
    /// Compiles the expression; a syntax error goes to the sink.
    pub fn compile(source: &str, span: Span, sink: &mut Sink) -> Option<Self> {
        if let Some(chain) = chain(source) {
            let references = Arc::new([chain]);
            return Some(Expression { form: Form::Chain, source: Arc::from(source), span, references });
        }
        match compiled(source) {
            Ok(Compiled { form, references }) => {
                Some(Expression { form: Form::Any(form), source: Arc::from(source), span, references })
            }
            Err(error) => {
                let detail = error.detail().unwrap_or("cannot be parsed").to_owned();
                sink.push(
                    Diagnostic::error(
                        &templates::EXPRESSION_SYNTAX,
                        narrow(span, source, error.range()),
                        format!("`{}` is not an expression", source.trim()),
                    )
                    .here(detail)
                    .help("expressions are Jinja's: `params.host`, `a if b else c`, `list | join(',')`"),
                );
                None
            }
        }
    }

    /// The value in a scope; an undefined result or a failure goes to the sink.
    pub fn evaluate(&self, scope: &Scope, sink: &mut Sink) -> Option<Value> {
        let value = match &self.form {
            Form::Chain => self.references.first().and_then(|chain| scope.at(&chain.path)),
            Form::Any(form) => match &**form {
                Shared::Direct(direct) => direct.evaluate(scope),
                Shared::Engine(compiled) => return self.result(compiled.eval(scope.value()), scope, sink),
            },
        };
        // The engine knows what is wrong, in its own words.
        let otherwise = || engine_form(&self.source).and_then(|compiled| compiled.eval(scope.value()));
        value.or_else(|| self.result(otherwise(), scope, sink))
    }

    /// What the engine says; an undefined result or a failure goes to the sink.
    fn result(&self, value: Result<Value, minijinja::Error>, scope: &Scope, sink: &mut Sink) -> Option<Value> {
        match value {
            Ok(value) if !value.is_undefined() => Some(value),
            Ok(_) => {
                sink.push(self.undefined(scope, self.span));
                None
            }
            Err(error) => {
                sink.push(self.failure(scope, &error));
                None
            }
        }
    }

    /// Where the value stands that a chain of names leads to.
    pub(super) fn origin(&self, scope: &Scope) -> Option<Span> {
        let (Form::Chain, Some(chain)) = (&self.form, self.references.first()) else { return None };
        scope.origin(&chain.path).filter(|span| !span.is_built_in())
    }

    fn failure(&self, scope: &Scope, error: &minijinja::Error) -> Diagnostic {
        let span = narrow(self.span, &self.source, error.range());
        if error.kind() == ErrorKind::UndefinedError {
            return self.undefined(scope, span);
        }
        let detail = match (error.kind(), error.detail()) {
            (ErrorKind::OutOfFuel, _) => "it ran for too long".to_owned(),
            (_, Some(detail)) => detail.to_owned(),
            (kind, None) => kind.to_string(),
        };
        let message = format!("`{}` cannot be evaluated", short(&self.source));
        let diagnostic = Diagnostic::error(&templates::EVALUATION, span, message).here(detail.clone());
        match error.kind() {
            ErrorKind::UnknownFilter | ErrorKind::UnknownFunction | ErrorKind::UnknownTest => {
                let wrong = detail.split_whitespace().find(|w| !matches!(*w, "filter" | "function" | "test"));
                match wrong.and_then(|w| nearest(w, engine::names())) {
                    Some(right) => diagnostic.help(format!("did you mean `{right}`?")),
                    None => diagnostic.help("docs/language.md lists the filters and functions"),
                }
            }
            _ => diagnostic,
        }
    }

    /// Which of the names is the missing one, and what it could have been.
    fn undefined(&self, scope: &Scope, span: Span) -> Diagnostic {
        for reference in &*self.references {
            if let Some(missing) = scope.first_missing(&reference.path) {
                let shown = reference.path[..=missing.depth].join(".");
                let found = Diagnostic::error(&templates::UNDEFINED, span, format!("`{shown}` is not defined"));
                let name = &reference.path[missing.depth];
                if missing.parent_is_none {
                    let parent = reference.path[..missing.depth].join(".");
                    if &*reference.path[0] == "cluster" {
                        return found.here(format!("`{parent}` is none here")).help(format!(
                            "give `{parent}` in an overlay; a blueprint that can do without it guards it: `$if: {parent}`"
                        ));
                    }
                    return found
                        .here(format!("`{parent}` is none here"))
                        .help(format!("guard it: `$if: {parent}`, or `… if {parent} else …`"));
                }
                let found = found.here(format!("no `{name}` here"));
                return match (missing.depth, reference.path[0].as_ref()) {
                    (1, "caps") => found
                        .suggest(name, missing.names.iter().map(|n| &**n))
                        .cause("a component sees only the capabilities that it requires, uses or provides"),
                    (1, "params") => found
                        .suggest(name, missing.names.iter().map(|n| &**n))
                        .cause("parameters are declared under `parameters:` in component.yaml"),
                    _ => found.suggest(name, missing.names.iter().map(|n| &**n)),
                };
            }
        }
        Diagnostic::error(&templates::UNDEFINED, span, format!("`{}` is undefined", short(&self.source)))
            .here("a part of this has no value")
    }
}

/// An expression as a message can hold it: the whole of it is shown at its place.
fn short(source: &str) -> String {
    const MOST: usize = 80;
    let source = source.trim();
    let line = source.lines().next().unwrap_or_default().trim_end();
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None if line.len() < source.len() => format!("{line} …"),
        None => line.to_owned(),
    }
}

/// The part of an expression's place that an error speaks of.
fn narrow(span: Span, source: &str, range: Option<std::ops::Range<usize>>) -> Span {
    match range {
        Some(range) if !span.is_built_in() && range.end <= source.len() && range.start < range.end => {
            let whole = (span.end - span.start) as usize;
            // Only where the source text stands as it is: escapes and folded lines move bytes.
            if whole == source.len() {
                Span { file: span.file, start: span.start + range.start as u32, end: span.start + range.end as u32 }
            } else {
                span
            }
        }
        _ => span,
    }
}

/// The one chain of names that an expression is; none for all others.
fn chain(source: &str) -> Option<Reference> {
    let name = |name: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        (starts && name.bytes().all(plain) && !is_keyword(name)).then(|| Arc::from(name))
    };
    Some(Reference { path: source.trim().split('.').map(name).collect::<Option<_>>()? })
}

/// The chains of names in an expression. Names after `.`, `|` and `is`, keywords, and string contents do not count.
pub(super) fn references(source: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut no_chain = false;
    while let Some(first) = rest.chars().next() {
        if first == '\'' || first == '"' {
            rest = skip_string(rest);
            no_chain = false;
        } else if first.is_alphabetic() || first == '_' {
            let (name, next) = take_name(rest);
            rest = next;
            if no_chain || is_keyword(name) || is_keyword_argument(rest) {
                // What follows is a test's name: `is defined`, `is not defined`.
                no_chain = name == "is" || (no_chain && name == "not");
                continue;
            }
            let mut path = vec![Arc::from(name)];
            rest = take_chain(rest, &mut path);
            if rest.trim_start().starts_with('(') && path.len() > 1 {
                path.pop();
            }
            if !(path.len() == 1 && rest.trim_start().starts_with('(')) {
                found.push(Reference { path });
            }
        } else {
            // A filter's name, or a field of what a call or subscript gives.
            if matches!(first, '|' | '.') {
                no_chain = true;
            } else if !first.is_whitespace() {
                no_chain = false;
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

pub(super) fn is_keyword(name: &str) -> bool {
    matches!(
        name,
        "and"
            | "or"
            | "not"
            | "in"
            | "is"
            | "if"
            | "else"
            | "true"
            | "false"
            | "none"
            | "True"
            | "False"
            | "None"
            | "loop"
    )
}

/// `name=` in a call, but not `name ==`.
fn is_keyword_argument(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.starts_with('=') && !rest.starts_with("==")
}

fn take_name(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    text.split_at(end)
}

/// Takes `.name` and `['name']` for as long as they follow.
fn take_chain<'a>(mut rest: &'a str, path: &mut Vec<Arc<str>>) -> &'a str {
    loop {
        if let Some(next) = rest.strip_prefix('.') {
            let (name, after) = take_name(next);
            if name.is_empty() {
                return rest;
            }
            path.push(Arc::from(name));
            rest = after;
        } else if let Some((name, after)) = quoted_subscript(rest) {
            path.push(Arc::from(name));
            rest = after;
        } else {
            return rest;
        }
    }
}

pub(super) fn quoted_subscript(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.strip_prefix('[')?;
    let quote = inner.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (name, after) = inner[1..].split_once(quote)?;
    Some((name, after.strip_prefix(']')?))
}

fn skip_string(text: &str) -> &str {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else { return "" };
    let mut escaped = false;
    for (at, c) in chars {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return &text[at + 1..];
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::{chain, references};

    #[test]
    fn a_chain_is_one_reference() {
        for source in ["params.host", " self ", "a.b_c.D1"] {
            assert_eq!(chain(source).into_iter().collect::<Vec<_>>(), references(source), "{source}");
        }
        for source in ["", "a.", ".a", "a b", "none", "a.if", "true", "1", "a.1", "a-b", "a()", "a['b']", "é"] {
            assert_eq!(chain(source), None, "{source}");
        }
    }

    #[test]
    fn chains_are_found_and_words_that_are_not_names_are_left_out() {
        let shown = |source: &str| references(source).iter().map(|r| r.path.join("/")).collect::<Vec<_>>().join(" ");
        assert_eq!(shown("params.host"), "params/host");
        assert_eq!(shown("caps['load-balancer'].addresses | first"), "caps/load-balancer/addresses");
        assert_eq!(shown("a.b if x is defined and y == 'p.q' else z[0].k"), "a/b x y z");
        assert_eq!(shown("cidr_host(params.net, 1) ~ merge(a, b=c)"), "params/net a c");
        assert_eq!(shown("xs | join(sep.x) | default('')"), "xs sep/x");
        assert_eq!(shown("params.items.get('x')"), "params/items");
        assert_eq!(shown("a is not defined and f(b).params.c"), "a b");
    }
}
