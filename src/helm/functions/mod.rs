//! The functions that templates can call: Go's, Sprig's and Helm's.

mod args;
mod builtins;
mod cases;
mod dates;
mod dicts;
mod encodings;
mod formats;
mod lists;
mod numbers;
mod paths;
mod patterns;
mod printf;
mod random;
mod reflection;
mod regexes;
mod templates;
mod text;
mod versions;

use std::collections::HashMap;
use std::fmt;
use std::sync::OnceLock;

use super::error::Outcome;
use super::objects::Object;
use super::template::Run;
use super::value::{Kind, Value};

pub(crate) use paths::{base, clean, unescaped};
pub(crate) use patterns::translate;
pub(crate) use random::Seed;
pub(crate) use templates::{State, WARNING_END, WARNING_START};

/// What a function does with its arguments.
#[derive(Clone, Copy)]
pub(crate) enum Body {
    /// Depends on the arguments only.
    Pure(fn(&[Value]) -> Outcome<Value>),
    /// Needs the running template.
    Run(fn(&mut Run, &[Value]) -> Outcome<Value>),
    /// Evaluates its arguments only up to the first whose truth is this.
    Lazy(bool),
}

/// A row of a table of functions: name, parameters in short form, body.
pub(crate) type Entry = (&'static str, &'static str, Body);

/// A function.
pub(crate) struct Function {
    pub(crate) name: &'static str,
    pub(crate) params: Vec<Param>,
    /// Whether the last parameter may come any number of times.
    pub(crate) variadic: bool,
    pub(crate) body: Body,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// The type of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Param {
    /// Not a parameter: the inner part of `(x).y`.
    Untyped,
    /// `interface {}`
    Any,
    /// Go's `reflect.Value`, which tells nothing from nil.
    Value,
    /// `string`
    Str,
    /// `int`
    Int,
    /// `float64`
    Float,
    /// `bool`
    Bool,
    /// `map[string]interface {}`
    Map,
    /// `time.Time`
    Time,
}

impl Param {
    /// The parameter of a letter in the short form.
    fn of(letter: char) -> Param {
        match letter {
            'v' => Param::Value,
            's' => Param::Str,
            'i' => Param::Int,
            'f' => Param::Float,
            'b' => Param::Bool,
            'm' => Param::Map,
            't' => Param::Time,
            _ => Param::Any,
        }
    }

    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Param::Untyped | Param::Any => "interface {}",
            Param::Value => "reflect.Value",
            Param::Str => "string",
            Param::Int => "int",
            Param::Float => "float64",
            Param::Bool => "bool",
            Param::Map => "map[string]interface {}",
            Param::Time => "time.Time",
        }
    }

    pub(crate) fn can_be_nil(self) -> bool {
        matches!(self, Param::Untyped | Param::Any | Param::Value | Param::Map)
    }

    pub(crate) fn accepts(self, value: &Value) -> bool {
        match self {
            Param::Untyped | Param::Any | Param::Value => true,
            Param::Str => matches!(value, Value::Str(_) | Value::Raw(_)),
            Param::Int => matches!(value, Value::Int(_)),
            Param::Float => matches!(value, Value::Float(_)),
            Param::Bool => matches!(value, Value::Bool(_)),
            Param::Map => value.as_map().is_some_and(|map| map.kind() != Kind::Strings),
            Param::Time => matches!(value, Value::Object(object) if matches!(**object, Object::Time(_))),
        }
    }
}

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    static ALL: OnceLock<Functions> = OnceLock::new();
    ALL.get_or_init(collect).get(name)
}

type Functions = HashMap<&'static str, Function, foldhash::fast::FixedState>;

fn collect() -> Functions {
    let tables = [
        builtins::TABLE,
        cases::TABLE,
        dates::TABLE,
        dicts::TABLE,
        encodings::TABLE,
        formats::TABLE,
        lists::TABLE,
        numbers::TABLE,
        paths::TABLE,
        random::TABLE,
        reflection::TABLE,
        regexes::TABLE,
        templates::TABLE,
        text::TABLE,
        versions::TABLE,
    ];
    let function = |(name, params, body): &Entry| {
        let params: &'static str = params;
        let variadic = params.ends_with('*');
        let params = params.trim_end_matches('*').chars().map(Param::of).collect();
        (*name, Function { name, params, variadic, body: *body })
    };
    tables.iter().flat_map(|table| table.iter()).map(function).collect()
}
