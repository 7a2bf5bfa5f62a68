//! The values that templates work on.
//!
//! They follow Go's: strings, lists and numbers are copied, maps are shared, and what `set` does to a map is seen by
//! everyone who holds it.

use std::cell::{Ref, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use super::data::Data;
use super::objects::Object;
use super::table::Table;

/// Text that is shared, not copied.
pub(crate) type Str = Arc<str>;

/// A value in a template.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// No value at all: what a pipeline makes of nil. A field of it is again nothing.
    None,
    /// A nil that sits in a map, list or argument. A field of it is an error.
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// Go's `int`.
    Int(i64),
    /// Go's `int64`.
    Int64(i64),
    /// Go's `uint64`.
    Uint(u64),
    /// Go's `float64`: every number that comes from values.
    Float(f64),
    /// Go's `string`.
    Str(Str),
    /// A Go `string` that is not UTF-8.
    Raw(Rc<[u8]>),
    /// Go's `[]byte`.
    Bytes(Arc<Vec<u8>>),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// A value with methods.
    Object(Rc<Object>),
}

/// What a list's items are to Go's type system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Items {
    /// `[]interface {}`
    Any,
    /// `[]string`
    Str,
    /// `[]int`
    Int,
    /// `[][]interface {}`
    Lists,
}

/// A list: never changed once made.
#[derive(Clone, Debug)]
pub(crate) struct List {
    items: Rc<Vec<Value>>,
    kind: Items,
    nil: bool,
}

impl List {
    pub(crate) fn new(items: Vec<Value>) -> Self {
        List { items: Rc::new(items), kind: Items::Any, nil: false }
    }

    pub(crate) fn of(kind: Items, items: Vec<Value>) -> Self {
        List { items: Rc::new(items), kind, nil: false }
    }

    /// Go's nil slice: empty, but written as `null`.
    pub(crate) fn nil(kind: Items) -> Self {
        List { items: Rc::new(Vec::new()), kind, nil: true }
    }

    pub(crate) fn items(&self) -> &[Value] {
        &self.items
    }

    pub(crate) fn kind(&self) -> Items {
        self.kind
    }

    pub(crate) fn is_nil(&self) -> bool {
        self.nil
    }
}

/// What a map is to Go's type system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `map[string]interface {}`
    Any,
    /// `common.Values`, Helm's own name for the same.
    Values,
    /// `map[string]string`
    Strings,
}

/// A map, shared by all who hold it. Its type is each holder's own view.
#[derive(Clone, Debug)]
pub(crate) struct Map {
    kind: Kind,
    entries: Rc<RefCell<Entries>>,
}

/// What is in a map. Plain data waits until somebody changes it, which happens to few maps.
#[derive(Debug, Default)]
struct Entries {
    waiting: Option<Table>,
    /// The maps and lists of the waiting data that somebody has, at their places: they may have been changed.
    made: Vec<Option<Value>>,
    values: BTreeMap<Str, Value>,
}

impl Entries {
    fn open(&mut self) -> &mut BTreeMap<Str, Value> {
        if let Some(table) = self.waiting.take() {
            let mut made = std::mem::take(&mut self.made).into_iter();
            let mut value = |data| made.next().flatten().unwrap_or_else(|| Value::from(data));
            self.values = table.iter().map(|(key, data)| (key.clone(), value(data))).collect();
        }
        &mut self.values
    }
}

