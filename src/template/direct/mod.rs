//! Expressions of names, literals and what joins them, evaluated without the engine.
//!
//! They are most of those that blueprints have, and the engine takes much memory and time for each. Whatever this does not know
//! (filters, calls, arithmetic, …), and whatever is wrong, it leaves to the engine: it never decides that an expression is bad. A test
//! compares both.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use minijinja::Value;

use super::Scope;
use super::expression::{is_keyword, quoted_subscript};

/// Deeper ones are left to the engine, which has a limit for them.
const DEPTH: usize = 32;

/// An expression that needs no engine.
#[derive(Debug)]
pub(super) struct Direct(Term);

#[derive(Debug)]
enum Term {
    Literal(Value),
    Chain(Vec<Arc<str>>),
    Not(Box<Term>),
    /// The first that is false, or the last.
    All(Vec<Term>),
    /// The first that is true, or the last.
    Any(Vec<Term>),
    Compared(Comparison, Box<[Term; 2]>),
    IsNone(Box<Term>, bool),
    /// Condition, value where it holds, and value where it does not.
    If(Box<[Term; 3]>),
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

/// With those first that start like another one.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::More),
    ("<", Comparison::Less),
];

impl Direct {
    /// An expression that needs no engine; none for all others.
    pub(super) fn read(source: &str) -> Option<Self> {
        let mut reader = Reader { rest: source, left: DEPTH };
        let term = reader.choice()?;
        reader.rest.trim_ascii_start().is_empty().then_some(Direct(term))
    }

    /// Its value; none where it needs a name that has no value.
    pub(super) fn evaluate(&self, scope: &Scope) -> Option<Value> {
        self.0.evaluate(scope)
    }
}

impl Term {
    fn evaluate(&self, scope: &Scope) -> Option<Value> {
        match self {
            Term::Literal(value) => Some(value.clone()),
            Term::Chain(path) => scope.at(path),
            Term::Not(term) => Some(Value::from(!term.evaluate(scope)?.is_true())),
            Term::All(terms) => first(terms, scope, false),
            Term::Any(terms) => first(terms, scope, true),
            Term::Compared(comparison, terms) => {
                let [left, right] = &**terms;
                let (left, right) = (left.evaluate(scope)?, right.evaluate(scope)?);
                Some(Value::from(match comparison {
                    Comparison::Equal => left == right,
                    Comparison::NotEqual => left != right,
                    Comparison::AtLeast => left >= right,
                    Comparison::AtMost => left <= right,
                    Comparison::More => left > right,
                    Comparison::Less => left < right,
                }))
            }
            Term::IsNone(term, wanted) => Some(Value::from(term.evaluate(scope)?.is_none() == *wanted)),
            Term::If(terms) => {
                let [condition, then, otherwise] = &**terms;
                if condition.evaluate(scope)?.is_true() { then.evaluate(scope) } else { otherwise.evaluate(scope) }
            }
        }
    }
}

/// The first value that is true, or false; the last where none is.
fn first(terms: &[Term], scope: &Scope, truth: bool) -> Option<Value> {
    let (last, before) = terms.split_last()?;
    for term in before {
        let value = term.evaluate(scope)?;
        if value.is_true() == truth {
            return Some(value);
        }
    }
    last.evaluate(scope)
}

/// Reads the part of Jinja's grammar that is known here.
struct Reader<'s> {
    rest: &'s str,
    /// How much deeper it may go.
    left: usize,
}

