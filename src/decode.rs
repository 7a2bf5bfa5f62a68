//! Trees into typed documents, with every fault reported and none stopping the rest.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use crate::diagnostic::{Diagnostic, Sink, codes::shape};
use crate::template::Template;
use crate::yaml::{Key, Map, Node, Span, Value};

/// What decoding needs beside the tree: the file's text, and where findings go.
#[derive(Debug)]
pub struct Context<'a> {
    /// The file's text, for exact places of expressions.
    pub text: &'a str,
    /// Where findings go.
    pub sink: &'a mut Sink,
}

/// JSON Schemas of the records met so far, by name.
pub type Definitions = serde_json::Map<String, Json>;

/// A type that can be read from a tree.
pub trait Decode: Sized {
    /// Reads it; none where that was reported as impossible.
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self>;

    /// The value where the key is absent; none where the key must be there.
    fn absent() -> Option<Self> {
        None
    }

    /// The JSON Schema of what [`Decode::decode`] takes.
    fn schema(definitions: &mut Definitions) -> Json;
}

/// Text with its place; never empty.
#[derive(Clone, Debug)]
pub struct Text {
    /// The text.
    pub text: Arc<str>,
    /// Where it stands.
    pub span: Span,
}

impl Text {
    /// Text that stackgen makes.
    pub fn built_in(text: &str) -> Self {
        Text { text: Arc::from(text), span: Span::BUILT_IN }
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &*self.text == other
    }
}

/// A value with its place.
#[derive(Clone, Copy, Debug)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// Entries by name, in source order.
pub type Named<T> = IndexMap<Key, T, foldhash::fast::FixedState>;

impl Context<'_> {
    /// Reports that a node has the wrong type.
    pub fn wrong_type(&mut self, node: &Node, wanted: &str) {
        let name = node.value.type_name();
        let mut found = Diagnostic::error(&shape::WRONG_TYPE, node.span, format!("{wanted} is wanted, this is {name}"))
            .here(format!("this is {name}"));
        if wanted == "a string" && matches!(node.value, Value::Bool(_) | Value::Int(_) | Value::Float(_)) {
            found = found.help("put it in quotes");
        }
        self.sink.push(found);
    }

    /// The map of a node, or a finding.
    pub fn map<'n>(&mut self, node: &'n Node) -> Option<&'n Map> {
        let map = node.as_map();
        if map.is_none() {
            self.wrong_type(node, "a map");
        }
        map
    }

    /// Reports keys that are not among the known ones.
    pub fn known_keys(&mut self, map: &Map, known: &[&str]) {
        for key in map.keys().filter(|key| !known.contains(&&*key.text)) {
            self.sink.push(
                Diagnostic::error(&shape::UNKNOWN_KEY, key.span, format!("unknown key `{}`", key.text))
                    .here("not a key of this map")
                    .suggest(&key.text, known.iter().copied()),
            );
        }
    }

    /// The value of a key: decoded, defaulted, or reported.
    pub fn field<T: Decode>(&mut self, parent: Span, map: &Map, key: &str, default: Option<T>) -> Option<T> {
        match map.get(key) {
            Some(node) => T::decode(node, self),
            None => default.or_else(T::absent).or_else(|| {
                self.sink.push(
                    Diagnostic::error(&shape::MISSING_KEY, parent, format!("the key `{key}` is missing"))
                        .here(format!("`{key}` belongs in this map")),
                );
                None
            }),
        }
    }
}

impl Decode for Text {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        match node.as_str() {
            Some(text) if !text.trim().is_empty() => match &node.value {
                Value::Str(text) => Some(Text { text: text.clone(), span: node.span }),
                _ => None,
            },
            Some(_) => {
                cx.sink.push(Diagnostic::error(&shape::BAD_VALUE, node.span, "text is wanted, this is empty"));
                None
            }
            None => {
                cx.wrong_type(node, "a string");
                None
            }
        }
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1 })
    }
}

impl Decode for bool {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Bool(value) = node.value {
            return Some(value);
        }
        cx.wrong_type(node, "a boolean");
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}

impl Decode for i64 {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if let Value::Int(value) = node.value {
            return Some(value);
        }
        cx.wrong_type(node, "an integer");
        None
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "integer" })
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        T::decode(node, cx).map(|value| Spanned { value, span: node.span })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        T::decode(node, cx).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        T::decode(node, cx).map(Box::new)
    }

    fn schema(definitions: &mut Definitions) -> Json {
        T::schema(definitions)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let Some(items) = node.as_seq() else {
            cx.wrong_type(node, "a list");
            return None;
        };
        Some(items.iter().filter_map(|item| T::decode(item, cx)).collect())
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": "array", "items": T::schema(definitions) })
    }
}

