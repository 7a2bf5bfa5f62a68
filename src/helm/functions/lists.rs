//! Sprig's functions on lists.

use super::args::{at, boolean, int, items, list};
use super::numbers::to_int;
use super::{Body, Entry};
use crate::helm::error::{Outcome, fail};
use crate::helm::value::{Items, List, Value};

pub(super) const TABLE: &[Entry] = &[
    ("list", "a*", Body::Pure(|a| Ok(Value::list(a.to_vec())))),
    ("tuple", "a*", Body::Pure(|a| Ok(Value::list(a.to_vec())))),
    ("append", "aa", Body::Pure(append)),
    ("mustAppend", "aa", Body::Pure(append)),
    ("push", "aa", Body::Pure(append)),
    ("mustPush", "aa", Body::Pure(append)),
    ("prepend", "aa", Body::Pure(prepend)),
    ("mustPrepend", "aa", Body::Pure(prepend)),
    (
        "first",
        "a",
        Body::Pure(|a| Ok(list(at(a, 0), "Cannot find first on type")?.first().cloned().unwrap_or(Value::Nil))),
    ),
    (
        "mustFirst",
        "a",
        Body::Pure(|a| Ok(list(at(a, 0), "Cannot find first on type")?.first().cloned().unwrap_or(Value::Nil))),
    ),
    (
        "last",
        "a",
        Body::Pure(|a| Ok(list(at(a, 0), "Cannot find last on type")?.last().cloned().unwrap_or(Value::Nil))),
    ),
    (
        "mustLast",
        "a",
        Body::Pure(|a| Ok(list(at(a, 0), "Cannot find last on type")?.last().cloned().unwrap_or(Value::Nil))),
    ),
    (
        "rest",
        "a",
        Body::Pure(|a| part(list(at(a, 0), "Cannot find rest on type")?.split_first().map(|(_, rest)| rest))),
    ),
    (
        "mustRest",
        "a",
        Body::Pure(|a| part(list(at(a, 0), "Cannot find rest on type")?.split_first().map(|(_, rest)| rest))),
    ),
    (
        "initial",
        "a",
        Body::Pure(|a| part(list(at(a, 0), "Cannot find initial on type")?.split_last().map(|(_, rest)| rest))),
    ),
    (
        "mustInitial",
        "a",
        Body::Pure(|a| part(list(at(a, 0), "Cannot find initial on type")?.split_last().map(|(_, rest)| rest))),
    ),
    ("reverse", "a", Body::Pure(reverse)),
    ("mustReverse", "a", Body::Pure(reverse)),
    ("compact", "a", Body::Pure(compact)),
    ("mustCompact", "a", Body::Pure(compact)),
    ("uniq", "a", Body::Pure(uniq)),
    ("mustUniq", "a", Body::Pure(uniq)),
    ("without", "aa*", Body::Pure(without)),
    ("mustWithout", "aa*", Body::Pure(without)),
    ("has", "aa", Body::Pure(has)),
    ("mustHas", "aa", Body::Pure(has)),
    ("slice", "aa*", Body::Pure(slice)),
    ("mustSlice", "aa*", Body::Pure(slice)),
    ("concat", "a*", Body::Pure(concat)),
    ("chunk", "ia", Body::Pure(chunk)),
    ("mustChunk", "ia", Body::Pure(chunk)),
    ("until", "i", Body::Pure(|a| until(0, int(a, 0), if int(a, 0) < 0 { -1 } else { 1 }))),
    ("untilStep", "iii", Body::Pure(|a| until(int(a, 0), int(a, 1), int(a, 2)))),
    ("seq", "i*", Body::Pure(seq)),
    ("default", "aa*", Body::Pure(default)),
    ("empty", "a", Body::Pure(|a| Ok(Value::Bool(!at(a, 0).truth())))),
    ("coalesce", "a*", Body::Pure(|a| Ok(a.iter().find(|v| v.truth()).cloned().unwrap_or(Value::Nil)))),
    ("all", "a*", Body::Pure(|a| Ok(Value::Bool(a.iter().all(Value::truth))))),
    ("any", "a*", Body::Pure(|a| Ok(Value::Bool(a.iter().any(Value::truth))))),
    ("ternary", "aab", Body::Pure(|a| Ok(at(a, if boolean(a, 2) { 0 } else { 1 }).clone()))),
];

/// How long a list a function may make.
const MAX_ITEMS: u64 = 5_000_000;

fn append(args: &[Value]) -> Outcome<Value> {
    let mut items = list(at(args, 0), "Cannot push on type")?.into_owned();
    items.push(at(args, 1).clone());
    Ok(Value::list(items))
}

fn prepend(args: &[Value]) -> Outcome<Value> {
    let mut items = vec![at(args, 1).clone()];
    items.extend(list(at(args, 0), "Cannot prepend on type")?.iter().cloned());
    Ok(Value::list(items))
}

