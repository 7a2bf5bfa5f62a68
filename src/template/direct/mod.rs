//! Expressions evaluated without compiling them for the engine.
//!
//! The engine takes eight kilobytes and much time for each that it compiles. Its filters, tests, functions and operators are called
//! from here, so that they do the same. Whatever this does not know (slices, methods, tuples, …), and whatever is wrong, it leaves to
//! the engine: it never decides that an expression is bad. A test compares both.

mod operator;
mod read;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use minijinja::value::Kwargs;
use minijinja::{State, Value};

use super::{Scope, engine};
use operator::Operator;

/// An expression that need not be compiled for the engine.
#[derive(Debug)]
pub(super) struct Direct(Term);

#[derive(Debug)]
enum Term {
    Literal(Value),
    Chain(Vec<Arc<str>>),
    /// A field of what is no chain of names.
    Field(Box<Term>, Arc<str>),
    Item(Box<[Term; 2]>),
    List(Vec<Term>),
    Map(Vec<[Term; 2]>),
    Not(Box<Term>),
    /// The first that is false, or the last.
    All(Vec<Term>),
    /// The first that is true, or the last.
    Any(Vec<Term>),
    Compared(Comparison, Box<[Term; 2]>),
    Joined(Operator, Box<[Term; 2]>),
    IsNone(Box<Term>, bool),
    /// Condition, value where it holds, and value where it does not.
    If(Box<[Term; 3]>),
    /// What is filtered is the first argument.
    Filter(Box<Call>),
    Test(Box<Call>),
    Function(Box<Call>),
}

/// What is called, and with what.
#[derive(Debug)]
struct Call {
    name: Arc<str>,
    arguments: Vec<Term>,
    named: Vec<(Arc<str>, Term)>,
}

#[derive(Clone, Copy, Debug)]
enum Comparison {
    Equal,
    NotEqual,
    AtLeast,
    AtMost,
    More,
    Less,
}

impl Direct {
    /// An expression that need not be compiled; none for all others.
    pub(super) fn read(source: &str) -> Option<Self> {
        read::read(source).map(Direct)
    }

    /// Its value; none where it needs a name that has no value, or anything is wrong.
    pub(super) fn evaluate(&self, scope: &Scope) -> Option<Value> {
        Evaluation { scope, state: None }.value(&self.0)
    }
}

struct Evaluation<'s> {
    scope: &'s Scope,
    /// What the engine's filters, tests and functions ask for, made for the first of them.
    state: Option<State<'static, 'static>>,
}

impl Evaluation<'_> {
    /// The value of a term that must have one.
    fn value(&mut self, term: &Term) -> Option<Value> {
        self.term(term).filter(|value| !value.is_undefined())
    }

    /// The value of a term, which may be the one that says that there is none.
    fn term(&mut self, term: &Term) -> Option<Value> {
        match term {
            Term::Literal(value) => Some(value.clone()),
            Term::Chain(path) => self.scope.at(path).or_else(|| self.missing(path)),
            Term::Field(term, name) => self.value(term)?.get_attr(name).ok(),
            Term::Item(terms) => {
                let [term, key] = &**terms;
                let (value, key) = (self.value(term)?, self.value(key)?);
                value.get_item(&key).ok()
            }
            Term::List(terms) => Some(Value::from(self.values(terms)?)),
            Term::Map(entries) => {
                let entries = entries.iter().map(|[key, value]| Some((self.value(key)?, self.value(value)?)));
                Some(Value::from_pairs(entries.collect::<Option<Vec<_>>>()?))
            }
            Term::Not(term) => Some(Value::from(!self.value(term)?.is_true())),
            Term::All(terms) => self.first(terms, false),
            Term::Any(terms) => self.first(terms, true),
            Term::Compared(comparison, terms) => Some(Value::from(self.compared(*comparison, terms)?)),
            Term::Joined(operator, terms) => {
                let [left, right] = &**terms;
                let left = self.value(left)?;
                operator.join(left, self.value(right)?)
            }
            Term::IsNone(term, wanted) => Some(Value::from(self.value(term)?.is_none() == *wanted)),
            Term::If(terms) => {
                let [condition, then, otherwise] = &**terms;
                let holds = self.value(condition)?.is_true();
                self.term(if holds { then } else { otherwise })
            }
            Term::Filter(call) => {
                let arguments = self.operand_and_more(call, &["default"])?;
                self.state().apply_filter(&call.name, &arguments).ok()
            }
            Term::Test(call) => {
                let arguments = self.operand_and_more(call, &["defined", "undefined"])?;
                Some(Value::from(self.state().perform_test(&call.name, &arguments).ok()?))
            }
            Term::Function(call) => self.called(call),
        }
    }

    /// What a chain is that has no value: undefined where only its last name is missing, as for the engine.
    fn missing(&self, path: &[Arc<str>]) -> Option<Value> {
        let (_, parents) = path.split_last()?;
        (parents.is_empty() || self.scope.at(parents).is_some()).then_some(Value::UNDEFINED)
    }

    fn values(&mut self, terms: &[Term]) -> Option<Vec<Value>> {
        terms.iter().map(|term| self.value(term)).collect()
    }

    /// The first value that is true, or false; the last where none is.
    fn first(&mut self, terms: &[Term], truth: bool) -> Option<Value> {
        let (last, before) = terms.split_last()?;
        for term in before {
            let value = self.value(term)?;
            if value.is_true() == truth {
                return Some(value);
            }
        }
        self.value(last)
    }

    fn compared(&mut self, comparison: Comparison, [left, right]: &[Term; 2]) -> Option<bool> {
        let (left, right) = (self.value(left)?, self.value(right)?);
        Some(match comparison {
            Comparison::Equal => left == right,
            Comparison::NotEqual => left != right,
            Comparison::AtLeast => left >= right,
            Comparison::AtMost => left <= right,
            Comparison::More => left > right,
            Comparison::Less => left < right,
        })
    }

    /// Arguments, of which the first may be undefined where the call is one of those that are for that.
    fn operand_and_more(&mut self, call: &Call, loose: &[&str]) -> Option<Vec<Value>> {
        let (first, more) = call.arguments.split_first()?;
        let first = if loose.contains(&&*call.name) { self.term(first)? } else { self.value(first)? };
        let mut arguments = vec![first];
        for term in more {
            arguments.push(self.value(term)?);
        }
        arguments.extend(self.named(call)?);
        Some(arguments)
    }

    fn called(&mut self, call: &Call) -> Option<Value> {
        // A name in scope hides a function.
        if self.scope.at(std::slice::from_ref(&call.name)).is_some() {
            return None;
        }
        let mut arguments = self.values(&call.arguments)?;
        arguments.extend(self.named(call)?);
        let state = self.state();
        let function = state.lookup(&call.name)?;
        function.call(state, &arguments).ok()
    }

    /// Named arguments as the engine hands them over: one more at the end.
    fn named(&mut self, call: &Call) -> Option<Option<Value>> {
        if call.named.is_empty() {
            return Some(None);
        }
        let named = call.named.iter().map(|(name, term)| Some((name.to_string(), self.value(term)?)));
        Some(Some(Value::from(named.collect::<Option<Kwargs>>()?)))
    }

    fn state(&mut self) -> &mut State<'static, 'static> {
        self.state.get_or_insert_with(|| engine::get().empty_state())
    }
}