/// What is in a map, for those who only read it.
pub(crate) enum Look<'m> {
    Data(&'m Table),
    Values(&'m BTreeMap<Str, Value>),
}

impl Map {
    pub(crate) fn new(kind: Kind, values: BTreeMap<Str, Value>) -> Self {
        Map { kind, entries: Rc::new(RefCell::new(Entries { values, ..Entries::default() })) }
    }

    /// A map of plain data.
    pub(crate) fn of(kind: Kind, table: Table) -> Self {
        Map { kind, entries: Rc::new(RefCell::new(Entries { waiting: Some(table), ..Entries::default() })) }
    }

    fn values(&self) -> Ref<'_, BTreeMap<Str, Value>> {
        if self.entries.borrow().waiting.is_some() {
            self.entries.borrow_mut().open();
        }
        Ref::map(self.entries.borrow(), |entries| &entries.values)
    }

    pub(crate) fn empty() -> Self {
        Map::new(Kind::Any, BTreeMap::new())
    }

    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The same map under another type.
    pub(crate) fn viewed_as(&self, kind: Kind) -> Self {
        Map { kind, entries: self.entries.clone() }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Value> {
        let (place, count, value) = {
            let entries = self.entries.borrow();
            let Some(table) = &entries.waiting else { return entries.values.get(key).cloned() };
            let (place, data) = table.find(key)?;
            if let Some(Some(made)) = entries.made.get(place) {
                return Some(made.clone());
            }
            (place, table.len(), Value::from(data))
        };
        if matches!(value, Value::Map(_) | Value::List(_)) {
            let made = &mut self.entries.borrow_mut().made;
            made.resize(count, None);
            made[place] = Some(value.clone());
        }
        Some(value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        let entries = self.entries.borrow();
        entries.waiting.as_ref().map_or_else(|| entries.values.contains_key(key), |table| table.contains_key(key))
    }

    pub(crate) fn set(&self, key: Str, value: Value) {
        self.entries.borrow_mut().open().insert(key, value);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.entries.borrow_mut().open().remove(key);
    }

    pub(crate) fn len(&self) -> usize {
        let entries = self.entries.borrow();
        entries.waiting.as_ref().map_or(entries.values.len(), Table::len)
    }

    /// The entries as they are now: a loop over them may change the map.
    pub(crate) fn entries(&self) -> Vec<(Str, Value)> {
        self.values().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    pub(crate) fn keys(&self) -> Vec<Str> {
        let entries = self.entries.borrow();
        match &entries.waiting {
            Some(table) => table.iter().map(|(key, _)| key.clone()).collect(),
            None => entries.values.keys().cloned().collect(),
        }
    }

    pub(crate) fn same(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.entries, &other.entries)
    }

    /// Reads what is there, without making values of plain data. The reader must not change this map.
    pub(crate) fn look<R>(&self, read: impl FnOnce(Look) -> R) -> R {
        if !self.entries.borrow().made.is_empty() {
            self.entries.borrow_mut().open();
        }
        let entries = self.entries.borrow();
        read(entries.waiting.as_ref().map_or(Look::Values(&entries.values), Look::Data))
    }

    /// Visits the entries without copying them. The visitor must not change this map.
    pub(crate) fn each<E>(&self, mut visit: impl FnMut(&Str, &Value) -> Result<(), E>) -> Result<(), E> {
        self.values().iter().try_for_each(|(k, v)| visit(k, v))
    }
}

impl Value {
    pub(crate) fn str(text: impl Into<Str>) -> Self {
        Value::Str(text.into())
    }

    /// A Go string from bytes.
    pub(crate) fn text(bytes: &[u8]) -> Self {
        match str::from_utf8(bytes) {
            Ok(text) => Value::Str(text.into()),
            Err(_) => Value::Raw(bytes.into()),
        }
    }

    pub(crate) fn list(items: Vec<Value>) -> Self {
        Value::List(List::new(items))
    }

    pub(crate) fn strings<S: Into<Str>>(items: impl IntoIterator<Item = S>) -> Self {
        Value::List(List::of(Items::Str, items.into_iter().map(Value::str).collect()))
    }

    pub(crate) fn map<K: Into<Str>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::Map(Map::new(Kind::Any, entries.into_iter().map(|(k, v)| (k.into(), v)).collect()))
    }

    pub(crate) fn object(object: Object) -> Self {
        Value::Object(Rc::new(object))
    }

    pub(crate) fn is_nil(&self) -> bool {
        matches!(self, Value::None | Value::Nil)
    }

    pub(crate) fn as_map(&self) -> Option<&Map> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Go's truth: whatever is not the zero value of its type.
    pub(crate) fn truth(&self) -> bool {
        match self {
            Value::None | Value::Nil => false,
            Value::Bool(b) => *b,
            Value::Int(n) | Value::Int64(n) => *n != 0,
            Value::Uint(n) => *n != 0,
            Value::Float(f) => *f != 0.0,
            Value::Str(s) => !s.is_empty(),
            Value::Raw(b) => !b.is_empty(),
            Value::Bytes(b) => !b.is_empty(),
            Value::List(l) => !l.items().is_empty(),
            Value::Map(m) => m.len() > 0,
            Value::Object(o) => o.truth(),
        }
    }

    /// The name of the type as Go prints it with `%T`.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Value::None | Value::Nil => "<nil>",
            Value::Bool(_) => "bool",
            Value::Int(_) => "int",
            Value::Int64(_) => "int64",
            Value::Uint(_) => "uint64",
            Value::Float(_) => "float64",
            Value::Str(_) | Value::Raw(_) => "string",
            Value::Bytes(_) => "[]uint8",
            Value::List(list) => match list.kind() {
                Items::Any => "[]interface {}",
                Items::Str => "[]string",
                Items::Int => "[]int",
                Items::Lists => "[][]interface {}",
            },
            Value::Map(map) => match map.kind() {
                Kind::Any => "map[string]interface {}",
                Kind::Values => "common.Values",
                Kind::Strings => "map[string]string",
            },
            Value::Object(object) => object.type_name(),
        }
    }

    /// The name of the kind as Go's `reflect` has it.
    pub(crate) fn kind_name(&self) -> &'static str {
        match self {
            Value::None | Value::Nil => "invalid",
            Value::List(_) | Value::Bytes(_) => "slice",
            Value::Map(_) => "map",
            Value::Object(object) => object.kind_name(),
            other => other.type_name(),
        }
    }

    /// Go's `reflect.DeepEqual`.
    pub(crate) fn deep_equal(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::None | Value::Nil, Value::None | Value::Nil) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Int(a), Value::Int(b)) | (Value::Int64(a), Value::Int64(b)) => a == b,
            (Value::Uint(a), Value::Uint(b)) => a == b,
            (Value::Float(a), Value::Float(b)) => a == b,
            (Value::Str(a), Value::Str(b)) => a == b,
            (Value::Raw(a), Value::Raw(b)) => a == b,
            (Value::Bytes(a), Value::Bytes(b)) => a == b,
            (Value::List(a), Value::List(b)) => {
                a.kind() == b.kind()
                    && a.is_nil() == b.is_nil()
                    && a.items().len() == b.items().len()
                    && a.items().iter().zip(b.items()).all(|(a, b)| a.deep_equal(b))
            }
            (Value::Map(a), Value::Map(b)) => a.kind() == b.kind() && (a.same(b) || equal_maps(a, b)),
            (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// A copy that shares no map with this one.
    pub(crate) fn deep_copy(&self) -> Value {
        match self {
            Value::List(list) => Value::List(List {
                items: Rc::new(list.items().iter().map(Value::deep_copy).collect()),
                ..list.clone()
            }),
            Value::Map(map) => Value::Map(map.look(|look| match look {
                // Nobody can change it there, so that both can wait for it.
                Look::Data(table) => Map::of(map.kind(), table.clone()),
                Look::Values(values) => {
                    Map::new(map.kind(), values.iter().map(|(k, v)| (k.clone(), v.deep_copy())).collect())
                }
            })),
            other => other.clone(),
        }
    }
}

fn equal_maps(a: &Map, b: &Map) -> bool {
    let (a, b) = (a.entries(), b.entries());
    a.len() == b.len() && a.iter().zip(&b).all(|((ka, va), (kb, vb))| ka == kb && va.deep_equal(vb))
}

impl From<&Data> for Value {
    fn from(data: &Data) -> Self {
        match data {
            Data::Null => Value::Nil,
            Data::Bool(b) => Value::Bool(*b),
            Data::Number(n) => Value::Float(*n),
            Data::Int(n) => Value::Int64(*n),
            Data::Str(text) => Value::Str(text.clone()),
            Data::List(items) => Value::list(items.iter().map(Value::from).collect()),
            Data::Map(table) => Value::Map(Map::of(Kind::Any, table.clone())),
        }
    }
}
