//! A tree into a template: expressions are found and compiled, template keys are taken out of their maps.

use std::sync::Arc;

use super::Expression;
use super::expression::Reference;
use crate::diagnostic::{Diagnostic, Sink, codes::templates};
use crate::yaml::{Key, Map, Node, Span, Tag, Value};

/// A compiled structural template.
#[derive(Debug)]
pub struct Template {
    pub(super) tree: Tree,
}

#[derive(Debug)]
pub(super) enum Tree {
    /// Nothing to evaluate below: the tree itself, shared with every result.
    Literal(Node),
    /// A scalar that is one expression.
    Expression(Expression, Place),
    /// A scalar with expressions inside text.
    Text(Vec<Part>, Place),
    List(Vec<Tree>, Place),
    Map(Box<MapTree>),
}

/// Span and tag of a template's node.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) span: Span,
    pub(super) tag: Option<Tag>,
}

#[derive(Debug)]
pub(super) enum Part {
    Text(Arc<str>),
    Expression(Expression),
}

#[derive(Debug)]
pub(super) enum KeyTree {
    Plain(Key),
    Text(Vec<Part>, Span),
}

#[derive(Debug)]
pub(super) struct Loop {
    pub(super) names: Vec<Arc<str>>,
    pub(super) over: Expression,
}

#[derive(Debug)]
pub(super) struct MapTree {
    pub(super) place: Place,
    pub(super) condition: Option<Expression>,
    pub(super) repeat: Option<Loop>,
    /// `$then` or `$value`: the value in place of the entries.
    pub(super) then: Option<Tree>,
    pub(super) otherwise: Option<Tree>,
    pub(super) merge: Option<Expression>,
    pub(super) entries: Vec<(KeyTree, Tree)>,
}

impl Template {
    /// Compiles a tree. `text` is the file's text, for exact places of expressions.
    pub fn compile(node: &Node, text: &str, sink: &mut Sink) -> Self {
        Template { tree: Compiler { text, sink }.tree(node) }
    }

    /// A template that gives a tree as it is.
    pub fn literal(node: Node) -> Self {
        Template { tree: Tree::Literal(node) }
    }

    /// The place of the template's root.
    pub fn span(&self) -> Span {
        match &self.tree {
            Tree::Literal(node) => node.span,
            Tree::Expression(_, place) | Tree::Text(_, place) | Tree::List(_, place) => place.span,
            Tree::Map(map) => map.place.span,
        }
    }

    /// The tree itself, where there is nothing to evaluate.
    pub fn as_literal(&self) -> Option<&Node> {
        match &self.tree {
            Tree::Literal(node) => Some(node),
            _ => None,
        }
    }

    /// Whether it takes the place of whatever a more general layer says: a scalar or list without a joining tag.
    pub fn replaces(&self) -> bool {
        match &self.tree {
            Tree::Literal(node) => match (&node.tag, &node.value) {
                (Some(tag), _) => *tag == Tag::Replace,
                (None, value) => !matches!(value, Value::Map(_)),
            },
            Tree::Text(_, place) | Tree::List(_, place) => place.tag.as_ref().is_none_or(|t| *t == Tag::Replace),
            Tree::Expression(..) => false,
            Tree::Map(map) => map.place.tag == Some(Tag::Replace),
        }
    }

    /// The entry of a root map that stands without condition, as far as it can be known before evaluation.
    pub fn literal_entry(&self, key: &str) -> Option<&Node> {
        match &self.tree {
            Tree::Literal(node) => node.get(key),
            Tree::Map(map) => map.entries.iter().find_map(|(k, v)| match (k, v) {
                (KeyTree::Plain(k), Tree::Literal(node)) if &*k.text == key => Some(node),
                _ => None,
            }),
            _ => None,
        }
    }

    /// Every chain of names that any expression of the template refers to, with the place.
    pub fn references(&self) -> Vec<(&Reference, Span)> {
        let mut found = Vec::new();
        self.tree.each_expression(&mut |e| found.extend(e.references.iter().map(|r| (r, e.span))));
        found
    }
}

impl Tree {
    fn each_expression<'a>(&'a self, visit: &mut impl FnMut(&'a Expression)) {
        let parts = |parts: &'a [Part], visit: &mut dyn FnMut(&'a Expression)| {
            for part in parts {
                if let Part::Expression(e) = part {
                    visit(e);
                }
            }
        };
        match self {
            Tree::Literal(_) => {}
            Tree::Expression(e, _) => visit(e),
            Tree::Text(all, _) => parts(all, visit),
            Tree::List(items, _) => items.iter().for_each(|item| item.each_expression(visit)),
            Tree::Map(map) => {
                map.condition.iter().chain(map.merge.iter()).for_each(&mut *visit);
                map.repeat.iter().for_each(|r| visit(&r.over));
                map.then.iter().chain(map.otherwise.iter()).for_each(|t| t.each_expression(visit));
                for (key, value) in &map.entries {
                    if let KeyTree::Text(all, _) = key {
                        parts(all, visit);
                    }
                    value.each_expression(visit);
                }
            }
        }
    }
}

