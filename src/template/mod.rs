//! Structural templates: YAML trees with `${{ expression }}` in their scalars and `$if` / `$for` among their keys.
//!
//! A tree is compiled once ([`Template::compile`]) and evaluated for each environment ([`Template::evaluate`]).
//! Since the YAML is read before any expression runs, no value can break out of its place.

mod compile;
mod convert;
mod direct;
mod engine;
mod evaluate;
mod expression;
mod functions;
mod network;
mod scope;
mod text;

pub use compile::Template;
pub use convert::{from_value, to_value};
pub use evaluate::Evaluator;
pub use expression::{Expression, Reference};
pub use functions::shell_quote;
pub use scope::{Failed, Scope};
pub use text::TextTemplate;
