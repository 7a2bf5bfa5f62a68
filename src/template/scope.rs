//! The names that expressions see.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};

use super::Reference;
use super::convert::place_in;
use crate::yaml::Span;

/// Names in scope: cheap to clone and to extend by a loop's variables.
#[derive(Clone, Debug)]
pub struct Scope {
    value: Value,
    failed: Option<Arc<[Failed]>>,
}

/// A parameter (`params`) or capability (`caps`) that has no value because of an error that was reported.
pub type Failed = (&'static str, Arc<str>);

/// Where a chain of names breaks off.
pub(super) struct Missing {
    /// Index of the first name that does not exist.
    pub(super) depth: usize,
    /// The names that exist there.
    pub(super) names: Vec<Arc<str>>,
    /// Whether the part before it is `none`.
    pub(super) parent_is_none: bool,
}

#[derive(Debug)]
struct Names {
    names: Vec<(Arc<str>, Value)>,
    parent: Option<Arc<Names>>,
}

impl Names {
    fn lookup(&self, name: &str) -> Option<Value> {
        match self.names.iter().rev().find(|(known, _)| &**known == name) {
            Some((_, value)) => Some(value.clone()),
            None => self.parent.as_ref()?.lookup(name),
        }
    }

    fn all(&self) -> Vec<Arc<str>> {
        let mut all = self.parent.as_ref().map_or_else(Vec::new, |p| p.all());
        all.extend(self.names.iter().map(|(name, _)| name.clone()));
        all
    }
}

impl Object for Names {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.lookup(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        self.lookup(key)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}

impl Scope {
    /// A scope of these names.
    pub fn new(names: impl IntoIterator<Item = (&'static str, Value)>) -> Self {
        let names = names.into_iter().map(|(name, value)| (Arc::from(name), value)).collect();
        Scope { value: Value::from_object(Names { names, parent: None }), failed: None }
    }

    /// This scope and more names, which hide equal ones.
    #[must_use]
    pub fn with(&self, names: Vec<(Arc<str>, Value)>) -> Self {
        let parent = self.value.downcast_object::<Names>();
        Scope { value: Value::from_object(Names { names, parent }), failed: self.failed.clone() }
    }

    /// This scope, with names in it that have no value because of errors that were reported.
    #[must_use]
    pub fn lacking(self, failed: Vec<Failed>) -> Self {
        Scope { failed: (!failed.is_empty()).then(|| failed.into()), ..self }
    }

    /// Whether one of the names lacks its value because of an error that was reported.
    pub(super) fn lacks<'a>(&self, mut references: impl Iterator<Item = &'a Reference>) -> bool {
        let Some(failed) = &self.failed else { return false };
        references.any(|reference| {
            failed.iter().any(|(kind, name)| {
                reference.path.first().is_some_and(|first| &**first == *kind)
                    && reference.path.get(1).is_none_or(|second| second == name)
            })
        })
    }

    pub(super) fn value(&self) -> Value {
        self.value.clone()
    }

    /// The value of a chain of names; none where a part of it has no value.
    pub(super) fn at(&self, path: &[Arc<str>]) -> Option<Value> {
        let (first, rest) = path.split_first()?;
        let start = self.value.downcast_object_ref::<Names>()?.lookup(first)?;
        let end = rest.iter().try_fold(start, |value, name| value.get_attr(name).ok())?;
        (!end.is_undefined()).then_some(end)
    }

    /// Where the value of a chain of names stands.
    pub(super) fn origin(&self, path: &[Arc<str>]) -> Option<Span> {
        let (last, parents) = path.split_last()?;
        place_in(&self.at(parents)?, last)
    }

    pub(super) fn first_missing(&self, path: &[Arc<str>]) -> Option<Missing> {
        let names = self.value.downcast_object::<Names>()?;
        let Some(mut at) = names.lookup(path.first()?) else {
            return Some(Missing { depth: 0, names: names.all(), parent_is_none: false });
        };
        for (depth, name) in path.iter().enumerate().skip(1) {
            match at.get_attr(name) {
                Ok(next) if !next.is_undefined() => at = next,
                _ => {
                    let names = if at.kind() == ValueKind::Map {
                        at.try_iter().into_iter().flatten().filter_map(|k| k.to_str()).collect()
                    } else {
                        Vec::new()
                    };
                    return Some(Missing { depth, names, parent_is_none: at.is_none() });
                }
            }
        }
        None
    }
}
