//! Helm's functions that read and write YAML, JSON and TOML.

use super::args::{at, text};
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::json::{self, Style};
use crate::helm::toml;
use crate::helm::value::{Map, Value};
use crate::helm::yaml;

const PLAIN: Style = Style { escape_html: true, pretty: false };
const RAW: Style = Style { escape_html: false, pretty: false };
const PRETTY: Style = Style { escape_html: true, pretty: true };

pub(super) const TABLE: &[Entry] = &[
    ("toYaml", "a", Body::Pure(|a| Ok(Value::str(to_yaml(at(a, 0)).unwrap_or_default())))),
    ("mustToYaml", "a", Body::Pure(|a| Ok(Value::str(to_yaml(at(a, 0))?)))),
    ("toYamlPretty", "a", Body::Pure(|a| Ok(Value::str(trimmed(yaml::write_pretty(at(a, 0)).unwrap_or_default()))))),
    ("fromYaml", "s", Body::Pure(|a| Ok(from_yaml(&text(a, 0))))),
    ("fromYamlArray", "s", Body::Pure(|a| Ok(from_yaml_array(&text(a, 0))))),
    ("toJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), PLAIN).unwrap_or_default())))),
    ("mustToJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), PLAIN)?)))),
    ("toPrettyJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), PRETTY).unwrap_or_default())))),
    ("mustToPrettyJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), PRETTY)?)))),
    ("toRawJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), RAW)?)))),
    ("mustToRawJson", "a", Body::Pure(|a| Ok(Value::str(json::write(at(a, 0), RAW)?)))),
    ("fromJson", "s", Body::Pure(|a| Ok(from_json(&text(a, 0))))),
    ("fromJsonArray", "s", Body::Pure(|a| Ok(from_json_array(&text(a, 0))))),
    ("mustFromJson", "s", Body::Pure(|a| json::read(&text(a, 0)).map(|data| Value::from(&data)).or_else(fail))),
    ("toToml", "a", Body::Pure(to_toml)),
    ("fromToml", "s", Body::Pure(|a| Ok(toml::read(&text(a, 0)).unwrap_or_else(error_map)))),
];

fn to_toml(args: &[Value]) -> Outcome<Value> {
    match at(args, 0) {
        Value::Nil | Value::None => fail("reflect: call of reflect.Value.Type on zero Value"),
        value => Ok(Value::str(toml::write(value).unwrap_or_else(|error| error.text))),
    }
}

fn trimmed(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

fn to_yaml(value: &Value) -> Outcome<String> {
    yaml::write(value).map(trimmed)
}

fn error_map(message: String) -> Value {
    Value::map([("Error", Value::str(message))])
}

/// The text of the error that Go gives where another type was wanted.
fn mismatch(found: &Value, wanted: &str) -> String {
    let kind = match found {
        Value::Str(_) => "string",
        Value::Bool(_) => "bool",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    };
    format!("json: cannot unmarshal {kind} into Go value of type {wanted}")
}

const MAP: &str = "map[string]interface {}";
const LIST: &str = "[]interface {}";

fn from_yaml(text: &str) -> Value {
    match yaml::read(text) {
        Err(problem) => error_map(format!("error converting YAML to JSON: {}", problem.0)),
        Ok(data) => match Value::from(&data) {
            Value::Map(map) => Value::Map(map),
            Value::Nil => Value::Map(Map::empty()),
            other => error_map(format!("error unmarshaling JSON: while decoding JSON: {}", mismatch(&other, MAP))),
        },
    }
}

fn from_yaml_array(text: &str) -> Value {
    let error = |message: String| Value::list(vec![Value::str(message)]);
    match yaml::read(text) {
        Err(problem) => error(format!("error converting YAML to JSON: {}", problem.0)),
        Ok(data) => match Value::from(&data) {
            Value::List(list) => Value::List(list),
            Value::Nil => Value::list(Vec::new()),
            other => error(format!("error unmarshaling JSON: while decoding JSON: {}", mismatch(&other, LIST))),
        },
    }
}

fn from_json(text: &str) -> Value {
    match json::read(text).map(|data| Value::from(&data)) {
        Err(message) => error_map(message),
        Ok(Value::Map(map)) => Value::Map(map),
        Ok(Value::Nil) => Value::Map(Map::empty()),
        Ok(other) => error_map(mismatch(&other, MAP)),
    }
}

fn from_json_array(text: &str) -> Value {
    match json::read(text).map(|data| Value::from(&data)) {
        Err(message) => Value::list(vec![Value::str(message)]),
        Ok(Value::List(list)) => Value::List(list),
        Ok(Value::Nil) => Value::list(Vec::new()),
        Ok(other) => Value::list(vec![Value::str(mismatch(&other, LIST))]),
    }
}
