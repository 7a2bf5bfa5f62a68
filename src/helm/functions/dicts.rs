//! Sprig's functions on maps.

use super::args::{at, map, shared, strval, text};
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::value::{Kind, Look, Map, Str, Value};

pub(super) const TABLE: &[Entry] = &[
    ("dict", "a*", Body::Pure(dict)),
    ("get", "ms", Body::Pure(|a| Ok(map(a, 0).and_then(|m| m.get(&text(a, 1))).unwrap_or_else(|| Value::str(""))))),
    ("set", "msa", Body::Pure(set)),
    ("unset", "ms", Body::Pure(unset)),
    ("hasKey", "ms", Body::Pure(|a| Ok(Value::Bool(map(a, 0).is_some_and(|m| m.has(&text(a, 1))))))),
    ("pluck", "sm*", Body::Pure(pluck)),
    ("keys", "m*", Body::Pure(keys)),
    ("values", "m", Body::Pure(values)),
    ("pick", "ms*", Body::Pure(pick)),
    ("omit", "ms*", Body::Pure(omit)),
    ("merge", "mm*", Body::Pure(|a| merge(a, false))),
    ("mustMerge", "mm*", Body::Pure(|a| merge(a, false))),
    ("mergeOverwrite", "mm*", Body::Pure(|a| merge(a, true))),
    ("mustMergeOverwrite", "mm*", Body::Pure(|a| merge(a, true))),
    ("deepCopy", "a", Body::Pure(deep_copy)),
    ("mustDeepCopy", "a", Body::Pure(deep_copy)),
    ("dig", "a*", Body::Pure(dig)),
];

fn dict(args: &[Value]) -> Outcome<Value> {
    let map = Map::empty();
    for pair in args.chunks(2) {
        map.set(shared(at(pair, 0)), pair.get(1).cloned().unwrap_or_else(|| Value::str("")));
    }
    Ok(Value::Map(map))
}

/// How many nodes a value may have that is put into a map.
const MAX_NODES: usize = 5_000_000;

fn set(args: &[Value]) -> Outcome<Value> {
    let Some(map) = map(args, 0) else { return fail("assignment to entry in nil map") };
    place(map, text(args, 1).into(), at(args, 2).clone())?;
    Ok(at(args, 0).clone())
}

fn unset(args: &[Value]) -> Outcome<Value> {
    if let Some(map) = map(args, 0) {
        map.remove(&text(args, 1));
    }
    Ok(at(args, 0).clone())
}

fn pluck(args: &[Value]) -> Outcome<Value> {
    let key = text(args, 0);
    Ok(Value::list(args.iter().skip(1).filter_map(|value| value.as_map()?.get(&key)).collect()))
}

/// The keys. Go gives them in any order; here they are sorted.
fn keys(args: &[Value]) -> Outcome<Value> {
    Ok(Value::strings(args.iter().filter_map(Value::as_map).flat_map(Map::keys)))
}

/// The values, by the order of their keys. Go gives them in any order.
fn values(args: &[Value]) -> Outcome<Value> {
    let entries = map(args, 0).map(Map::entries).unwrap_or_default();
    Ok(Value::list(entries.into_iter().map(|(_, value)| value).collect()))
}

fn pick(args: &[Value]) -> Outcome<Value> {
    let picked = Map::empty();
    if let Some(map) = map(args, 0) {
        for key in args.iter().skip(1).map(shared) {
            if let Some(value) = map.get(&key) {
                picked.set(key, value);
            }
        }
    }
    Ok(Value::Map(picked))
}

fn omit(args: &[Value]) -> Outcome<Value> {
    let rest = Map::empty();
    for (key, value) in map(args, 0).map(Map::entries).unwrap_or_default() {
        if !args.iter().skip(1).any(|omitted| *strval(omitted) == *key) {
            rest.set(key, value);
        }
    }
    Ok(Value::Map(rest))
}

