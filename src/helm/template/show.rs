//! How Go prints the parts of a template in error messages.

use std::fmt::{Display, Formatter, Result};

use super::ast::{Branch, Call, Command, Node, Operand, Pipe, Pos};
use super::lex::Lexer;
use crate::helm::quote::quoted;

/// A part of a template, with the source that it stands in.
pub(super) struct Shown<'a, T> {
    pub(super) source: &'a str,
    pub(super) part: &'a T,
}

impl<'a, T> Shown<'a, T> {
    fn with<U>(&self, part: &'a U) -> Shown<'a, U> {
        Shown { source: self.source, part }
    }
}

/// A literal as it is written.
pub(super) fn written(source: &str, pos: Pos) -> &str {
    let mut lexer = Lexer::inside(source, pos);
    let token = lexer.next();
    lexer.text_of(&token)
}

impl Display for Shown<'_, Operand> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.part {
            Operand::Dot(_) => f.write_str("."),
            Operand::Nil(_) => f.write_str("nil"),
            Operand::Bool(_, value) => write!(f, "{value}"),
            Operand::Number(pos, _) | Operand::Str(pos, _) => f.write_str(written(self.source, *pos)),
            Operand::Field(path) | Operand::Variable(path) => f.write_str(path.of(self.source)),
            Operand::Chain(_, inner, path) => {
                match &**inner {
                    Operand::Pipe(pipe) => write!(f, "({})", self.with(&**pipe))?,
                    other => write!(f, "{}", self.with(other))?,
                }
                f.write_str(path.of(self.source))
            }
            Operand::Call(_, function) => f.write_str(function.name),
            Operand::Pipe(pipe) => write!(f, "{}", self.with(&**pipe)),
        }
    }
}

impl Display for Shown<'_, Command> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (n, word) in std::iter::once(&self.part.word).chain(&self.part.arguments).enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            match word {
                Operand::Pipe(pipe) => write!(f, "({})", self.with(&**pipe))?,
                other => write!(f, "{}", self.with(other))?,
            }
        }
        Ok(())
    }
}

impl Display for Shown<'_, Pipe> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let pipe = self.part;
        if !pipe.declares.is_empty() {
            write!(f, "{} {} ", pipe.declares.join(", "), if pipe.assigns { "=" } else { ":=" })?;
        }
        write!(f, "{}", self.with(&pipe.first))?;
        pipe.more.iter().try_for_each(|command| write!(f, " | {}", self.with(command)))
    }
}

impl Display for Shown<'_, Node> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.part {
            Node::Text(span) => f.write_str(span.of(self.source)),
            Node::Action(_, pipe) => write!(f, "{{{{{}}}}}", self.with(&**pipe)),
            Node::If(branch) => self.branch(f, "if", branch),
            Node::With(branch) => self.branch(f, "with", branch),
            Node::Range(branch) => self.branch(f, "range", branch),
            Node::Template(call) => self.call(f, call),
            Node::Break => f.write_str("{{break}}"),
            Node::Continue => f.write_str("{{continue}}"),
        }
    }
}

impl Shown<'_, Node> {
    fn call(&self, f: &mut Formatter<'_>, call: &Call) -> Result {
        write!(f, "{{{{template {}", quoted(&call.name))?;
        if let Some(pipe) = &call.pipe {
            write!(f, " {}", self.with(pipe))?;
        }
        f.write_str("}}")
    }

    fn branch(&self, f: &mut Formatter<'_>, word: &str, branch: &Branch) -> Result {
        write!(f, "{{{{{word} {}}}}}", self.with(&branch.pipe))?;
        branch.body.iter().try_for_each(|node| write!(f, "{}", self.with(node)))?;
        if let Some(nodes) = &branch.otherwise {
            f.write_str("{{else}}")?;
            nodes.iter().try_for_each(|node| write!(f, "{}", self.with(node)))?;
        }
        f.write_str("{{end}}")
    }
}
