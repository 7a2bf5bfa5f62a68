//! What joins two values.

use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

use crate::template::engine;

type Compiled = minijinja::Expression<'static, 'static>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    DivideWhole,
    Remainder,
    /// Both as text, one after the other.
    Concatenate,
    In,
}

impl Operator {
    /// As the engine joins them; none where it cannot.
    pub(super) fn join(self, left: Value, right: Value) -> Option<Value> {
        if let Operator::Concatenate = self {
            return Some(Value::from(format!("{left}{right}")));
        }
        self.compiled()?.eval(Value::from_object(Operands { left, right })).ok()
    }

    /// The operator alone, compiled once for the whole program.
    fn compiled(self) -> Option<&'static Compiled> {
        static ALL: [OnceLock<Option<Compiled>>; 8] = [const { OnceLock::new() }; 8];
        let compile = || engine::get().compile_expression(self.source()).ok();
        ALL.get(self as usize)?.get_or_init(compile).as_ref()
    }

    fn source(self) -> &'static str {
        match self {
            Operator::Add => "left + right",
            Operator::Subtract => "left - right",
            Operator::Multiply => "left * right",
            Operator::Divide => "left / right",
            Operator::DivideWhole => "left // right",
            Operator::Remainder => "left % right",
            Operator::Concatenate => "left ~ right",
            Operator::In => "left in right",
        }
    }
}

/// The names that an operator alone refers to.
#[derive(Debug)]
struct Operands {
    left: Value,
    right: Value,
}

impl Object for Operands {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get_value_by_str(key.as_str()?)
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        match key {
            "left" => Some(self.left.clone()),
            "right" => Some(self.right.clone()),
            _ => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::NonEnumerable
    }
}
