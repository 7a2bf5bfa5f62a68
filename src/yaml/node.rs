//! The tree: values, their tags, and where they stand.

use std::borrow::Borrow;
use std::fmt::Write as _;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::IndexMap;

/// A source file's number in the [`SourceMap`](crate::diagnostic::SourceMap).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A byte range in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// What stackgen makes itself: no source file.
    pub const BUILT_IN: Span = Span { file: FileId(u32::MAX), start: 0, end: 0 };

    /// Whether there is a source line to show.
    pub fn is_built_in(self) -> bool {
        self.file.0 == u32::MAX
    }
}

/// How a node joins what a more general layer says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tag {
    /// `!append`: list items go after the inherited ones.
    Append,
    /// `!prepend`: list items go before the inherited ones.
    Prepend,
    /// `!merge KEY`: list items are merged with the inherited item that has the same value at KEY.
    Merge(Arc<str>),
    /// `!replace`: takes the place of whatever was inherited.
    Replace,
    /// `!unset`: removes what was inherited.
    Unset,
}

/// A map key and its place. Equality and hash are those of the text.
#[derive(Clone, Debug)]
pub struct Key {
    /// The key.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Key {
    /// A key that stackgen makes.
    pub fn built_in(text: &str) -> Self {
        Key { text: Arc::from(text), span: Span::BUILT_IN }
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl Eq for Key {}
impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl Borrow<str> for Key {
    fn borrow(&self) -> &str {
        &self.text
    }
}

/// A map in source order.
pub type Map = IndexMap<Key, Node, foldhash::fast::FixedState>;

/// A value. Lists and maps are shared: a clone costs a counter, never a copy of the tree.
#[derive(Clone, Debug)]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with a fraction or an exponent.
    Float(f64),
    /// Text.
    Str(Arc<str>),
    /// A list.
    Seq(Arc<Vec<Node>>),
    /// A map.
    Map(Arc<Map>),
}

impl Value {
    /// The value's type in the words of an error message.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Int(_) => "an integer",
            Value::Float(_) => "a number",
            Value::Str(_) => "a string",
            Value::Seq(_) => "a list",
            Value::Map(_) => "a map",
        }
    }
}

/// A value with its place and its merge tag. Equality ignores both places and tags.
#[derive(Clone, Debug)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands.
    pub span: Span,
    /// How it joins the layer below, if a tag says so.
    pub tag: Option<Tag>,
}

impl Node {
    /// A node at a place.
    pub fn new(value: Value, span: Span) -> Self {
        Node { value, span, tag: None }
    }

    /// A string that stackgen makes.
    pub fn str(text: impl AsRef<str>) -> Self {
        Node::new(Value::Str(Arc::from(text.as_ref())), Span::BUILT_IN)
    }

    /// A boolean that stackgen makes.
    pub fn bool(value: bool) -> Self {
        Node::new(Value::Bool(value), Span::BUILT_IN)
    }

    /// An integer that stackgen makes.
    pub fn int(value: i64) -> Self {
        Node::new(Value::Int(value), Span::BUILT_IN)
    }

    /// A list that stackgen makes.
    pub fn seq(items: Vec<Node>) -> Self {
        Node::new(Value::Seq(Arc::new(items)), Span::BUILT_IN)
    }

    /// A map that stackgen makes.
    pub fn map<'a>(entries: impl IntoIterator<Item = (&'a str, Node)>) -> Self {
        let map: Map = entries.into_iter().map(|(k, v)| (Key::built_in(k), v)).collect();
        Node::new(Value::Map(Arc::new(map)), Span::BUILT_IN)
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.value {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The entry of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_map()?.get(key)
    }

    /// The node at a path of map keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }
}

impl PartialEq for Node {
    fn eq(&self, other: &Self) -> bool {
        match (&self.value, &other.value) {
            (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Seq(a), Value::Seq(b)) => a == b,
            (Value::Map(a), Value::Map(b)) => a == b,
            _ => false,
        }
    }
}

/// A path in the words of a message: `a.b[2]."x/y"`.
pub fn path_text<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut out = String::new();
    for part in parts {
        if part.starts_with('[') {
            out.push_str(part);
            continue;
        }
        if !out.is_empty() {
            out.push('.');
        }
        let plain = !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
        if plain {
            out.push_str(part)
        } else {
            let _ = write!(out, "{part:?}");
        }
    }
    out
}
