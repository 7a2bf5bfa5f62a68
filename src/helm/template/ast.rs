//! The parsed form of a template.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::helm::functions::Function;
use crate::helm::value::Str;

/// A byte offset in the source.
pub(crate) type Pos = usize;

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

/// Some text of a source, which it shares.
#[derive(Debug)]
pub(crate) struct Piece {
    source: Arc<String>,
    range: Range<Pos>,
}

impl Piece {
    pub(crate) fn new(source: &Arc<String>, range: Range<Pos>) -> Self {
        Piece { source: source.clone(), range }
    }

    pub(crate) fn text(&self) -> &str {
        self.source.get(self.range.clone()).unwrap_or_default()
    }
}

/// A piece of a template.
#[derive(Debug)]
pub(crate) enum Node {
    Text(Piece),
    Action(Pos, Pipe),
    If(Box<Branch>),
    With(Box<Branch>),
    Range(Box<Branch>),
    Template { pos: Pos, name: Str, pipe: Option<Box<Pipe>> },
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

/// `$a := x | y`
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) pos: Pos,
    pub(crate) assigns: bool,
    pub(crate) declares: Vec<Str>,
    pub(crate) commands: Vec<Command>,
}

/// A word and its arguments.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) pos: Pos,
    pub(crate) args: Vec<Operand>,
}

/// A number literal and what it may be read as.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) text: Str,
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
    Str(Pos, Literal),
    /// `.a.b`
    Field(Pos, Vec<Str>),
    /// `$a.b`: the first part has the dollar sign.
    Variable(Pos, Vec<Str>),
    /// `(…).a.b`
    Chain(Pos, Box<Operand>, Vec<Str>),
    Call(Pos, &'static Function),
    Pipe(Box<Pipe>),
}

/// A string literal: its value and how it is written.
#[derive(Debug)]
pub(crate) struct Literal {
    pub(crate) value: Str,
    pub(crate) quoted: Piece,
}

impl Operand {
    pub(crate) fn pos(&self) -> Pos {
        match self {
            Operand::Dot(pos)
            | Operand::Nil(pos)
            | Operand::Bool(pos, _)
            | Operand::Number(pos, _)
            | Operand::Str(pos, _)
            | Operand::Field(pos, _)
            | Operand::Variable(pos, _)
            | Operand::Chain(pos, ..)
            | Operand::Call(pos, _) => *pos,
            Operand::Pipe(pipe) => pipe.pos,
        }
    }
}

impl Tree {
    /// Whether there is nothing in it but blanks.
    pub(crate) fn is_empty(&self) -> bool {
        self.root.iter().all(|node| matches!(node, Node::Text(piece) if piece.text().trim_ascii().is_empty()))
    }
}
