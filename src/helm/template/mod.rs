//! Go's `text/template`: text with `{{ actions }}` into text.

mod ast;
mod compare;
mod eval;
mod exec;
mod lex;
mod number;
mod parse;
mod show;
mod term;
mod token;

pub(crate) use ast::Parsed;
pub(crate) use compare::{equal, less};
pub(crate) use exec::{Run, Set, Shared};
pub(crate) use number::parse_int;
pub(crate) use parse::parse;
