//! Plain data: what values files hold, and what is merged before a template sees it.

use std::sync::Arc;

use super::table::Table;

/// Plain data as Helm reads it from YAML: all numbers are `float64`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Data {
    /// `null`
    #[default]
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A whole number that is one to Go too: only `--set` makes them.
    Int(i64),
    /// Text.
    Str(Arc<str>),
    /// A list.
    List(Vec<Data>),
    /// A map.
    Map(Table),
}

impl Data {
    /// Text.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Data::Str(text.into())
    }

    /// The map, if this is one.
    pub fn as_map(&self) -> Option<&Table> {
        match self {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if this is a list.
    pub fn as_list(&self) -> Option<&[Data]> {
        match self {
            Data::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Data::Null)
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self, Data::Map(_))
    }
}

/// The table at a path of keys.
pub(crate) fn table_at<'a>(root: &'a Table, path: &str) -> Option<&'a Table> {
    path.split('.').try_fold(root, |table, key| table.get(key)?.as_map())
}

/// The value at a path of keys, unless it is itself a table.
pub(crate) fn value_at<'a>(root: &'a Table, path: &str) -> Option<&'a Data> {
    let (table, key) = match path.rsplit_once('.') {
        Some((tables, key)) => (table_at(root, tables)?, key),
        None => (root, path),
    };
    table.get(key).filter(|value| !value.is_map())
}
