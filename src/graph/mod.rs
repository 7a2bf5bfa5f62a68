//! The platform as a picture, and why each part of it is where it is.

mod dot;
mod mermaid;
mod model;
mod svg;
mod why;

pub use dot::dot;
pub use mermaid::mermaid;
pub use model::{Card, Consumer, Graph, Lane, Net, Wait, graph};
pub use svg::svg;
pub use why::{Contribution, Step, Waits, Why, Wired, why};
