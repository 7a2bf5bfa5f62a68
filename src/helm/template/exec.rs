//! Running a template: text, conditions, loops and calls of other templates.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt::Display;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::ast::{Branch, Call, Command, Node, Operand, Pipe, Pos, Tree};
use super::show::Shown;
use crate::helm::error::Fault;
use crate::helm::functions::State;
use crate::helm::print;
use crate::helm::quote::quoted;
use crate::helm::value::{Str, Value};

/// The templates that can be called by name.
pub(crate) type Set = HashMap<Str, Arc<Tree>, FixedState>;

/// How deep templates may call each other.
const MAX_DEPTH: usize = 1000;
/// How many nodes and calls one chart may take.
const MAX_STEPS: u64 = 20_000_000;
/// What all templates of one rendering share.
pub(crate) struct Shared {
    steps: Cell<u64>,
    depth: Cell<usize>,
    /// How often each name is being included right now.
    pub(crate) included: RefCell<HashMap<Str, usize, FixedState>>,
    /// What functions remember between calls.
    pub(crate) state: State,
}

impl Shared {
    pub(crate) fn new(state: State) -> Self {
        Shared { steps: Cell::new(0), depth: Cell::new(0), included: RefCell::default(), state }
    }
}

/// One template on its way.
pub(crate) struct Run<'t> {
    pub(crate) shared: &'t Shared,
    pub(crate) set: &'t Rc<Set>,
    pub(super) tree: &'t Tree,
    pub(super) variables: Vec<(Str, Value)>,
    out: String,
    at: At<'t>,
}

/// The part of the template that is being worked on, for errors.
#[derive(Clone, Copy)]
pub(super) enum At<'t> {
    Node(&'t Node, Pos),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Operand(&'t Operand),
}

impl At<'_> {
    /// Where it begins, and how it is printed.
    fn place(&self, source: &str) -> (Pos, String) {
        match *self {
            At::Node(part, pos) => (pos, Shown { source, part }.to_string()),
            At::Pipe(part) => (part.pos, Shown { source, part }.to_string()),
            At::Command(part) => (part.pos, Shown { source, part }.to_string()),
            At::Operand(part) => (part.pos(source), Shown { source, part }.to_string()),
        }
    }
}

/// Where to go on after a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    Break,
    Continue,
}

impl<'t> Run<'t> {
    /// Runs a template by name and gives its text.
    pub(crate) fn execute(shared: &'t Shared, set: &'t Rc<Set>, name: &str, dot: Value) -> Result<String, Fault> {
        Run::append(shared, set, name, dot, String::with_capacity(64))
    }

    /// Runs a template by name, and adds its text to another.
    pub(crate) fn append(
        shared: &'t Shared,
        set: &'t Rc<Set>,
        name: &str,
        dot: Value,
        out: String,
    ) -> Result<String, Fault> {
        let Some(tree) = set.get(name) else {
            return Err(Fault::new(format!(
                "template: no template {} associated with template \"gotpl\"",
                quoted(name)
            )));
        };
        Run::tree(shared, set, tree, dot, out)
    }

    /// Runs a template, and adds its text to another.
    pub(crate) fn tree(
        shared: &'t Shared,
        set: &'t Rc<Set>,
        tree: &'t Tree,
        dot: Value,
        out: String,
    ) -> Result<String, Fault> {
        let at = At::Node(&Node::Break, 0);
        let mut run = Run { shared, set, tree, variables: vec![("$".into(), dot.clone())], out, at };
        run.body(&dot, &tree.root)?;
        Ok(run.out)
    }

    pub(super) fn at(&mut self, at: At<'t>) {
        self.at = at;
    }

    /// An error at the part that is being worked on.
    pub(super) fn fault(&self, message: impl Display) -> Fault {
        let (pos, context) = self.at.place(&self.tree.source);
        let before = self.tree.source.get(..pos as usize).unwrap_or("");
        let line = 1 + before.bytes().filter(|b| *b == b'\n').count();
        let column = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let text = format!(
            "template: {}:{line}:{column}: executing {} at <{context}>: {message}",
            self.tree.source_name,
            quoted(&self.tree.name),
        );
        Fault { text, cause: None, exec: true }
    }

    /// An error that wraps a function's.
    pub(super) fn wrap(&self, prefix: &str, cause: Fault) -> Fault {
        let mut fault = self.fault(format_args!("{prefix}: {}", cause.text));
        fault.cause = Some(Box::new(cause));
        fault
    }

    pub(super) fn step(&self) -> Result<(), Fault> {
        let steps = self.shared.steps.get() + 1;
        self.shared.steps.set(steps);
        if steps > MAX_STEPS { Err(self.fault("the template takes too many steps")) } else { Ok(()) }
    }

    /// Counts a level of nesting; `leave` must follow.
    pub(crate) fn enter(&self) -> Result<(), Fault> {
        let depth = self.shared.depth.get();
        if depth >= MAX_DEPTH {
            return Err(self.fault(format_args!("exceeded maximum template depth ({MAX_DEPTH})")));
        }
        self.shared.depth.set(depth + 1);
        Ok(())
    }

    pub(crate) fn leave(&self) {
        self.shared.depth.set(self.shared.depth.get().saturating_sub(1));
    }

