//! Evaluating pipelines, fields and function calls.

use super::ast::{Command, Number, Operand, Pipe, Pos, Span, Tree};
use super::exec::{At, Run};
use super::show::{Shown, written};
use crate::helm::error::{Fault, Outcome};
use crate::helm::functions::{Body, Function, Param};
use crate::helm::value::{Kind, Value};

/// A word's own arguments, and what the pipeline hands over as the last one.
#[derive(Clone)]
struct Given<'t> {
    /// The words after the first.
    words: &'t [Operand],
    piped: Option<Value>,
}

impl Given<'_> {
    fn none() -> Self {
        Given { words: &[], piped: None }
    }

    fn is_empty(&self) -> bool {
        self.words.is_empty() && self.piped.is_none()
    }
}

impl<'t> Run<'t> {
    pub(super) fn pipeline(&mut self, dot: &Value, pipe: &'t Pipe) -> Result<Value, Fault> {
        self.at(At::Pipe(pipe));
        // What a command gives untyped is no value for the next.
        let plain = |value| if matches!(value, Value::Nil) { Value::None } else { value };
        let mut value = plain(self.command(dot, &pipe.first, None)?);
        for command in &pipe.more {
            value = plain(self.command(dot, command, Some(value))?);
        }
        for name in &pipe.declares {
            if pipe.assigns {
                self.assign(name, value.clone())?;
            } else {
                self.variables.push((name.clone(), value.clone()));
            }
        }
        Ok(value)
    }

    fn command(&mut self, dot: &Value, command: &'t Command, piped: Option<Value>) -> Result<Value, Fault> {
        let first = &command.word;
        let given = Given { words: &command.arguments, piped };
        match first {
            Operand::Field(path) => {
                self.at(At::Operand(first));
                self.fields(dot, dot.clone(), first, self.names(*path), given)
            }
            Operand::Variable(path) => self.variable(dot, first, *path, given),
            Operand::Chain(_, inner, path) => self.chain(dot, first, inner, *path, given),
            Operand::Call(_, function) => {
                self.at(At::Operand(first));
                self.function(dot, function, At::Command(command), given)
            }
            Operand::Pipe(pipe) => {
                self.not_a_function(first, &given)?;
                self.pipeline(dot, pipe)
            }
            literal => {
                self.at(At::Operand(first));
                self.not_a_function(first, &given)?;
                match literal {
                    Operand::Nil(_) => Err(self.fault("nil is not a command")),
                    other => self.literal(dot, other),
                }
            }
        }
    }

