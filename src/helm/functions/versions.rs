//! Sprig's semantic versions.

use super::args::text;
use super::{Body, Entry};
use crate::helm::error::{Fault, Outcome};
use crate::helm::objects::Object;
use crate::helm::semver::{Constraints, Version};
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[("semver", "s", Body::Pure(semver)), ("semverCompare", "ss", Body::Pure(compare))];

fn version(source: &str) -> Outcome<Version> {
    Version::parse(source).ok_or_else(|| Fault::new("invalid semantic version"))
}

fn semver(args: &[Value]) -> Outcome<Value> {
    Ok(Value::object(Object::Semver(version(&text(args, 0))?)))
}

fn compare(args: &[Value]) -> Outcome<Value> {
    let constraint = text(args, 0);
    let constraints =
        Constraints::parse(&constraint).ok_or_else(|| Fault::new(format!("improper constraint: {constraint}")))?;
    Ok(Value::Bool(constraints.allow(&version(&text(args, 1))?)))
}
