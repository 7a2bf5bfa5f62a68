//! Paths as people write them: `a.b[2]."x.y"`.

use std::fmt;

use crate::yaml::{Node, Value, path_text};

/// The names on the way to a value. Items of lists are named by their number in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The names; `[2]` for the third item of a list.
    pub(super) names: Vec<String>,
}

impl Path {
    /// Reads a path. Names with dots may stand in quotes.
    pub fn parse(text: &str) -> Self {
        let mut names = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (name, after) = first_name(rest);
            if !name.is_empty() {
                names.push(name);
            }
            rest = after;
        }
        Path { names }
    }

    pub(super) fn of<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Path { names: names.into_iter().map(str::to_owned).collect() }
    }

    /// The path with `components` put before the name of a component.
    pub(super) fn below_components(&self, is_component: impl Fn(&str) -> bool) -> Self {
        match self.names.first() {
            Some(first) if is_component(first) => {
                Path { names: ["components".to_owned()].into_iter().chain(self.names.iter().cloned()).collect() }
            }
            _ => self.clone(),
        }
    }

    pub(super) fn names(&self) -> Vec<&str> {
        self.names.iter().map(String::as_str).collect()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&path_text(self.names.iter().map(String::as_str)))
    }
}

fn first_name(text: &str) -> (String, &str) {
    if let Some(quote @ ('"' | '\'')) = text.chars().next()
        && let Some((name, after)) = text[1..].split_once(quote)
    {
        return (name.to_owned(), after.strip_prefix('.').unwrap_or(after));
    }
    if text.starts_with('[')
        && let Some((name, after)) = text.split_once(']')
    {
        let inner = name[1..].trim_matches(['"', '\'']);
        let name = if inner.parse::<usize>().is_ok() { format!("[{inner}]") } else { inner.to_owned() };
        return (name, after.strip_prefix('.').unwrap_or(after));
    }
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, after) = text.split_at(end);
    (name.to_owned(), after.strip_prefix('.').unwrap_or(after))
}

/// The entry or item of a name.
pub(super) fn step<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Map(map) => map.get(name),
        Value::Seq(items) => items.get(index(name)?),
        _ => None,
    }
}

/// The number of `[2]`, or of a bare `2`.
pub(super) fn index(name: &str) -> Option<usize> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn paths_are_read_as_they_are_shown() {
        for (text, names) in [
            ("cluster.domain", vec!["cluster", "domain"]),
            ("a.b[2].c", vec!["a", "b", "[2]", "c"]),
            ("resources.\"IPPool/default\".spec", vec!["resources", "IPPool/default", "spec"]),
            ("cm.'a.b/c'.d", vec!["cm", "a.b/c", "d"]),
            ("caps['load-balancer'].x", vec!["caps", "load-balancer", "x"]),
            ("a.b.", vec!["a", "b"]),
            ("", vec![]),
        ] {
            assert_eq!(Path::parse(text).names(), names, "{text}");
        }
        assert_eq!(Path::parse("a[0].'b.c'.d-e").to_string(), "a[0].\"b.c\".d-e");
    }
}
