//! Quick readers for documents that are plain block YAML.
//!
//! Nearly all of what charts hold and print is written in one simple way. A [`Walk`] goes through such a text line by line and tells
//! a [`Sink`] what is there; both give up at whatever they do not know: the full reader then decides. They must never accept
//! what the full reader refuses, nor read it differently.

mod data;
mod head;
mod scalars;
#[cfg(test)]
mod tests;
mod text;
mod walk;

pub(crate) use data::data;
pub(crate) use head::{Head, head};
use walk::walk;

/// Takes what a document holds, in the order of the text. None is for what only the full reader can take.
trait Sink<'t> {
    /// A list, or a map, begins.
    fn open(&mut self, list: bool) -> Option<()>;
    /// It ends.
    fn close(&mut self) -> Option<()>;
    /// The next item of the list begins; where nothing follows, it is null.
    fn item(&mut self) -> Option<()>;
    /// The next entry of the map begins; where nothing follows, it is null. A key may have quotation marks.
    fn key(&mut self, key: &'t str) -> Option<()>;
    /// A value that is no block list or map.
    fn scalar(&mut self, scalar: Scalar<'t>) -> Option<()>;
    /// `&name`: the value that follows can be had again by its name.
    fn anchor(&mut self, _name: &'t str) -> Option<()> {
        None
    }
    /// `*name`: a value that has a name stands here too.
    fn alias(&mut self, _name: &'t str) -> Option<()> {
        None
    }
    /// `<<:`: the entries of the value that follows belong to this map.
    fn merge(&mut self) -> Option<()> {
        None
    }
}

/// A value as it stands in the text.
#[derive(Clone, Copy)]
enum Scalar<'t> {
    /// Plain text, in one line or several.
    Plain(&'t str),
    /// A text with its marks, in one line or several.
    Quoted(&'t str),
    /// The lines below `|` or `>`, each indented so far. The last may lack its line feed.
    Block { header: &'t str, indent: usize, lines: &'t str },
    /// A list or map in brackets, in one line.
    Flow(&'t str),
}
