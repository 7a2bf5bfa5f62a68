//! TOML as Helm's `toToml` writes it, and the common part of it into values.

use super::error::{Outcome, fail};
use super::print;
use super::quote;
use super::value::{Map, Str, Value};

/// Writes a map.
pub(crate) fn write(value: &Value) -> Outcome<String> {
    let mut out = String::new();
    match value {
        Value::Map(map) => table(&mut out, map, &mut Vec::new())?,
        other => inline(&mut out, other)?,
    }
    Ok(out)
}

fn is_table(value: &Value) -> bool {
    match value {
        Value::Map(_) => true,
        Value::List(list) => !list.items().is_empty() && list.items().iter().all(|item| matches!(item, Value::Map(_))),
        _ => false,
    }
}

fn key(text: &str) -> String {
    let bare = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    if bare { text.to_owned() } else { string(text) }
}

/// Writes the plain entries of a table, then the tables within it.
fn table(out: &mut String, map: &Map, path: &mut Vec<String>) -> Outcome<()> {
    let entries: Vec<(Str, Value)> = map.entries().into_iter().filter(|(_, value)| !value.is_nil()).collect();
    let indent = "  ".repeat(path.len());
    for (name, value) in entries.iter().filter(|(_, value)| !is_table(value)) {
        out.push_str(&format!("{indent}{} = ", key(name)));
        inline(out, value)?;
        out.push('\n');
    }
    for (name, value) in entries.iter().filter(|(_, value)| is_table(value)) {
        path.push(key(name));
        let indent = "  ".repeat(path.len() - 1);
        let top = path.len() == 1;
        let header = |out: &mut String, open: &str, close: &str| {
            // Tables within tables stand without a blank line, lists of tables never do.
            if !out.is_empty() && (top || open == "[[") {
                out.push('\n');
            }
            out.push_str(&format!("{indent}{open}{}{close}\n", path.join(".")));
        };
        match value {
            Value::Map(inner) => {
                header(out, "[", "]");
                table(out, inner, path)?;
            }
            Value::List(list) => {
                for item in list.items() {
                    header(out, "[[", "]]");
                    if let Value::Map(inner) = item {
                        table(out, inner, &mut path.clone())?;
                    }
                }
            }
            _ => {}
        }
        path.pop();
    }
    Ok(())
}

fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\0'..='\x1f' | '\x7f' => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn inline(out: &mut String, value: &Value) -> Outcome<()> {
    match value {
        Value::Str(text) => out.push_str(&string(text)),
        Value::Float(f) if f.fract() == 0.0 && f.is_finite() => {
            let mut text = String::new();
            print::float(&mut text, *f);
            if !text.contains('e') {
                text.push_str(".0");
            }
            out.push_str(&text);
        }
        Value::List(list) => {
            out.push('[');
            for (n, item) in list.items().iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                if item.is_nil() {
                    return fail("toml: cannot encode array with nil element");
                }
                inline(out, item)?;
            }
            out.push(']');
        }
        Value::Map(map) => {
            out.push('{');
            for (n, (name, item)) in map.entries().iter().filter(|(_, value)| !value.is_nil()).enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                out.push_str(&format!("{} = ", key(name)));
                inline(out, item)?;
            }
            out.push('}');
        }
        other => print::value(out, other),
    }
    Ok(())
}

/// Reads a document: tables, arrays of tables, and values of one line.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let root = Map::empty();
    let mut current = root.clone();
    for (number, line) in text.lines().enumerate() {
        let problem = |what: &str| format!("toml: line {}: {what}", number + 1);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(inner) = line.strip_prefix("[[").and_then(|rest| rest.split("]]").next()) {
            let path = keys(inner).ok_or_else(|| problem("bad table name"))?;
            current = descend(&root, &path, true).ok_or_else(|| problem("bad table"))?;
        } else if let Some(inner) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let path = keys(inner).ok_or_else(|| problem("bad table name"))?;
            current = descend(&root, &path, false).ok_or_else(|| problem("bad table"))?;
        } else {
            let (names, rest) = line.split_once('=').ok_or_else(|| problem("expected a key and a value"))?;
            let path = keys(names).ok_or_else(|| problem("bad key"))?;
            let (last, before) = path.split_last().ok_or_else(|| problem("bad key"))?;
            let target = descend(&current, before, false).ok_or_else(|| problem("bad key"))?;
            let mut rest = rest.trim();
            let found = value(&mut rest).ok_or_else(|| problem("bad value"))?;
            target.set(last.as_str().into(), found);
        }
    }
    Ok(Value::Map(root))
}

fn keys(text: &str) -> Option<Vec<String>> {
    let clean = |part: &str| part.trim().trim_matches(['"', '\'']).to_owned();
    let parts: Vec<String> =
        if text.contains(['"', '\'']) { vec![clean(text)] } else { text.split('.').map(clean).collect() };
    (!parts.iter().any(String::is_empty)).then_some(parts)
}

fn descend(from: &Map, path: &[String], append: bool) -> Option<Map> {
    let mut map = from.clone();
    for (n, name) in path.iter().enumerate() {
        let last = n + 1 == path.len();
        let inner = match map.get(name) {
            Some(Value::Map(inner)) => inner,
            Some(Value::List(list)) if last && append => {
                let inner = Map::empty();
                let mut items = list.items().to_vec();
                items.push(Value::Map(inner.clone()));
                map.set(name.as_str().into(), Value::list(items));
                inner
            }
            Some(Value::List(list)) => list.items().last()?.as_map()?.clone(),
            None => {
                let inner = Map::empty();
                let value = Value::Map(inner.clone());
                map.set(name.as_str().into(), if last && append { Value::list(vec![value]) } else { value });
                inner
            }
            _ => return None,
        };
        map = inner;
    }
    Some(map)
}

fn value(rest: &mut &str) -> Option<Value> {
    if let Some(inner) = rest.strip_prefix('[') {
        *rest = inner.trim_start();
        let mut items = Vec::new();
        while !rest.starts_with(']') {
            items.push(value(rest)?);
            *rest = rest.trim_start();
            *rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        *rest = &rest[1..];
        return Some(Value::list(items));
    }
    if rest.starts_with(['"', '\'']) {
        let mark = rest.chars().next()?;
        let mut end = 1;
        while rest[end..].chars().next()? != mark {
            end +=
                if mark == '"' && rest[end..].starts_with('\\') { 2 } else { rest[end..].chars().next()?.len_utf8() };
        }
        let literal = &rest[..=end];
        *rest = &rest[end + 1..];
        let bytes = if mark == '"' { quote::unquote(literal)? } else { literal.as_bytes()[1..end].to_vec() };
        return String::from_utf8(bytes).ok().map(Value::str);
    }
    let end = rest.find([',', ']', '#', ' ']).unwrap_or(rest.len());
    let word = &rest[..end];
    *rest = &rest[end..];
    match word {
        "true" => Some(Value::Bool(true)),
        "false" => Some(Value::Bool(false)),
        _ => {
            let plain = word.replace('_', "");
            plain.parse().map(Value::Int64).or_else(|_| plain.parse().map(Value::Float)).ok()
        }
    }
}
