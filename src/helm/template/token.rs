//! The tokens of a template.

use super::ast::{Pos, Span};
use crate::helm::quote::quoted;

/// A word that has a meaning of its own at the beginning of an action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    /// A dot and a name, and all of both that follow at once.
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Str,
    Text,
    Variable,
    Keyword(Word),
    Dot,
    Nil,
}

/// A token: what, where, and whether blanks come before it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) spaced: bool,
    pub(super) span: Span,
}

impl Token {
    pub(super) fn pos(&self) -> Pos {
        self.span.start
    }
}

impl Kind {
    /// Whether a word of a command begins so.
    pub(super) fn starts_operand(self) -> bool {
        matches!(
            self,
            Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::Str
                | Kind::Variable
                | Kind::LeftParen
        )
    }

    /// A token of this kind as Go names it in an error.
    pub(super) fn shown(self, text: &str) -> String {
        match self {
            Kind::End => "EOF".into(),
            Kind::Keyword(_) | Kind::Dot | Kind::Nil => format!("<{text}>"),
            // Go takes each field for itself.
            Kind::Field => shortened(text.match_indices('.').nth(1).map_or(text, |(second, _)| &text[..second])),
            _ => shortened(text),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(10) {
        Some((end, _)) => format!("{}...", quoted(&text[..end])),
        None => quoted(text),
    }
}
