//! How Go prints the parts of a template in error messages.

use std::fmt::{Display, Formatter, Result};

use super::ast::{Branch, Command, Node, Operand, Pipe};
use crate::helm::quote::quoted;

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Operand::Dot(_) => f.write_str("."),
            Operand::Nil(_) => f.write_str("nil"),
            Operand::Bool(_, value) => write!(f, "{value}"),
            Operand::Number(_, number) => f.write_str(&number.text),
            Operand::Str(_, literal) => f.write_str(literal.quoted.text()),
            Operand::Field(_, names) => names.iter().try_for_each(|name| write!(f, ".{name}")),
            Operand::Variable(_, names) => f.write_str(&names.join(".")),
            Operand::Chain(_, inner, names) => {
                match &**inner {
                    Operand::Pipe(pipe) => write!(f, "({pipe})")?,
                    other => write!(f, "{other}")?,
                }
                names.iter().try_for_each(|name| write!(f, ".{name}"))
            }
            Operand::Call(_, function) => f.write_str(function.name),
            Operand::Pipe(pipe) => write!(f, "{pipe}"),
        }
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (n, arg) in self.args.iter().enumerate() {
            if n > 0 {
                f.write_str(" ")?;
            }
            match arg {
                Operand::Pipe(pipe) => write!(f, "({pipe})")?,
                other => write!(f, "{other}")?,
            }
        }
        Ok(())
    }
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if !self.declares.is_empty() {
            write!(f, "{} {} ", self.declares.join(", "), if self.assigns { "=" } else { ":=" })?;
        }
        for (n, command) in self.commands.iter().enumerate() {
            if n > 0 {
                f.write_str(" | ")?;
            }
            write!(f, "{command}")?;
        }
        Ok(())
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Node::Text(piece) => f.write_str(piece.text()),
            Node::Action(_, pipe) => write!(f, "{{{{{pipe}}}}}"),
            Node::If(branch) => branch_text(f, "if", branch),
            Node::With(branch) => branch_text(f, "with", branch),
            Node::Range(branch) => branch_text(f, "range", branch),
            Node::Template { name, pipe, .. } => {
                write!(f, "{{{{template {}", quoted(name))?;
                if let Some(pipe) = pipe {
                    write!(f, " {pipe}")?;
                }
                f.write_str("}}")
            }
            Node::Break => f.write_str("{{break}}"),
            Node::Continue => f.write_str("{{continue}}"),
        }
    }
}

fn branch_text(f: &mut Formatter<'_>, word: &str, branch: &Branch) -> Result {
    write!(f, "{{{{{word} {}}}}}", branch.pipe)?;
    branch.body.iter().try_for_each(|node| write!(f, "{node}"))?;
    if let Some(nodes) = &branch.otherwise {
        f.write_str("{{else}}")?;
        nodes.iter().try_for_each(|node| write!(f, "{node}"))?;
    }
    f.write_str("{{end}}")
}
