//! Expressions beside the engine.
#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;
use std::path::Path;

use super::super::{engine, to_value};
use super::*;
use crate::diagnostic::Sink;
use crate::yaml::{self, FileId};

/// Names with values of all kinds; what blueprints call theirs is among them.
fn scope() -> Scope {
    const TEXT: &str = "\
a: { b: x, 'c-d': 1, n: null, t: true, e: '', l: [], m: {}, f: 1.5, z: 0, s: [1, x] }
";
    let node = yaml::parse(FileId(0), TEXT, &mut Sink::default()).unwrap();
    let value = to_value(node.get("a").unwrap());
    Scope::new(["a", "params", "caps", "cluster", "self"].map(|name| (name, value.clone())))
}

/// Whether it is read here; if so, the engine must read it too, and give the same wherever this gives a value.
fn agree(source: &str, scope: &Scope) -> bool {
    let Some(direct) = Direct::read(source) else { return false };
    let whole = engine::get().compile_expression(source);
    let whole = whole.unwrap_or_else(|error| unreachable!("{source}: {error}"));
    if let Some(value) = direct.evaluate(scope) {
        let other = whole.eval(scope.value()).unwrap_or_else(|error| unreachable!("{source}: {error}"));
        assert_eq!(value, other, "{source}");
        assert_eq!((value.kind(), value.to_string()), (other.kind(), other.to_string()), "{source}");
    }
    true
}

fn sources(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if let Ok(text) = fs::read_to_string(&path) {
            let parts = text.split("${{").skip(1).filter_map(|part| Some(part.split_once("}}")?.0.to_owned()));
            found.extend(parts);
            let conditions = text.split("$if: ").skip(1).filter_map(|part| part.lines().next());
            found.extend(conditions.flat_map(|line| [line.to_owned(), line.trim_matches('"').to_owned()]));
        }
    }
}

#[test]
fn it_gives_what_the_engine_gives() {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("blueprints"), &mut all);
    let scope = scope();
    // What stands between the marks need not be an expression: they occur in comments and in loops of text templates.
    all.retain(|source| engine::get().compile_expression(source).is_ok());
    let taken = all.iter().filter(|source| agree(source, &scope)).count();
    assert!(taken * 20 > all.len() * 19, "it leaves all but {taken} of {} to the engine", all.len());
}

#[test]
fn it_takes_nothing_that_the_engine_reads_otherwise() {
    const OPERANDS: [&str; 45] = [
        "a",
        "a.b",
        "a.n",
        "a.t",
        "a.e",
        "a.l",
        "a.m",
        "a.f",
        "a.z",
        "a.s",
        "a['c-d']",
        "a[\"b\"]",
        "a.none",
        "a.x",
        "x",
        "'x'",
        "\"x\"",
        "''",
        "1",
        "0",
        "01",
        "1.5",
        "true",
        "false",
        "none",
        "True",
        "[]",
        "[1]",
        "{}",
        "(",
        "a.s[0]",
        "a.s[a.z]",
        "a.m['q']",
        "[a.b, 1]",
        "{a.b: a.z, 'k': []}",
        "(a.s)[1]",
        "(a.x | default(a.m)).q",
        "'x' 'y'",
        "merge(a.m, {'q': 1})",
        "dict(q=a.z, r = 2)",
        "f(1)",
        "a.b.upper()",
        "debug()",
        "a(1)",
        "[1] + a.l",
    ];
    const BETWEEN: [&str; 43] = [
        ")",
        "not",
        "and",
        "or",
        "if",
        "else",
        "is none",
        "is not none",
        "is defined",
        "==",
        "!=",
        ">",
        ">=",
        "<",
        "in",
        "~",
        "| upper",
        ",",
        "+",
        "-",
        "*",
        "/",
        "//",
        "%",
        "**",
        "not in",
        "is string",
        "is startingwith('x')",
        "is startingwith 'x'",
        "is not startingwith a.b and",
        "is eq 1",
        "| default('y')",
        "| default(a.b, true)",
        "| length",
        "| join(', ')",
        "| map(attribute='b')",
        "| selectattr('b', 'eq', a.b) | list",
        "| select | unique",
        "| none_such",
        "| upper | lower",
        "[:1]",
        "[-1]",
        ".b",
    ];
    let mut random = crate::chance::numbers();
    let scope = scope();
    let mut taken = 0;
    for _ in 0..60_000 {
        let piece = |n: usize| OPERANDS.iter().chain(&BETWEEN).nth(n).copied().unwrap_or_default();
        let words: Vec<&str> = (0..=random(8)).map(|_| piece(random(OPERANDS.len() + BETWEEN.len()))).collect();
        taken += usize::from(agree(&words.join([" ", ""][random(2)]), &scope));
    }
    // Operands and operators in turn, so that long ones make sense.
    for _ in 0..40_000 {
        let mut text = String::new();
        for turn in 0..=random(4) {
            let join = [" and ", " or ", " == ", " if ", " else ", " != ", " < ", " and not "][random(8)];
            let join =
                if random(2) == 0 { join } else { [" + ", " - ", " * ", "~", " // ", " % ", " in ", "/"][random(8)] };
            text.push_str(if turn == 0 { "" } else { join });
            text.push_str(["", "", "not ", "("][random(4)]);
            text.push_str(OPERANDS[random(OPERANDS.len())]);
            text.push_str(["", "", " is none", ")"][random(4)]);
            let after =
                [" | length", " | default('y')", " is string", "[0]", " | join(',')", ".b", " | map('upper') | list"];
            text.push_str(after.get(random(14)).unwrap_or(&""));
        }
        taken += usize::from(agree(&text, &scope));
    }
    assert!(taken > 12_000, "only {taken} were compared");
    assert!(!agree(&format!("{}a{}", "(".repeat(100), ")".repeat(100)), &scope));
    assert!(!agree(&"not ".repeat(100), &scope));
}
