//! The part of Jinja's grammar that is known here.

use std::sync::Arc;

use minijinja::Value;

use super::operator::Operator;
use super::{Call, Comparison, Term};
use crate::template::expression::{is_keyword, quoted_subscript};

/// Deeper ones are left to the engine, which has a limit for them.
const DEPTH: usize = 32;

/// With those first that start like another one.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("==", Comparison::Equal),
    ("!=", Comparison::NotEqual),
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    (">", Comparison::More),
    ("<", Comparison::Less),
];

/// Operators from those that bind least.
const SUMS: &[(&str, Operator)] = &[("+", Operator::Add), ("-", Operator::Subtract)];
const TEXTS: &[(&str, Operator)] = &[("~", Operator::Concatenate)];
const PRODUCTS: &[(&str, Operator)] =
    &[("*", Operator::Multiply), ("//", Operator::DivideWhole), ("/", Operator::Divide), ("%", Operator::Remainder)];

/// The term that a whole text is.
pub(super) fn read(source: &str) -> Option<Term> {
    let mut reader = Reader { rest: source, left: DEPTH };
    let term = reader.choice()?;
    reader.rest.trim_ascii_start().is_empty().then_some(term)
}

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
        let then = self.condition()?;
        if !self.take_word("if") {
            return Some(then);
        }
        let condition = self.condition()?;
        if !self.take_word("else") {
            return None;
        }
        let otherwise = self.deeper(Self::choice)?;
        Some(Term::If(Box::new([condition, then, otherwise])))
    }

    fn condition(&mut self) -> Option<Term> {
        self.joined("or", Term::Any, |reader| reader.joined("and", Term::All, Self::negated))
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
        let left = self.sum()?;
        self.skip_blanks();
        let found = COMPARISONS.iter().find_map(|(sign, comparison)| Some((self.rest.strip_prefix(sign)?, comparison)));
        if let Some((rest, comparison)) = found {
            self.rest = rest;
            return Some(Term::Compared(*comparison, Box::new([left, self.sum()?])));
        }
        let not = self.take_word("not");
        if !self.take_word("in") {
            return (!not).then_some(left);
        }
        let inside = Term::Joined(Operator::In, Box::new([left, self.sum()?]));
        Some(if not { Term::Not(Box::new(inside)) } else { inside })
    }

    fn sum(&mut self) -> Option<Term> {
        self.operated(SUMS, |reader| reader.operated(TEXTS, |reader| reader.operated(PRODUCTS, Self::filtered)))
    }

    /// Operands with operators of one kind between them, the first two joined first.
    fn operated(
        &mut self,
        operators: &[(&str, Operator)],
        operand: impl Fn(&mut Self) -> Option<Term>,
    ) -> Option<Term> {
        let mut left = operand(self)?;
        loop {
            self.skip_blanks();
            let found = operators.iter().find_map(|(sign, operator)| Some((self.rest.strip_prefix(sign)?, *operator)));
            let Some((rest, operator)) = found.filter(|_| !self.rest.starts_with("**")) else { return Some(left) };
            self.rest = rest;
            left = Term::Joined(operator, Box::new([left, operand(self)?]));
        }
    }

    /// An operand with the filters and tests that follow it.
    fn filtered(&mut self) -> Option<Term> {
        let mut term = self.operand()?;
        loop {
            self.skip_blanks();
            if let Some(rest) = self.rest.strip_prefix('|') {
                self.rest = rest.trim_ascii_start();
                let (mut call, _) = self.call()?;
                call.arguments.insert(0, term);
                term = Term::Filter(Box::new(call));
            } else if self.take_word("is") {
                term = self.tested(term)?;
            } else {
                return Some(term);
            }
        }
    }

    /// What follows `is`.
    fn tested(&mut self, term: Term) -> Option<Term> {
        let wanted = !self.take_word("not");
        if self.take_word("none") {
            return self.argument_ends().then(|| Term::IsNone(Box::new(term), wanted));
        }
        self.skip_blanks();
        let (mut call, in_parentheses) = self.call()?;
        if !in_parentheses && !self.argument_ends() && !self.rest.starts_with('(') {
            call.arguments.push(self.operand()?);
        }
        call.arguments.insert(0, term);
        let test = Term::Test(Box::new(call));
        Some(if wanted { test } else { Term::Not(Box::new(test)) })
    }

    /// Whether what follows a test cannot be its argument, which needs no parentheses.
    fn argument_ends(&mut self) -> bool {
        self.skip_blanks();
        let ends = [')', ']', '}', ',', ':', '|'];
        self.rest.is_empty() || self.rest.starts_with(ends) || matches!(self.word(), Some("and" | "or" | "else" | "is"))
    }

    /// A name with or without arguments in parentheses, and which of both.
    fn call(&mut self) -> Option<(Call, bool)> {
        let name = self.take_name(false)?;
        let mut call = Call { name, arguments: Vec::new(), named: Vec::new() };
        let in_parentheses = self.rest.starts_with('(');
        if in_parentheses {
            self.arguments(&mut call)?;
        }
        Some((call, in_parentheses))
    }

    /// Arguments in parentheses.
    fn arguments(&mut self, call: &mut Call) -> Option<()> {
        self.list(")", |reader| {
            if let Some(name) = reader.argument_name() {
                let value = reader.deeper(Self::choice)?;
                call.named.push((name, value));
                return Some(());
            }
            let value = reader.deeper(Self::choice)?;
            call.arguments.push(value);
            call.named.is_empty().then_some(())
        })
    }

    /// `name =`, but not `name ==`.
    fn argument_name(&mut self) -> Option<Arc<str>> {
        self.skip_blanks();
        let name = self.word().filter(|name| !is_keyword(name))?;
        let rest = self.rest.get(name.len()..)?.trim_ascii_start().strip_prefix('=')?;
        (!rest.starts_with('=')).then(|| {
            self.rest = rest;
            Arc::from(name)
        })
    }

    /// What stands between a bracket, right here, and the one that ends it, with commas between.
    fn list(&mut self, end: &str, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.rest = self.rest.get(1..)?;
        let mut first = true;
        loop {
            if self.take_sign(end).is_some() {
                return Some(());
            }
            if !first {
                self.take_sign(",")?;
                if self.take_sign(end).is_some() {
                    return Some(());
                }
            }
            item(self)?;
            first = false;
        }
    }

    /// A value with its fields and items.
    fn operand(&mut self) -> Option<Term> {
        let mut term = self.primary()?;
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                self.rest = rest;
                let name = self.take_name(false)?;
                term = field(term, name);
            } else if let Some((name, rest)) = quoted_subscript(self.rest) {
                if name.contains('\\') {
                    return None;
                }
                self.rest = rest;
                term = field(term, Arc::from(name));
            } else if self.rest.starts_with('[') {
                self.rest = self.rest.get(1..)?;
                let key = self.deeper(Self::choice)?;
                self.take_sign("]")?;
                term = Term::Item(Box::new([term, key]));
            } else {
                return (!self.rest.starts_with('(')).then_some(term);
            }
        }
    }

    fn primary(&mut self) -> Option<Term> {
        self.skip_blanks();
        match self.rest.bytes().next()? {
            quote @ (b'\'' | b'"') => {
                let (text, rest) = self.rest.get(1..)?.split_once(char::from(quote))?;
                self.rest = rest;
                // Two texts side by side are one.
                let ends = !rest.trim_ascii_start().starts_with(['\'', '"']);
                (ends && !text.contains('\\')).then(|| Term::Literal(Value::from(text)))
            }
            b'0'..=b'9' => self.number(),
            b'(' => {
                self.rest = self.rest.get(1..)?;
                let inner = self.deeper(Self::choice)?;
                self.take_sign(")")?;
                Some(inner)
            }
            b'[' => {
                let mut items = Vec::new();
                self.list("]", |reader| {
                    items.push(reader.deeper(Self::choice)?);
                    Some(())
                })?;
                Some(Term::List(items))
            }
            b'{' => {
                let mut entries = Vec::new();
                self.list("}", |reader| {
                    let key = reader.deeper(Self::choice)?;
                    reader.take_sign(":")?;
                    entries.push([key, reader.deeper(Self::choice)?]);
                    Some(())
                })?;
                Some(Term::Map(entries))
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

    /// A name, a call of a function, or a literal that is a word.
    fn named(&mut self) -> Option<Term> {
        let literal = match self.word()? {
            "true" => Some(Value::from(true)),
            "false" => Some(Value::from(false)),
            "none" => Some(Value::from(())),
            _ => None,
        };
        let name = self.take_name(literal.is_some())?;
        if let Some(literal) = literal {
            return Some(Term::Literal(literal));
        }
        if !self.rest.starts_with('(') {
            return Some(Term::Chain(vec![name]));
        }
        // It speaks of the engine's own state.
        if &*name == "debug" {
            return None;
        }
        let mut call = Call { name, arguments: Vec::new(), named: Vec::new() };
        self.arguments(&mut call)?;
        Some(Term::Function(Box::new(call)))
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
        self.skip_blanks();
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

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_ascii_start();
    }
}

/// A field of a term: one name more where it is a chain of names.
fn field(term: Term, name: Arc<str>) -> Term {
    match term {
        Term::Chain(mut path) => {
            path.push(name);
            Term::Chain(path)
        }
        other => Term::Field(Box::new(other), name),
    }
}