impl<T: Decode> Decode for Named<T> {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let map = cx.map(node)?;
        // Entries can be large: a map that grows would leave much behind.
        let mut named = Named::with_capacity_and_hasher(map.len(), Default::default());
        named.extend(map.iter().filter_map(|(key, value)| Some((key.clone(), T::decode(value, cx)?))));
        Some(named)
    }

    fn absent() -> Option<Self> {
        Some(Named::default())
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "type": "object", "additionalProperties": T::schema(definitions) })
    }
}

impl Decode for Node {
    fn decode(node: &Node, _: &mut Context<'_>) -> Option<Self> {
        Some(node.clone())
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({})
    }
}

impl Decode for Template {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        Some(Template::compile(node, cx.text, cx.sink))
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({})
    }
}

/// Declares a struct that is read from a map: one line of key, field and type for each entry, whose doc comment also
/// is the description in the JSON Schema.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident {
            $( $(#[doc = $field_doc:literal])+ $key:literal => $field:ident: $type:ty $(= $default:expr)?, )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug)]
        #[allow(unreachable_pub, reason = "some records are read and taken apart within one module")]
        pub struct $name {
            /// Where it stands.
            #[allow(dead_code, reason = "not every record has findings of its own")]
            pub span: $crate::yaml::Span,
            $( $(#[doc = $field_doc])+ pub $field: $type, )*
        }

        impl $crate::decode::Decode for $name {
            fn decode(
                node: &$crate::yaml::Node,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                let map = cx.map(node)?;
                cx.known_keys(map, &[$($key),*]);
                $( let $field = cx.field::<$type>(node.span, map, $key, record!(@default $($default)?)); )*
                Some($name { span: node.span, $( $field: $field?, )* })
            }

            fn schema(definitions: &mut $crate::decode::Definitions) -> serde_json::Value {
                let name = stringify!($name);
                if !definitions.contains_key(name) {
                    definitions.insert(name.to_owned(), serde_json::Value::Null);
                    let mut properties = serde_json::Map::new();
                    let mut required: Vec<&str> = Vec::new();
                    $(
                        let mut property = <$type as $crate::decode::Decode>::schema(definitions);
                        $crate::decode::describe(&mut property, concat!($($field_doc),+));
                        properties.insert($key.to_owned(), property);
                        let default: Option<$type> = record!(@default $($default)?);
                        if default.or_else(<$type as $crate::decode::Decode>::absent).is_none() {
                            required.push($key);
                        }
                    )*
                    definitions.insert(name.to_owned(), serde_json::json!({
                        "type": "object",
                        "description": concat!($($doc),+).trim(),
                        "additionalProperties": false,
                        "required": required,
                        "properties": properties,
                    }));
                }
                serde_json::json!({ "$ref": format!("#/$defs/{name}") })
            }
        }
    };
    (@default) => { None };
    (@default $default:expr) => { Some($default) };
}

/// Declares an enum that is read from one of a few words.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident { $( $(#[doc = $variant_doc:literal])+ $word:literal => $variant:ident, )+ }
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $( $(#[doc = $variant_doc])+ $variant, )+ }

        impl $name {
            /// The word in sources and output.
            pub fn word(self) -> &'static str {
                match self { $( $name::$variant => $word, )+ }
            }
        }

        impl $crate::decode::Decode for $name {
            fn decode(
                node: &$crate::yaml::Node,
                cx: &mut $crate::decode::Context<'_>,
            ) -> Option<Self> {
                match node.as_str() {
                    $( Some($word) => Some($name::$variant), )+
                    _ => {
                        $crate::decode::not_a_choice(node, &[$($word),+], cx);
                        None
                    }
                }
            }

            fn schema(_: &mut $crate::decode::Definitions) -> serde_json::Value {
                serde_json::json!({ "enum": [$($word),+] })
            }
        }
    };
}

pub(crate) use {choice, record};

/// Reports a word that is not one of the few.
pub fn not_a_choice(node: &Node, words: &[&str], cx: &mut Context<'_>) {
    match node.as_str() {
        Some(word) => {
            let listed = words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
            cx.sink.push(
                Diagnostic::error(&shape::BAD_VALUE, node.span, format!("`{word}` is not one of {listed}"))
                    .suggest(word, words.iter().copied()),
            );
        }
        None => cx.wrong_type(node, "a string"),
    }
}

/// Puts a description beside a schema.
pub fn describe(schema: &mut Json, text: &str) {
    if let Json::Object(map) = schema {
        map.insert("description".into(), Json::String(text.trim().to_owned()));
    }
}