struct Compiler<'a> {
    text: &'a str,
    sink: &'a mut Sink,
}

const TEMPLATE_KEYS: [&str; 6] = ["$if", "$for", "$then", "$else", "$value", "$merge"];

impl Compiler<'_> {
    fn tree(&mut self, node: &Node) -> Tree {
        if is_literal(node) {
            return Tree::Literal(node.clone());
        }
        let place = Place { span: node.span, tag: node.tag.clone() };
        match &node.value {
            Value::Str(text) => self.scalar(text, place),
            Value::Seq(items) => Tree::List(items.iter().map(|item| self.tree(item)).collect(), place),
            Value::Map(map) => self.map(map, place),
            _ => Tree::Literal(node.clone()),
        }
    }

    fn scalar(&mut self, text: &str, place: Place) -> Tree {
        let mut parts = self.parts(text, place.span);
        if parts.len() == 1 {
            match parts.pop() {
                Some(Part::Expression(e)) => return Tree::Expression(e, place),
                Some(Part::Text(text)) => {
                    return Tree::Literal(Node { value: Value::Str(text), span: place.span, tag: place.tag });
                }
                None => {}
            }
        }
        Tree::Text(parts, place)
    }

    /// Splits text at `${{ … }}`; `$${{` is a literal `${{`.
    fn parts(&mut self, text: &str, span: Span) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        let mut searched = 0;
        while let Some(at) = rest.find("${{") {
            if rest[..at].ends_with('$') {
                plain.push_str(&rest[..at - 1]);
                plain.push_str("${{");
                rest = &rest[at + 3..];
                continue;
            }
            plain.push_str(&rest[..at]);
            let body = &rest[at + 3..];
            let Some(length) = end_of_expression(body) else {
                self.sink.push(
                    Diagnostic::error(&templates::EXPRESSION_SYNTAX, span, "`${{` without `}}`")
                        .here("this expression does not end")
                        .help("close it with `}}`, or write `$${{` for a literal `${{`"),
                );
                return vec![Part::Text(Arc::from(text))];
            };
            if !plain.is_empty() {
                parts.push(Part::Text(Arc::from(std::mem::take(&mut plain))));
            }
            let source = &body[..length];
            let place = self.locate(source, span, &mut searched);
            match Expression::compile(source, place, self.sink) {
                Some(e) => parts.push(Part::Expression(e)),
                None => parts.push(Part::Text(Arc::from(""))),
            }
            rest = &body[length + 2..];
        }
        plain.push_str(rest);
        if !plain.is_empty() || parts.is_empty() {
            parts.push(Part::Text(Arc::from(plain)));
        }
        parts
    }

    /// The expression's own place, where its text stands in the file as it is (no escapes or folded lines in it).
    fn locate(&self, source: &str, span: Span, searched: &mut usize) -> Span {
        let raw = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        match raw.get(*searched..).and_then(|later| find(later, source)) {
            Some(at) => {
                let lead = source.len() - source.trim_start().len();
                let start = *searched + at;
                *searched = start + source.len();
                let start = span.start + (start + lead) as u32;
                Span { file: span.file, start, end: start + source.trim().len() as u32 }
            }
            None => span,
        }
    }

    fn map(&mut self, map: &Map, place: Place) -> Tree {
        let mut tree = MapTree {
            place,
            condition: None,
            repeat: None,
            then: None,
            otherwise: None,
            merge: None,
            entries: Vec::with_capacity(map.len()),
        };
        for (key, value) in map {
            match &*key.text {
                "$if" => tree.condition = self.bare(key, value),
                "$merge" => tree.merge = self.bare(key, value),
                "$for" => tree.repeat = self.repeat(key, value),
                "$then" | "$value" => tree.then = Some(self.tree(value)),
                "$else" => tree.otherwise = Some(self.tree(value)),
                _ => {
                    let key = self.key(key);
                    let value = self.tree(value);
                    tree.entries.push((key, value));
                }
            }
        }
        self.check_keys(map, &tree);
        Tree::Map(Box::new(tree))
    }

    fn check_keys(&mut self, map: &Map, tree: &MapTree) {
        let Some(first) = tree.entries.first() else {
            if map.contains_key("$else") && !map.contains_key("$if") {
                self.bad_key(map, "$else", "`$else` needs an `$if`");
            }
            return;
        };
        let place = match &first.0 {
            KeyTree::Plain(key) => key.span,
            KeyTree::Text(_, span) => *span,
        };
        for key in ["$then", "$value", "$else"] {
            if let Some((found, _)) = map.get_key_value(key) {
                let message = format!("`{key}` stands beside ordinary keys");
                self.sink.push(
                    Diagnostic::error(&templates::TEMPLATE_KEY, found.span, message)
                        .label(place, "an ordinary key")
                        .help("put the ordinary keys below `$then:`"),
                );
            }
        }
    }

    fn bad_key(&mut self, map: &Map, key: &str, message: &str) {
        if let Some((found, _)) = map.get_key_value(key) {
            self.sink.push(Diagnostic::error(&templates::TEMPLATE_KEY, found.span, message));
        }
    }

    fn key(&mut self, key: &Key) -> KeyTree {
        if let Some(literal) = key.text.strip_prefix("$$").filter(|rest| !rest.starts_with("{{")) {
            return KeyTree::Plain(Key { text: Arc::from(format!("${literal}")), span: key.span });
        }
        if has_expression(&key.text) {
            return KeyTree::Text(self.parts(&key.text, key.span), key.span);
        }
        if key.text.starts_with('$') {
            let message = format!("`{}` is not a template key", key.text);
            self.sink.push(
                Diagnostic::error(&templates::TEMPLATE_KEY, key.span, message)
                    .suggest(&key.text, TEMPLATE_KEYS)
                    .cause("keys that start with `$` steer the template; a literal one is written with `$$`"),
            );
        }
        KeyTree::Plain(key.clone())
    }

    /// An expression without delimiters.
    fn bare(&mut self, key: &Key, value: &Node) -> Option<Expression> {
        match &value.value {
            Value::Str(text) => {
                let (source, span) = self.bare_text(text, value.span);
                Expression::compile(&source, span, self.sink)
            }
            Value::Bool(b) => Expression::compile(if *b { "true" } else { "false" }, value.span, self.sink),
            other => {
                let message = format!("`{}` takes an expression, not {}", key.text, other.type_name());
                self.sink.push(Diagnostic::error(&templates::TEMPLATE_KEY, value.span, message));
                None
            }
        }
    }

    fn bare_text(&mut self, text: &str, span: Span) -> (String, Span) {
        let trimmed = text.trim();
        if let Some(inner) = trimmed.strip_prefix("${{").and_then(|t| t.strip_suffix("}}")) {
            self.sink.push(
                Diagnostic::error(&templates::TEMPLATE_KEY, span, "this takes the bare expression")
                    .here("`${{ }}` is not needed here")
                    .help(format!("write `{}`", inner.trim())),
            );
            return (inner.to_owned(), span);
        }
        let place = self.locate(text, span, &mut 0);
        (text.to_owned(), place)
    }

    fn repeat(&mut self, key: &Key, value: &Node) -> Option<Loop> {
        let text = value.as_str().unwrap_or("");
        let (text, _) = self.bare_text(text, value.span);
        let names_and_rest = text
            .split_once(" in ")
            .map(|(names, over)| (names.split(',').map(|n| n.trim().to_owned()).collect::<Vec<_>>(), over.to_owned()));
        match names_and_rest {
            Some((names, over)) if (1..=2).contains(&names.len()) && names.iter().all(|n| is_name(n)) => {
                let place = self.locate(&over, value.span, &mut 0);
                let over = Expression::compile(&over, place, self.sink)?;
                Some(Loop { names: names.into_iter().map(Arc::from).collect(), over })
            }
            _ => {
                self.sink.push(
                    Diagnostic::error(&templates::TEMPLATE_KEY, value.span, format!("`{}` cannot be read", key.text))
                        .help("write `$for: item in expression`, or `$for: key, value in expression` for a map"),
                );
                None
            }
        }
    }
}