fn part(items: Option<&[Value]>) -> Outcome<Value> {
    Ok(items.map_or_else(|| Value::List(List::nil(Items::Any)), |items| Value::list(items.to_vec())))
}

fn reverse(args: &[Value]) -> Outcome<Value> {
    let mut items = list(at(args, 0), "Cannot find reverse on type")?.into_owned();
    items.reverse();
    Ok(Value::list(items))
}

fn compact(args: &[Value]) -> Outcome<Value> {
    let items = list(at(args, 0), "Cannot compact on type")?;
    Ok(Value::list(items.iter().filter(|item| item.truth()).cloned().collect()))
}

fn uniq(args: &[Value]) -> Outcome<Value> {
    let mut found: Vec<Value> = Vec::new();
    for item in list(at(args, 0), "Cannot find uniq on type")?.iter() {
        if !found.iter().any(|known| known.deep_equal(item)) {
            found.push(item.clone());
        }
    }
    Ok(Value::list(found))
}

fn without(args: &[Value]) -> Outcome<Value> {
    let omit = args.get(1..).unwrap_or(&[]);
    let items = list(at(args, 0), "Cannot find without on type")?;
    Ok(Value::list(items.iter().filter(|item| !omit.iter().any(|o| o.deep_equal(item))).cloned().collect()))
}

fn has(args: &[Value]) -> Outcome<Value> {
    if at(args, 1).is_nil() {
        return Ok(Value::Bool(false));
    }
    let items = list(at(args, 1), "Cannot find has on type")?;
    Ok(Value::Bool(items.iter().any(|item| item.deep_equal(at(args, 0)))))
}

fn slice(args: &[Value]) -> Outcome<Value> {
    let items = list(at(args, 0), "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let place = |n: usize, otherwise: usize| match args.get(n) {
        Some(value) => usize::try_from(to_int(value)).ok(),
        None => Some(otherwise),
    };
    match place(1, 0).zip(place(2, items.len())).and_then(|(start, end)| items.get(start..end)) {
        Some(part) => {
            let kind = if let Value::List(list) = at(args, 0) { list.kind() } else { Items::Any };
            Ok(Value::List(List::of(kind, part.to_vec())))
        }
        None => fail("reflect.Value.Slice: slice index out of bounds"),
    }
}

fn concat(args: &[Value]) -> Outcome<Value> {
    let mut all = Vec::new();
    for value in args {
        match items(value) {
            Some(items) => all.extend(items.iter().cloned()),
            None if value.is_nil() => return fail("runtime error: invalid memory address or nil pointer dereference"),
            None => return fail(format!("Cannot concat type {} as list", value.kind_name())),
        }
    }
    Ok(if all.is_empty() { Value::List(List::nil(Items::Any)) } else { Value::list(all) })
}

fn chunk(args: &[Value]) -> Outcome<Value> {
    let items = list(at(args, 1), "Cannot chunk type")?;
    match usize::try_from(int(args, 0)) {
        Ok(size) if size > 0 => {
            let chunks = items.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect();
            Ok(Value::List(List::of(Items::Lists, chunks)))
        }
        // A negative size gives nothing, or Go's error where even less than nothing would be needed.
        Err(_) if items.len() == usize::try_from(int(args, 0).unsigned_abs()).unwrap_or(0) + 1 => {
            Ok(Value::List(List::of(Items::Lists, Vec::new())))
        }
        _ => fail("runtime error: makeslice: len out of range"),
    }
}

fn numbers(start: i64, stop: i64, step: i64) -> Outcome<Vec<i64>> {
    if step == 0 || (stop < start) != (step < 0) {
        return Ok(Vec::new());
    }
    if start.abs_diff(stop) / step.unsigned_abs() > MAX_ITEMS {
        return fail("the list is too long");
    }
    let mut all = Vec::new();
    let mut n = start;
    while if step > 0 { n < stop } else { n > stop } {
        all.push(n);
        n = n.saturating_add(step);
    }
    Ok(all)
}

fn until(start: i64, stop: i64, step: i64) -> Outcome<Value> {
    let numbers = numbers(start, stop, step)?;
    Ok(Value::List(List::of(Items::Int, numbers.into_iter().map(Value::Int).collect())))
}

fn seq(args: &[Value]) -> Outcome<Value> {
    let all: Vec<i64> = (0..args.len()).map(|n| int(args, n)).collect();
    let (start, step, end) = match *all.as_slice() {
        [end] => (1, if end < 1 { -1 } else { 1 }, end),
        [start, end] => (start, if end < start { -1 } else { 1 }, end),
        [start, step, end] if end >= start || step <= 0 => (start, step, end),
        _ => return Ok(Value::str("")),
    };
    let past = end + if end < start { -1 } else { 1 };
    let words: Vec<String> = numbers(start, past, step)?.iter().map(i64::to_string).collect();
    Ok(Value::str(words.join(" ")))
}

fn default(args: &[Value]) -> Outcome<Value> {
    Ok(at(args, if at(args, 1).truth() { 1 } else { 0 }).clone())
}