fn merge(args: &[Value], overwrite: bool) -> Outcome<Value> {
    let target = map(args, 0).cloned().unwrap_or_else(Map::empty);
    for source in args.iter().skip(1).filter_map(Value::as_map) {
        merge_into(&target, source, overwrite)?;
    }
    Ok(Value::Map(target))
}

/// Merges maps the way of the Go library that Sprig uses: what is empty in the target counts as missing.
fn merge_into(target: &Map, source: &Map, overwrite: bool) -> Outcome<()> {
    if target.same(source) {
        return Ok(());
    }
    for (key, value) in source.entries() {
        if value.is_nil() {
            if overwrite {
                target.set(key, value);
            }
            continue;
        }
        let old = target.get(&key);
        if let (Some(Value::Map(old)), Value::Map(new)) = (&old, &value) {
            merge_into(old, new, overwrite)?;
            if old.len() > 0 {
                continue;
            }
        }
        if overwrite || old.is_none_or(|old| is_empty(&old)) {
            place(target, key, value)?;
        }
    }
    Ok(())
}

/// Puts a value into a map, unless the map would then hold itself: whoever walks it would never end.
fn place(map: &Map, key: Str, value: Value) -> Outcome<()> {
    match holds(&value, map, &mut { MAX_NODES }) {
        Some(false) => {
            map.set(key, value);
            Ok(())
        }
        Some(true) => fail("the map would contain itself"),
        None => fail("the value is too large"),
    }
}

/// Whether a value is or contains a map; nothing if it is too large to tell.
fn holds(value: &Value, map: &Map, budget: &mut usize) -> Option<bool> {
    *budget = budget.checked_sub(1)?;
    match value {
        Value::Map(inner) if inner.same(map) => Some(true),
        Value::Map(inner) => inner.look(|look| match look {
            Look::Data(_) => Some(false),
            Look::Values(values) => {
                for item in values.values() {
                    if holds(item, map, budget)? {
                        return Some(true);
                    }
                }
                Some(false)
            }
        }),
        Value::List(list) => {
            for item in list.items() {
                if holds(item, map, budget)? {
                    return Some(true);
                }
            }
            Some(false)
        }
        _ => Some(false),
    }
}

fn is_empty(value: &Value) -> bool {
    !matches!(value, Value::Object(_)) && !value.truth()
}

fn deep_copy(args: &[Value]) -> Outcome<Value> {
    match at(args, 0) {
        Value::Nil | Value::None => fail("reflect: call of reflect.Value.Type on zero Value"),
        value => Ok(value.deep_copy()),
    }
}

fn dig(args: &[Value]) -> Outcome<Value> {
    let [keys @ .., default, last] = args else { return fail("dig needs at least three arguments") };
    if keys.is_empty() {
        return fail("dig needs at least three arguments");
    }
    let mut value = as_dict(last)?.clone();
    let texts = keys.iter().map(|key| match key {
        Value::Str(key) => Ok(key),
        other => fail(format!("interface conversion: interface {{}} is {}, not string", shown_type(other))),
    });
    let texts: Vec<&Str> = texts.collect::<Outcome<_>>()?;
    for (n, key) in texts.iter().enumerate() {
        match value.get(key) {
            None => return Ok(default.clone()),
            Some(inner) if n + 1 == texts.len() => return Ok(inner),
            Some(inner) => value = as_dict(&inner)?.clone(),
        }
    }
    Ok(Value::Map(value))
}

fn as_dict(value: &Value) -> Outcome<&Map> {
    match value.as_map().filter(|map| map.kind() == Kind::Any) {
        Some(map) => Ok(map),
        None => {
            let wanted = "map[string]interface {}";
            fail(format!("interface conversion: interface {{}} is {}, not {wanted}", shown_type(value)))
        }
    }
}

fn shown_type(value: &Value) -> &'static str {
    if value.is_nil() { "nil" } else { value.type_name() }
}