    fn body(&mut self, dot: &Value, nodes: &'t [Node]) -> Result<Flow, Fault> {
        for node in nodes {
            let flow = self.node(dot, node)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn node(&mut self, dot: &Value, node: &'t Node) -> Result<Flow, Fault> {
        self.step()?;
        match node {
            Node::Text(span) => self.out.push_str(span.of(&self.tree.source)),
            Node::Action(pos, pipe) => {
                self.at(At::Node(node, *pos));
                let value = self.pipeline(dot, pipe)?;
                if pipe.declares.is_empty() {
                    match &value {
                        Value::None => self.out.push_str("<no value>"),
                        Value::Str(text) => self.out.push_str(text),
                        other => print::value(&mut self.out, other),
                    }
                }
            }
            Node::If(branch) => return self.branch(dot, node, branch, false),
            Node::With(branch) => return self.branch(dot, node, branch, true),
            Node::Range(branch) => return self.range(dot, node, branch),
            Node::Template(call) => {
                self.at(At::Node(node, call.pos));
                self.call(dot, call)?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        if self.out.len() > print::MAX_LENGTH {
            return Err(self.fault("the template writes too much"));
        }
        Ok(Flow::Next)
    }

    fn branch(&mut self, dot: &Value, node: &'t Node, branch: &'t Branch, with: bool) -> Result<Flow, Fault> {
        self.at(At::Node(node, branch.pipe.pos));
        let mark = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let flow = if value.truth() {
            self.body(if with { &value } else { dot }, &branch.body)?
        } else if let Some(nodes) = &branch.otherwise {
            self.body(dot, nodes)?
        } else {
            Flow::Next
        };
        self.variables.truncate(mark);
        Ok(flow)
    }

    fn range(&mut self, dot: &Value, node: &'t Node, branch: &'t Branch) -> Result<Flow, Fault> {
        self.at(At::Node(node, branch.pipe.pos));
        let mark = self.variables.len();
        let value = self.pipeline(dot, &branch.pipe)?;
        let value = match &value {
            Value::Object(object) => object.contents().unwrap_or(value),
            _ => value,
        };
        let mut ran = false;
        match &value {
            Value::None | Value::Nil => {}
            Value::Int(_) | Value::Int64(_) | Value::Uint(_) => {
                if branch.pipe.declares.len() > 1 {
                    let shown = print::text(&value);
                    return Err(self.fault(format_args!("can't use {shown} to iterate over more than one variable")));
                }
                ran = self.range_number(&value, branch)?;
            }
            Value::List(list) => {
                for (n, item) in list.items().iter().enumerate() {
                    ran = true;
                    if self.turn(branch, index(n), item)? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Bytes(bytes) => {
                for (n, byte) in bytes.iter().enumerate() {
                    ran = true;
                    if self.turn(branch, index(n), &Value::Uint(u64::from(*byte)))? == Flow::Break {
                        break;
                    }
                }
            }
            Value::Map(map) => {
                for (key, item) in map.entries() {
                    ran = true;
                    if self.turn(branch, Value::Str(key), &item)? == Flow::Break {
                        break;
                    }
                }
            }
            other => return Err(self.fault(format_args!("range can't iterate over {}", print::text(other)))),
        }
        let flow = match &branch.otherwise {
            // A `break` there ends this loop, which did not even begin; a `continue` goes on with the outer one.
            Some(nodes) if !ran => match self.body(dot, nodes)? {
                Flow::Break => Flow::Next,
                flow => flow,
            },
            _ => Flow::Next,
        };
        self.variables.truncate(mark);
        Ok(flow)
    }

    fn range_number(&mut self, value: &Value, branch: &'t Branch) -> Result<bool, Fault> {
        let (end, wrap): (i64, fn(i64) -> Value) = match value {
            Value::Int64(n) => (*n, Value::Int64),
            Value::Uint(n) => (i64::try_from(*n).unwrap_or(i64::MAX), |n| Value::Uint(n.unsigned_abs())),
            Value::Int(n) => (*n, Value::Int),
            _ => (0, Value::Int),
        };
        for n in 0..end {
            if self.turn(branch, Value::None, &wrap(n))? == Flow::Break {
                break;
            }
        }
        Ok(end > 0)
    }

    /// One turn of a loop.
    fn turn(&mut self, branch: &'t Branch, key: Value, item: &Value) -> Result<Flow, Fault> {
        self.step()?;
        let mark = self.variables.len();
        let pipe = &branch.pipe;
        match (pipe.declares.as_slice(), pipe.assigns) {
            ([one], true) => self.assign(one, item.clone())?,
            ([first, second, ..], true) => {
                self.assign(first, key)?;
                self.assign(second, item.clone())?;
            }
            ([_], false) => self.set_top(1, item.clone()),
            ([_, _, ..], false) => {
                self.set_top(1, item.clone());
                self.set_top(2, key);
            }
            ([], _) => {}
        }
        let flow = self.body(item, &branch.body)?;
        self.variables.truncate(mark);
        Ok(flow)
    }

    fn set_top(&mut self, from_end: usize, value: Value) {
        let place = self.variables.len().checked_sub(from_end);
        if let Some(variable) = place.and_then(|n| self.variables.get_mut(n)) {
            variable.1 = value;
        }
    }

    pub(super) fn assign(&mut self, name: &Str, value: Value) -> Result<(), Fault> {
        match self.variables.iter_mut().rev().find(|(known, _)| known == name) {
            Some(variable) => {
                variable.1 = value;
                Ok(())
            }
            None => Err(self.fault(format_args!("undefined variable: {name}"))),
        }
    }

    /// `{{ template "name" dot }}`
    fn call(&mut self, dot: &Value, call: &'t Call) -> Result<(), Fault> {
        let Some(tree) = self.set.get(&call.name) else {
            return Err(self.fault(format_args!("template {} not defined", quoted(&call.name))));
        };
        self.enter()?;
        let dot = match &call.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Value::None,
        };
        self.out = Run::tree(self.shared, self.set, tree, dot, std::mem::take(&mut self.out))?;
        self.leave();
        Ok(())
    }
}

fn index(n: usize) -> Value {
    Value::Int(i64::try_from(n).unwrap_or(i64::MAX))
}
