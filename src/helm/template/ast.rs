//! The parsed form of a template. Names and texts are places in its source.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::helm::functions::Function;
use crate::helm::value::Str;

/// A byte offset in the source, which is shorter than four gigabytes.
pub(crate) type Pos = u32;

/// Part of a source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    pub(crate) start: Pos,
    pub(crate) end: Pos,
}

impl Span {
    pub(crate) fn of(self, source: &str) -> &str {
        source.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// What one source text defines: its own body under its own name, and every `define` and `block` in it.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) trees: BTreeMap<Str, Arc<Tree>>,
}

/// One template.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(crate) name: Str,
    /// The name of the source that it stands in.
    pub(crate) source_name: Str,
    /// The text of that source.
    pub(crate) source: Arc<String>,
    pub(crate) root: Vec<Node>,
}

/// A piece of a template.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Span),
    Action(Pos, Box<Pipe>),
    If(Box<Branch>),
    With(Box<Branch>),
    Range(Box<Branch>),
    Template(Box<Call>),
    Break,
    Continue,
}

/// A condition or loop and its two bodies.
#[derive(Debug)]
pub(crate) struct Branch {
    pub(crate) pipe: Pipe,
    pub(crate) body: Vec<Node>,
    pub(crate) otherwise: Option<Vec<Node>>,
}

/// `{{ template "name" pipe }}`
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) pos: Pos,
    pub(crate) name: Str,
    pub(crate) pipe: Option<Pipe>,
}

/// `$a := x | y`
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) pos: Pos,
    pub(crate) assigns: bool,
    pub(crate) declares: Vec<Str>,
    pub(crate) first: Command,
    pub(crate) more: Vec<Command>,
}

/// A word and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) pos: Pos,
    pub(crate) word: Operand,
    pub(crate) arguments: Vec<Operand>,
}

/// What a number literal may be read as.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) int: Option<i64>,
    pub(crate) float: Option<f64>,
    /// Whether it is a float where nothing says which is wanted.
    pub(crate) looks_float: bool,
}

/// A word.
#[derive(Debug)]
pub(crate) enum Operand {
    Dot(Pos),
    Nil(Pos),
    Bool(Pos, bool),
    Number(Pos, Box<Number>),
    /// A string literal: its value.
    Str(Pos, Str),
    /// `.a.b`
    Field(Span),
    /// `$a.b`
    Variable(Span),
    /// `(…).a.b`: what stands before the first dot, and the rest.
    Chain(Pos, Box<Operand>, Span),
    Call(Pos, &'static Function),
    Pipe(Box<Pipe>),
}

impl Operand {
    /// Where Go says that it is: of several fields, at the second, and behind a variable at the first.
    pub(crate) fn pos(&self, source: &str) -> Pos {
        match self {
            Operand::Dot(pos)
            | Operand::Nil(pos)
            | Operand::Bool(pos, _)
            | Operand::Number(pos, _)
            | Operand::Str(pos, _)
            | Operand::Chain(pos, ..)
            | Operand::Call(pos, _) => *pos,
            Operand::Field(path) | Operand::Variable(path) => {
                let dots = path.of(source).bytes().zip(path.start..).skip(1).find(|(b, _)| *b == b'.');
                dots.map_or(path.start, |(_, pos)| pos)
            }
            Operand::Pipe(pipe) => pipe.pos,
        }
    }
}

impl Tree {
    /// Whether there is nothing in it but blanks.
    pub(crate) fn is_empty(&self) -> bool {
        self.root.iter().all(|node| matches!(node, Node::Text(span) if span.of(&self.source).trim_ascii().is_empty()))
    }
}
