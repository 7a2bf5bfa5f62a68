//! The words of a command: literals, fields, variables, functions and parentheses.

use super::ast::{Command, Operand, Span};
use super::number;
use super::parse::{Parse, Parser};
use super::show::Shown;
use super::token::Kind;
use crate::helm::functions;
use crate::helm::quote::{literal, quoted};

impl Parser<'_> {
    pub(super) fn command(&mut self) -> Parse<Command> {
        let pos = self.peek().pos();
        let mut words = Words { first: None, more: Vec::new() };
        loop {
            let operand = self.operand()?;
            let another = operand.is_some();
            words.push(operand);
            let token = self.peek();
            match token.kind {
                _ if another && token.spaced => continue,
                Kind::RightDelim | Kind::RightParen => {}
                Kind::Pipe => {
                    self.next();
                }
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        match words.first {
            Some(word) => Ok(Command { pos, word, arguments: words.more }),
            None => self.fail("empty command"),
        }
    }

    fn operand(&mut self) -> Parse<Option<Operand>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let Some(path) = self.fields() else { return Ok(Some(term)) };
        Ok(Some(match term {
            Operand::Field(own) => Operand::Field(Span { start: own.start, end: path.end }),
            Operand::Variable(own) => Operand::Variable(Span { start: own.start, end: path.end }),
            Operand::Bool(..) | Operand::Str(..) | Operand::Number(..) | Operand::Nil(_) | Operand::Dot(_) => {
                let shown = Shown { source: self.source(), part: &term }.to_string();
                return self.fail(format!("unexpected . after term {}", quoted(&shown)));
            }
            other => Operand::Chain(path.start, Box::new(other), path),
        }))
    }

    /// The fields that follow without a blank between.
    fn fields(&mut self) -> Option<Span> {
        let mut path: Option<Span> = None;
        loop {
            let token = self.peek();
            if token.kind != Kind::Field || token.spaced {
                return path;
            }
            self.next();
            path = Some(Span { start: path.map_or(token.span.start, |path| path.start), end: token.span.end });
        }
    }

    fn term(&mut self) -> Parse<Option<Operand>> {
        let token = self.next();
        let pos = token.pos();
        let text = self.text_of(&token);
        Ok(Some(match token.kind {
            Kind::Identifier => match functions::find(text) {
                Some(function) => Operand::Call(pos, function),
                None => return self.fail(format!("function {} not defined", quoted(text))),
            },
            Kind::Dot => Operand::Dot(pos),
            Kind::Nil => Operand::Nil(pos),
            Kind::Variable => {
                if !self.variables.iter().any(|name| **name == *text) {
                    return self.fail(format!("undefined variable {}", quoted(text)));
                }
                Operand::Variable(token.span)
            }
            Kind::Field => Operand::Field(token.span),
            Kind::Bool => Operand::Bool(pos, text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => match number::read(token.kind, text) {
                Ok(number) => Operand::Number(pos, Box::new(number)),
                Err(problem) => return self.fail(problem),
            },
            Kind::LeftParen => {
                self.enter()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.leave();
                Operand::Pipe(Box::new(pipe))
            }
            Kind::Str | Kind::RawString => {
                let Some(bytes) = literal(text) else { return self.fail("invalid syntax") };
                Operand::Str(
                    pos,
                    match str::from_utf8(&bytes) {
                        Ok(text) => text.into(),
                        Err(_) => String::from_utf8_lossy(&bytes).into(),
                    },
                )
            }
            _ => {
                self.back(token);
                return Ok(None);
            }
        }))
    }
}

/// The words of a command, of which most have one.
struct Words {
    first: Option<Operand>,
    more: Vec<Operand>,
}

impl Words {
    fn push(&mut self, word: Option<Operand>) {
        match word {
            Some(word) if self.first.is_none() => self.first = Some(word),
            Some(word) => self.more.push(word),
            None => {}
        }
    }
}