    /// The names of fields, without the dot in front.
    fn names(&self, path: Span) -> &'t str {
        let tree: &'t Tree = self.tree;
        let path = path.of(&tree.source);
        path.strip_prefix('.').unwrap_or(path)
    }

    fn shown<'p, T>(&self, part: &'p T) -> Shown<'p, T>
    where
        't: 'p,
    {
        let tree: &'t Tree = self.tree;
        Shown { source: &tree.source, part }
    }

    fn not_a_function(&self, word: &Operand, given: &Given) -> Result<(), Fault> {
        if given.is_empty() {
            Ok(())
        } else {
            Err(self.fault(format_args!("can't give argument to non-function {}", self.shown(word))))
        }
    }

    /// A word where any type will do.
    fn literal(&mut self, dot: &Value, word: &'t Operand) -> Result<Value, Fault> {
        self.at(At::Operand(word));
        Ok(match word {
            Operand::Bool(_, value) => Value::Bool(*value),
            Operand::Str(_, text) => Value::Str(text.clone()),
            Operand::Number(pos, number) => self.number(*pos, number)?,
            _ => dot.clone(),
        })
    }

    fn number(&self, pos: Pos, number: &Number) -> Result<Value, Fault> {
        match (number.looks_float, number.int, number.float) {
            (true, _, Some(float)) => Ok(Value::Float(float)),
            (_, Some(int), _) => Ok(Value::Int(int)),
            _ => Err(self.fault(format_args!("{} overflows int", written(&self.tree.source, pos)))),
        }
    }

    fn variable(&mut self, dot: &Value, word: &'t Operand, path: Span, given: Given<'t>) -> Result<Value, Fault> {
        self.at(At::Operand(word));
        let path = self.names(path);
        let (name, rest) = split(path);
        let Some((_, value)) = self.variables.iter().rev().find(|(known, _)| **known == *name) else {
            return Err(self.fault(format_args!("undefined variable: {name}")));
        };
        let value = value.clone();
        match rest {
            Some(rest) => self.fields(dot, value, word, rest, given),
            None => {
                self.not_a_function(word, &given)?;
                Ok(value)
            }
        }
    }

    fn chain(
        &mut self,
        dot: &Value,
        word: &'t Operand,
        inner: &'t Operand,
        path: Span,
        given: Given<'t>,
    ) -> Result<Value, Fault> {
        self.at(At::Operand(word));
        if let Operand::Nil(_) = inner {
            return Err(self.fault(format_args!("indirection through explicit nil in {}", self.shown(word))));
        }
        let value = self.argument(dot, Param::Untyped, inner)?;
        self.fields(dot, value, word, self.names(path), given)
    }

    /// The fields of a path, one within the other.
    fn fields(
        &mut self,
        dot: &Value,
        from: Value,
        word: &'t Operand,
        path: &'t str,
        given: Given<'t>,
    ) -> Result<Value, Fault> {
        let mut value = from;
        let mut boxed = false;
        let mut path = path;
        while let (name, Some(rest)) = split(path) {
            let inner = self.field(dot, &value, boxed, name, word, Given::none())?;
            boxed = value.as_map().is_some_and(|map| map.kind() != Kind::Strings);
            value = inner;
            path = rest;
        }
        self.field(dot, &value, boxed, path, word, given)
    }

    /// A field of a map, or a method. `boxed` tells that Go knows the receiver only as `interface {}`.
    fn field(
        &mut self,
        dot: &Value,
        from: &Value,
        boxed: bool,
        name: &'t str,
        word: &'t Operand,
        given: Given<'t>,
    ) -> Result<Value, Fault> {
        match from {
            Value::None => Ok(Value::None),
            Value::Nil => Err(self.fault(format_args!("nil pointer evaluating interface {{}}.{name}"))),
            Value::Map(map) => {
                if map.kind() == Kind::Values && name == "AsMap" && given.is_empty() {
                    return Ok(Value::Map(map.viewed_as(Kind::Any)));
                }
                if !given.is_empty() {
                    return Err(self.fault(format_args!("{name} is not a method but has arguments")));
                }
                let missing = || if map.kind() == Kind::Strings { Value::str("") } else { Value::Nil };
                Ok(map.get(name).unwrap_or_else(missing))
            }
            Value::Object(object) => {
                if let Some(method) = object.method(name) {
                    let values = self.arguments(dot, name, method.params, false, &given)?;
                    return (method.call)(object, &values).map_err(|cause| {
                        self.at(At::Operand(word));
                        self.wrap(&format!("error calling {name}"), cause)
                    });
                }
                match object.field(name) {
                    Some(_) if !given.is_empty() => {
                        Err(self.fault(format_args!("{name} has arguments but cannot be invoked as function")))
                    }
                    Some(value) => Ok(value),
                    None => Err(self.fault(format_args!("can't evaluate field {name} in type {}", object.type_name()))),
                }
            }
            other => {
                let kind = if boxed { "interface {}" } else { other.type_name() };
                Err(self.fault(format_args!("can't evaluate field {name} in type {kind}")))
            }
        }
    }

    fn function(
        &mut self,
        dot: &Value,
        function: &'static Function,
        at: At<'t>,
        given: Given<'t>,
    ) -> Result<Value, Fault> {
        self.step()?;
        if let Body::Lazy(stop_at) = function.body {
            return self.lazy(dot, function, stop_at, &given);
        }
        let values = self.arguments(dot, function.name, function.params(), function.variadic, &given)?;
        let result: Outcome<Value> = match function.body {
            Body::Pure(call) => call(&values),
            Body::Run(call) => {
                self.enter()?;
                let result = call(self, &values);
                self.leave();
                result
            }
            Body::Lazy(_) => return Ok(Value::None),
        };
        result.map_err(|cause| {
            self.at(at);
            self.wrap(&format!("error calling {}", function.name), cause)
        })
    }

    /// `and`, `or`: arguments are evaluated only up to the one that decides.
    fn lazy(&mut self, dot: &Value, function: &Function, stop_at: bool, given: &Given<'t>) -> Result<Value, Fault> {
        if given.is_empty() {
            return Err(self.fault(format_args!("wrong number of args for {}: want at least 1 got 0", function.name)));
        }
        let mut value = Value::None;
        for word in given.words {
            value = self.argument(dot, Param::Value, word)?;
            if value.truth() == stop_at {
                return Ok(value);
            }
        }
        Ok(given.piped.clone().unwrap_or(value))
    }

    fn arguments(
        &mut self,
        dot: &Value,
        name: &str,
        params: &[Param],
        variadic: bool,
        given: &Given<'t>,
    ) -> Result<Vec<Value>, Fault> {
        let count = given.words.len() + usize::from(given.piped.is_some());
        let fixed = if variadic { params.len() - 1 } else { params.len() };
        if variadic && count < fixed {
            let got = given.words.len();
            return Err(self.fault(format_args!("wrong number of args for {name}: want at least {fixed} got {got}")));
        }
        if !variadic && count != fixed {
            return Err(self.fault(format_args!("wrong number of args for {name}: want {fixed} got {count}")));
        }
        let param = |n: usize| params.get(n).or(params.last()).copied().unwrap_or(Param::Any);
        let mut values = Vec::with_capacity(count);
        for (n, word) in given.words.iter().enumerate() {
            values.push(self.argument(dot, param(n), word)?);
        }
        if let Some(piped) = &given.piped {
            values.push(self.validate(piped.clone(), param(given.words.len()))?);
        }
        Ok(values)
    }

    fn argument(&mut self, dot: &Value, param: Param, word: &'t Operand) -> Result<Value, Fault> {
        self.at(At::Operand(word));
        let value = match word {
            Operand::Dot(_) => dot.clone(),
            Operand::Nil(_) => {
                if param.can_be_nil() {
                    return Ok(Value::Nil);
                }
                return Err(self.fault(format_args!("cannot assign nil to {}", param.type_name())));
            }
            Operand::Field(path) => self.fields(dot, dot.clone(), word, self.names(*path), Given::none())?,
            Operand::Variable(path) => self.variable(dot, word, *path, Given::none())?,
            Operand::Pipe(pipe) => self.pipeline(dot, pipe)?,
            Operand::Call(_, function) => self.function(dot, function, At::Operand(word), Given::none())?,
            Operand::Chain(_, inner, path) => self.chain(dot, word, inner, *path, Given::none())?,
            literal => return self.typed_literal(dot, param, literal),
        };
        self.validate(value, param)
    }

    fn typed_literal(&mut self, dot: &Value, param: Param, word: &'t Operand) -> Result<Value, Fault> {
        if let Operand::Number(_, number) = word {
            match (param, number.int, number.float) {
                (Param::Int, Some(int), _) => return Ok(Value::Int(int)),
                (Param::Float, _, Some(float)) => return Ok(Value::Float(float)),
                _ => {}
            }
        }
        let wanted = match (param, word) {
            (Param::Any | Param::Value | Param::Untyped, _) => return self.literal(dot, word),
            (Param::Bool, Operand::Bool(..)) | (Param::Str, Operand::Str(..)) => return self.literal(dot, word),
            (Param::Bool, _) => "bool",
            (Param::Str, _) => "string",
            (Param::Int, _) => "integer",
            (Param::Float, _) => "float",
            _ => {
                return Err(self.fault(format_args!(
                    "can't handle {} for arg of type {}",
                    self.shown(word),
                    param.type_name()
                )));
            }
        };
        Err(self.fault(format_args!("expected {wanted}; found {}", self.shown(word))))
    }

    /// Whether a value fits a parameter, by Go's rules of assignment.
    fn validate(&self, value: Value, param: Param) -> Result<Value, Fault> {
        if let Value::None = value {
            return match param {
                Param::Value | Param::Untyped => Ok(Value::None),
                _ if param.can_be_nil() => Ok(Value::Nil),
                _ => Err(self.fault(format_args!("invalid value; expected {}", param.type_name()))),
            };
        }
        if param.accepts(&value) {
            return Ok(match (&value, param) {
                (Value::Map(map), Param::Map) => Value::Map(map.viewed_as(Kind::Any)),
                _ => value,
            });
        }
        let got = if value.is_nil() { "interface {}" } else { value.type_name() };
        Err(self.fault(format_args!("wrong type for value; expected {}; got {got}", param.type_name())))
    }
}

/// The first name of a path, and what follows its dot.
fn split(path: &str) -> (&str, Option<&str>) {
    match memchr::memchr(b'.', path.as_bytes()) {
        Some(dot) => (&path[..dot], Some(&path[dot + 1..])),
        None => (path, None),
    }
}