/// Where an expression stands in a scalar. Most stand at its start, after a quote, or after `${{`: to look there costs less than
/// to prepare a search for a long text.
fn find(later: &str, source: &str) -> Option<usize> {
    let here = |at: usize| later.get(at..).is_some_and(|rest| rest.starts_with(source));
    if let Some(at) = [0, 1].into_iter().find(|at| here(*at)) {
        return Some(at);
    }
    let dollars = later.bytes().enumerate().filter(|(_, byte)| *byte == b'$').map(|(at, _)| at);
    let mut opened = dollars.filter(|at| later[*at..].starts_with("${{")).map(|at| at + 3);
    opened.find(|at| here(*at)).or_else(|| later.find(source))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Where the expression ends: the first `}}` outside strings and brackets.
fn end_of_expression(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    let (mut quote, mut depth, mut at) = (None, 0_usize, 0);
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(q), b) if b == q => quote = None,
            (None, b @ (b'\'' | b'"')) => quote = Some(b),
            (None, b'{' | b'[' | b'(') => depth += 1,
            (None, b'}') if depth == 0 => return (bytes.get(at + 1) == Some(&b'}')).then_some(at),
            (None, b'}' | b']' | b')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether there is nothing to evaluate in a tree.
fn is_literal(node: &Node) -> bool {
    match &node.value {
        Value::Str(text) => !has_expression(text),
        Value::Seq(items) => items.iter().all(is_literal),
        Value::Map(map) => {
            map.iter().all(|(k, v)| !k.text.starts_with('$') && !has_expression(&k.text) && is_literal(v))
        }
        _ => true,
    }
}

/// Nearly no text has a dollar: to look for that one byte is much cheaper than to prepare a search for three.
fn has_expression(text: &str) -> bool {
    text.as_bytes().contains(&b'$') && text.contains("${{")
}
