//! Sprig's regular expressions.

use std::rc::Rc;

use regex_lite::{NoExpand, Regex};

use super::args::{int, text};
use super::patterns::translate;
use super::{Body, Entry};
use crate::helm::error::{Fault, Outcome};
use crate::helm::template::Run;
use crate::helm::value::{Items, List, Value};

pub(super) const TABLE: &[Entry] = &[
    (
        "regexMatch",
        "ss",
        Body::Run(|run, a| Ok(Value::Bool(compile(run, &text(a, 0)).is_ok_and(|r| r.is_match(&text(a, 1)))))),
    ),
    ("mustRegexMatch", "ss", Body::Run(|run, a| Ok(Value::Bool(compile(run, &text(a, 0))?.is_match(&text(a, 1)))))),
    ("regexFind", "ss", Body::Run(find)),
    ("mustRegexFind", "ss", Body::Run(find)),
    ("regexFindAll", "ssi", Body::Run(find_all)),
    ("mustRegexFindAll", "ssi", Body::Run(find_all)),
    ("regexReplaceAll", "sss", Body::Run(replace_all)),
    ("mustRegexReplaceAll", "sss", Body::Run(replace_all)),
    ("regexReplaceAllLiteral", "sss", Body::Run(replace_literal)),
    ("mustRegexReplaceAllLiteral", "sss", Body::Run(replace_literal)),
    ("regexSplit", "ssi", Body::Run(split)),
    ("mustRegexSplit", "ssi", Body::Run(split)),
    ("regexQuoteMeta", "s", Body::Pure(|a| Ok(Value::str(quote_meta(&text(a, 0)))))),
];

fn compile(run: &Run, pattern: &str) -> Outcome<Rc<Regex>> {
    let mut known = run.shared.state.regexes.borrow_mut();
    if let Some(regex) = known.get(pattern) {
        return Ok(regex.clone());
    }
    match Regex::new(&translate(pattern)) {
        Ok(regex) => {
            let regex = Rc::new(regex);
            known.insert(pattern.to_owned(), regex.clone());
            Ok(regex)
        }
        Err(error) => Err(Fault::new(format!("error parsing regexp: {error}: `{pattern}`"))),
    }
}

fn find(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let regex = compile(run, &text(args, 0))?;
    Ok(Value::str(regex.find(&text(args, 1)).map_or("", |found| found.as_str())))
}

fn find_all(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let limit = usize::try_from(int(args, 2)).unwrap_or(usize::MAX);
    let regex = compile(run, &text(args, 0))?;
    let source = text(args, 1);
    let found: Vec<&str> = regex.find_iter(&source).take(limit).map(|found| found.as_str()).collect();
    Ok(if found.is_empty() { Value::List(List::nil(Items::Str)) } else { Value::strings(found) })
}

fn replace_all(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let regex = compile(run, &text(args, 0))?;
    Ok(Value::str(regex.replace_all(&text(args, 1), &*text(args, 2))))
}

fn replace_literal(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let regex = compile(run, &text(args, 0))?;
    Ok(Value::str(regex.replace_all(&text(args, 1), NoExpand(&text(args, 2)))))
}

fn split(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let (source, limit) = (text(args, 1), int(args, 2));
    if limit == 0 {
        return Ok(Value::strings(Vec::<String>::new()));
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let regex = compile(run, &text(args, 0))?;
    let mut parts: Vec<&str> = Vec::new();
    let (mut start, mut end) = (0, 0);
    for found in regex.find_iter(&source) {
        if parts.len() + 1 >= limit {
            break;
        }
        end = found.start();
        if found.end() != 0 {
            parts.push(&source[start..end]);
        }
        start = found.end();
    }
    if end != source.len() || source.is_empty() {
        parts.push(&source[start..]);
    }
    Ok(Value::strings(parts))
}

fn quote_meta(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    for c in source.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
