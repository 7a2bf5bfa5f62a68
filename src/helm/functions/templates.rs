//! Helm's functions that run templates or stop them, and what all functions share.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;
use memchr::memmem;
use regex_lite::Regex;

use super::args::{at, shared, text};
use super::random::{Seed, Source};
use super::{Body, Entry};
use crate::helm::error::{Fault, Outcome, fail};
use crate::helm::quote::quoted;
use crate::helm::template::{Parsed, Run, Set, parse};
use crate::helm::value::{Map, Str, Value};

pub(super) const TABLE: &[Entry] = &[
    ("include", "sa", Body::Run(include)),
    ("tpl", "sa", Body::Run(tpl)),
    ("required", "sa", Body::Run(required)),
    ("fail", "s", Body::Pure(|a| fail(warning(&text(a, 0))))),
    ("lookup", "ssss", Body::Run(lookup)),
];

/// Marks the message of `fail` and `required` within a longer error.
pub(crate) const WARNING_START: &str = "HELM_ERR_START";
/// Ends what [`WARNING_START`] begins.
pub(crate) const WARNING_END: &str = "HELM_ERR_END";

/// How often one template may be including itself.
const MAX_INCLUDES: usize = 1000;

/// What functions remember during one rendering.
pub(crate) struct State {
    now: i64,
    /// Where random functions draw from.
    pub(crate) random: Source,
    pub(crate) regexes: RefCell<HashMap<String, Rc<Regex>, FixedState>>,
    parsed: RefCell<HashMap<Str, Result<Rc<Parsed>, String>, FixedState>>,
    used: RefCell<BTreeSet<(&'static str, String)>>,
}

impl State {
    pub(crate) fn new(seed: Seed, now: i64) -> Self {
        State {
            now,
            random: Source::new(seed),
            regexes: RefCell::default(),
            parsed: RefCell::default(),
            used: RefCell::default(),
        }
    }

    /// Now, for a function that is then on the list of those that make the output depend on more than the input.
    pub(crate) fn now(&self, function: &'static str) -> i64 {
        self.note(function);
        self.now
    }

    /// Puts a function on the list of those that real Helm answers differently each time.
    pub(crate) fn note(&self, function: &'static str) {
        self.used.borrow_mut().insert((function, self.random.template()));
    }

    /// The functions on that list, with the templates that called them, sorted.
    pub(crate) fn noted(&self) -> Vec<(&'static str, String)> {
        self.used.borrow().iter().cloned().collect()
    }
}

fn warning(message: &str) -> String {
    format!("{WARNING_START}{message}{WARNING_END}")
}

fn include(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let name = shared(at(args, 0));
    {
        let mut included = run.shared.included.borrow_mut();
        let count = included.entry(name.clone()).or_insert(0);
        if *count > MAX_INCLUDES {
            return fail(format!("rendering template has a nested reference name: {name}: unable to execute template"));
        }
        *count += 1;
    }
    let result = Run::execute(run.shared, run.set, &name, at(args, 1).clone());
    if let Some(count) = run.shared.included.borrow_mut().get_mut(&name) {
        *count -= 1;
    }
    result.map(Value::str)
}

/// The name that templates within strings go by.
const ROOT: &str = "gotpl";

fn tpl(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let source = text(args, 0);
    if !source.contains("{{") {
        return Ok(at(args, 0).clone());
    }
    let fresh = || parse(ROOT, &Arc::new(source.to_string())).map(Rc::new);
    let parsed = run.shared.state.parsed.borrow_mut().entry(shared(at(args, 0))).or_insert_with(fresh).clone();
    let parsed =
        parsed.map_err(|e| Fault::wrap(&format!("cannot parse template {}", quoted(&source)), Fault::new(e)))?;
    let Some(root) = parsed.trees.get(ROOT) else { return Ok(Value::str("")) };
    let out = String::with_capacity(source.len());
    let result = if parsed.trees.len() == 1 {
        Run::tree(run.shared, run.set, root, at(args, 1).clone(), out)
    } else {
        let set = Rc::new(with_definitions(run.set, &parsed));
        Run::tree(run.shared, &set, root, at(args, 1).clone(), out)
    };
    match result {
        Ok(mut text) => {
            without_no_value(&mut text, 0);
            Ok(Value::str(text))
        }
        Err(e) => Err(Fault::wrap(&format!("error during tpl function execution for {}", quoted(&source)), e)),
    }
}

/// Takes away, from a place on, what Go prints for a value that is not there: Helm does so with all that a template writes.
pub(crate) fn without_no_value(text: &mut String, from: usize) {
    let own = text.get(from..).unwrap_or_default();
    if memmem::find(own.as_bytes(), b"<no value>").is_some() {
        let own = own.replace("<no value>", "");
        text.truncate(from);
        text.push_str(&own);
    }
}

fn with_definitions(set: &Set, parsed: &Parsed) -> Set {
    let mut set = set.clone();
    for (name, tree) in &parsed.trees {
        if !(tree.is_empty() && set.contains_key(name)) {
            set.insert(name.clone(), tree.clone());
        }
    }
    set
}

fn required(_: &mut Run, args: &[Value]) -> Outcome<Value> {
    match at(args, 1) {
        Value::Nil | Value::None => fail(warning(&text(args, 0))),
        Value::Str(value) if value.is_empty() => fail(warning(&text(args, 0))),
        value => Ok(value.clone()),
    }
}

/// There is no cluster to look at: nothing is found.
fn lookup(run: &mut Run, _: &[Value]) -> Outcome<Value> {
    run.shared.state.note("lookup");
    Ok(Value::Map(Map::empty()))
}
