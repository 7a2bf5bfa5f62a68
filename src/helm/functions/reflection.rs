//! Sprig's functions on types.

use super::args::{at, text};
use super::{Body, Entry};
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("typeOf", "a", Body::Pure(|a| Ok(Value::str(at(a, 0).type_name())))),
    ("typeIs", "sa", Body::Pure(|a| Ok(Value::Bool(text(a, 0) == at(a, 1).type_name())))),
    ("typeIsLike", "sa", Body::Pure(|a| Ok(Value::Bool(is_like(&text(a, 0), at(a, 1).type_name()))))),
    ("kindOf", "a", Body::Pure(|a| Ok(Value::str(at(a, 0).kind_name())))),
    ("kindIs", "sa", Body::Pure(|a| Ok(Value::Bool(text(a, 0) == at(a, 1).kind_name())))),
    ("deepEqual", "aa", Body::Pure(|a| Ok(Value::Bool(at(a, 0).deep_equal(at(a, 1)))))),
];

fn is_like(wanted: &str, found: &str) -> bool {
    wanted == found || wanted.strip_prefix('*').is_none() && found.strip_prefix('*') == Some(wanted)
}
