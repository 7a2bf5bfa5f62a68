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

use std::fmt;

use super::error::Outcome;
use super::objects::Object;
use super::template::Run;
use super::value::{Kind, Value};

pub(crate) use paths::{base, clean, unescaped};
pub(crate) use patterns::translate;
pub(crate) use random::Seed;
pub(crate) use templates::{State, WARNING_END, WARNING_START, without_no_value};

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
#[derive(Clone, Copy)]
pub(crate) struct Function {
    pub(crate) name: &'static str,
    params: [Param; MAX_PARAMS],
    count: usize,
    /// Whether the last parameter may come any number of times.
    pub(crate) variadic: bool,
    pub(crate) body: Body,
}

/// No function has more parameters.
const MAX_PARAMS: usize = 6;

impl Function {
    const fn new((name, letters, body): Entry) -> Function {
        let letters = letters.as_bytes();
        let mut function = Function { name, params: [Param::Any; MAX_PARAMS], count: 0, variadic: false, body };
        while function.count < letters.len() && !function.variadic {
            match letters[function.count] {
                b'*' => function.variadic = true,
                letter => {
                    function.params[function.count] = Param::of(letter);
                    function.count += 1;
                }
            }
        }
        function
    }

    pub(crate) fn params(&self) -> &[Param] {
        self.params.get(..self.count).unwrap_or_default()
    }
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
    const fn of(letter: u8) -> Param {
        match letter {
            b'v' => Param::Value,
            b's' => Param::Str,
            b'i' => Param::Int,
            b'f' => Param::Float,
            b'b' => Param::Bool,
            b'm' => Param::Map,
            b't' => Param::Time,
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

const TABLES: [&[Entry]; 15] = [
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

const COUNT: usize = {
    let (mut count, mut n) = (0, 0);
    while n < TABLES.len() {
        count += TABLES[n].len();
        n += 1;
    }
    count
};

/// How many places the index has: so many that most names have one for themselves.
const PLACES: usize = 1024;

/// All functions, laid out when this is compiled, so that no start of the program has to.
static ALL: [Function; COUNT] = {
    let mut all = [Function::new(TABLES[0][0]); COUNT];
    let (mut place, mut n) = (0, 0);
    while n < TABLES.len() {
        let mut row = 0;
        while row < TABLES[n].len() {
            all[place] = Function::new(TABLES[n][row]);
            place += 1;
            row += 1;
        }
        n += 1;
    }
    all
};

/// At the place of a name, or after it, which function has it; 0 is none, and the first has 1.
static INDEX: [u16; PLACES] = {
    let mut index = [0; PLACES];
    let mut n = 0;
    while n < COUNT {
        let mut place = place(ALL[n].name.as_bytes());
        while index[place] != 0 {
            place = (place + 1) % PLACES;
        }
        n += 1;
        index[place] = n as u16;
    }
    index
};

const fn place(name: &[u8]) -> usize {
    let mut hash: u32 = 0;
    let mut n = 0;
    while n < name.len() {
        hash = (hash ^ name[n] as u32).wrapping_mul(0x0100_0193).rotate_left(5);
        n += 1;
    }
    hash as usize % PLACES
}

/// The function of a name.
pub(crate) fn find(name: &str) -> Option<&'static Function> {
    let mut place = place(name.as_bytes());
    loop {
        let function = ALL.get(usize::from(*INDEX.get(place)?).checked_sub(1)?)?;
        if function.name == name {
            return Some(function);
        }
        place = (place + 1) % PLACES;
    }
}
