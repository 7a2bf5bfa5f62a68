//! Between trees and the values of expressions, without copying trees.

use std::fmt;
use std::sync::Arc;

use minijinja::Value as Jinja;
use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};

use crate::yaml::{Key, Map, Node, Span, Value};

/// A list of a tree as expressions see it.
#[derive(Debug)]
struct ListView(Arc<Vec<Node>>);

/// A map of a tree as expressions see it.
#[derive(Debug)]
struct MapView(Arc<Map>);

impl Object for ListView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.0.get(key.as_usize()?).map(to_value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

impl Object for MapView {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Jinja) -> Option<Jinja> {
        self.0.get(key.as_str()?).map(to_value)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Jinja> {
        self.0.get(key).map(to_value)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.keys().map(|k| Jinja::from(&k.text)).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }
}

/// A tree as a value of expressions. Lists and maps are shared, not copied.
pub fn to_value(node: &Node) -> Jinja {
    match &node.value {
        Value::Null => Jinja::from(()),
        Value::Bool(b) => Jinja::from(*b),
        Value::Int(i) => Jinja::from(*i),
        Value::Float(f) => Jinja::from(*f),
        Value::Str(s) => Jinja::from(s),
        Value::Seq(items) => Jinja::from_object(ListView(items.clone())),
        Value::Map(map) => Jinja::from_object(MapView(map.clone())),
    }
}

/// Where an entry of a map stands, if the map came from a tree.
pub(super) fn place_in(map: &Jinja, key: &str) -> Option<Span> {
    Some(map.downcast_object_ref::<MapView>()?.0.get(key)?.span)
}

/// Why a value has no place in a tree.
#[derive(Debug, PartialEq, Eq)]
pub struct NotData(String);

impl fmt::Display for NotData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The tree of a value; new nodes get `span`, parts that came from a tree keep theirs.
pub fn from_value(value: &Jinja, span: Span) -> Result<Node, NotData> {
    if let Some(list) = value.downcast_object_ref::<ListView>() {
        return Ok(Node::new(Value::Seq(list.0.clone()), span));
    }
    if let Some(map) = value.downcast_object_ref::<MapView>() {
        return Ok(Node::new(Value::Map(map.0.clone()), span));
    }
    let data = match value.kind() {
        ValueKind::None => Value::Null,
        ValueKind::Bool => Value::Bool(value.is_true()),
        ValueKind::Number => number(value)?,
        ValueKind::String => Value::Str(value.to_str().unwrap_or_default()),
        ValueKind::Seq | ValueKind::Iterable => list(value, span)?,
        ValueKind::Map => map(value, span)?,
        ValueKind::Undefined => return Err(NotData("it holds an undefined value".into())),
        other => return Err(NotData(format!("it is {other}, which YAML cannot hold"))),
    };
    Ok(Node::new(data, span))
}

fn number(value: &Jinja) -> Result<Value, NotData> {
    if value.is_integer() {
        return value.as_i64().map(Value::Int).ok_or_else(|| NotData("the number does not fit 64 bits".into()));
    }
    let float = f64::try_from(value.clone()).map_err(|e| NotData(e.to_string()))?;
    if float.is_finite() { Ok(Value::Float(float)) } else { Err(NotData("the number is not finite".into())) }
}

fn list(value: &Jinja, span: Span) -> Result<Value, NotData> {
    let items = value.try_iter().map_err(|e| NotData(e.to_string()))?;
    Ok(Value::Seq(Arc::new(items.map(|item| from_value(&item, span)).collect::<Result<_, _>>()?)))
}

fn map(value: &Jinja, span: Span) -> Result<Value, NotData> {
    let mut map = Map::default();
    for key in value.try_iter().map_err(|e| NotData(e.to_string()))? {
        let text = key.to_str().ok_or_else(|| NotData(format!("the key {key} is not a string")))?;
        let item = value.get_item(&key).map_err(|e| NotData(e.to_string()))?;
        map.insert(Key { text, span }, from_value(&item, span)?);
    }
    Ok(Value::Map(Arc::new(map)))
}