impl<'s> Reader<'s> {
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        let found = read(self);
        self.left += 1;
        found
    }

    /// `a if b else c`, or what stands without.
    fn choice(&mut self) -> Option<Term> {
        let then = self.joined("or", Term::Any, |reader| reader.joined("and", Term::All, Self::negated))?;
        if !self.take_word("if") {
            return Some(then);
        }
        let condition = self.joined("or", Term::Any, |reader| reader.joined("and", Term::All, Self::negated))?;
        if !self.take_word("else") {
            return None;
        }
        let otherwise = self.deeper(Self::choice)?;
        Some(Term::If(Box::new([condition, then, otherwise])))
    }

    fn joined(
        &mut self,
        word: &str,
        join: impl Fn(Vec<Term>) -> Term,
        read: impl Fn(&mut Self) -> Option<Term>,
    ) -> Option<Term> {
        let one = read(self)?;
        if !self.take_word(word) {
            return Some(one);
        }
        let mut all = vec![one, read(self)?];
        while self.take_word(word) {
            all.push(read(self)?);
        }
        Some(join(all))
    }

    fn negated(&mut self) -> Option<Term> {
        if self.take_word("not") {
            return Some(Term::Not(Box::new(self.deeper(Self::negated)?)));
        }
        let left = self.tested()?;
        self.rest = self.rest.trim_ascii_start();
        let found = COMPARISONS.iter().find_map(|(sign, comparison)| Some((self.rest.strip_prefix(sign)?, comparison)));
        let Some((rest, comparison)) = found else { return Some(left) };
        self.rest = rest;
        Some(Term::Compared(*comparison, Box::new([left, self.tested()?])))
    }

    /// `a is none`, or what stands without.
    fn tested(&mut self) -> Option<Term> {
        let term = self.primary()?;
        if !self.take_word("is") {
            return Some(term);
        }
        let wanted = !self.take_word("not");
        let known = self.take_word("none") && self.test_ends();
        known.then(|| Term::IsNone(Box::new(term), wanted))
    }

    /// Whether what follows a test cannot be its argument, which needs no parentheses.
    fn test_ends(&mut self) -> bool {
        self.rest = self.rest.trim_ascii_start();
        self.rest.is_empty() || self.rest.starts_with(')') || matches!(self.word(), Some("and" | "or" | "else"))
    }

    fn primary(&mut self) -> Option<Term> {
        self.rest = self.rest.trim_ascii_start();
        match self.rest.bytes().next()? {
            quote @ (b'\'' | b'"') => {
                let (text, rest) = self.rest.get(1..)?.split_once(char::from(quote))?;
                self.rest = rest;
                (!text.contains('\\')).then(|| Term::Literal(Value::from(text)))
            }
            b'0'..=b'9' => self.number(),
            b'(' => {
                self.rest = self.rest.get(1..)?;
                let inner = self.deeper(Self::choice)?;
                self.take_sign(")")?;
                Some(inner)
            }
            b'[' => {
                self.rest = self.rest.get(1..)?;
                self.take_sign("]")?;
                Some(Term::Literal(Value::from(Vec::<Value>::new())))
            }
            _ => self.named(),
        }
    }

    fn number(&mut self) -> Option<Term> {
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        let plain = digits == "0" || !digits.starts_with('0');
        let ends = !rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '.'));
        self.rest = rest;
        let number: u32 = digits.parse().ok().filter(|_| plain && ends)?;
        Some(Term::Literal(Value::from(number)))
    }

    /// A chain of names, or a literal that is a word.
    fn named(&mut self) -> Option<Term> {
        let literal = match self.word()? {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            "none" => Some(Value::from(())),
            _ => None,
        };
        let mut path = vec![self.take_name(literal.is_some())?];
        if let Some(literal) = literal {
            return Some(Term::Literal(literal));
        }
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                path.push(self.take_name(false)?);
            } else if let Some((name, rest)) = quoted_subscript(self.rest) {
                if name.contains('\\') {
                    return None;
                }
                self.rest = rest;
                path.push(Arc::from(name));
            } else {
                return Some(Term::Chain(path));
            }
        }
    }

    fn take_name(&mut self, keyword: bool) -> Option<Arc<str>> {
        let name = self.word().filter(|name| keyword || !is_keyword(name))?;
        self.rest = self.rest.get(name.len()..)?;
        Some(Arc::from(name))
    }

    /// The word that stands right here.
    fn word(&self) -> Option<&'s str> {
        let inside = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let end = self.rest.bytes().position(|byte| !inside(byte)).unwrap_or(self.rest.len());
        let word = self.rest.get(..end)?;
        word.starts_with(|first: char| !first.is_ascii_digit()).then_some(word)
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        self.rest = self.rest.trim_ascii_start();
        let found = self.word() == Some(wanted);
        if found {
            self.rest = self.rest.get(wanted.len()..).unwrap_or_default();
        }
        found
    }

    fn take_sign(&mut self, sign: &str) -> Option<()> {
        self.rest = self.rest.trim_ascii_start().strip_prefix(sign)?;
        Some(())
    }
}
