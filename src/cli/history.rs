//! The history of a value, for people and for programs.

use serde_json::{Value as Json, json};

use stackgen::diagnostic::SourceMap;
use stackgen::trace::{How, Said, Trace};
use stackgen::yaml::{Node, Value, path_text};

use super::table::table;
use super::value::{self, place, place_json};

/// What is in force, what each layer says, and what an expression reads.
pub(super) fn text(trace: &Trace, sources: &SourceMap, color: bool) -> String {
    let (bold, end) = if color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let is_map = |node: &Node| node.as_map().is_some_and(|map| !map.is_empty());
    let mut out = match &trace.value {
        Some(node) if is_map(node) => {
            let mut rows = Vec::new();
            leaves(node, &mut Vec::new(), sources, &mut rows);
            format!("{bold}{}{end}\n{}", trace.path, table(2, &rows))
        }
        Some(node) => format!("{bold}{} = {}{end}\n", trace.path, value::line(node)),
        None => format!("{bold}{}{end} is not set\n", trace.path),
    };
    out.push('\n');
    out.push_str(&layers_text(trace, sources, 2));
    for read in &trace.reads {
        read_text(read, sources, 2, &mut out);
    }
    out
}

fn layers_text(trace: &Trace, sources: &SourceMap, indent: usize) -> String {
    if trace.layers.is_empty() {
        return format!("{:indent$}by default: no layer says anything of it\n", "");
    }
    let rows: Vec<[String; 4]> = trace.layers.iter().map(|said| layer_row(said, sources)).collect();
    table(indent, &rows)
}

fn layer_row(said: &Said, sources: &SourceMap) -> [String; 4] {
    let how = if said.counts { said.how.word() } else { "hidden" }.to_owned();
    let given = match &said.value {
        Some(node) if said.how == How::Joins || node.as_map().is_some() => keys(node),
        Some(node) => value::line(node),
        None => String::new(),
    };
    let expression = value::expression(sources, said.span).map_or_else(String::new, |text| format!("from {text}"));
    [place(sources, said.span), how, given, expression]
}

fn keys(node: &Node) -> String {
    let keys: Vec<&str> = node.as_map().into_iter().flat_map(|map| map.keys()).map(|key| &*key.text).collect();
    value::cut(&keys.join(", "))
}

fn read_text(read: &Trace, sources: &SourceMap, indent: usize, out: &mut String) {
    let shown = read.value.as_ref().map_or_else(|| "not set".to_owned(), value::line);
    out.push_str(&format!("\n{:indent$}it reads {} = {shown}\n", "", read.path));
    out.push_str(&layers_text(read, sources, indent + 2));
    for deeper in &read.reads {
        read_text(deeper, sources, indent + 2, out);
    }
}

/// All scalars and lists below a map, each with its path and place.
fn leaves<'n>(node: &'n Node, path: &mut Vec<&'n str>, sources: &SourceMap, rows: &mut Vec<[String; 3]>) {
    match &node.value {
        Value::Map(map) if !map.is_empty() => {
            for (key, entry) in map.iter() {
                path.push(&key.text);
                leaves(entry, path, sources, rows);
                path.pop();
            }
        }
        _ => rows.push([path_text(path.iter().copied()), value::line(node), place(sources, node.span)]),
    }
}

/// The same for programs.
pub(super) fn json_of(trace: &Trace, sources: &SourceMap) -> Json {
    let mut answer = one_trace(trace, sources);
    if let Json::Object(fields) = &mut answer {
        fields.shift_insert(0, "version".into(), json!(1));
    }
    answer
}

fn one_trace(trace: &Trace, sources: &SourceMap) -> Json {
    let layers = trace.layers.iter().map(|said| {
        json!({
            "does": said.how.word(),
            "counts": said.counts,
            "value": said.value.as_ref().map(value::json),
            "place": place_json(sources, said.span),
        })
    });
    json!({
        "path": trace.path,
        "set": trace.value.is_some(),
        "value": trace.value.as_ref().map(value::json),
        "layers": layers.collect::<Json>(),
        "reads": trace.reads.iter().map(|read| one_trace(read, sources)).collect::<Json>(),
    })
}
