//! The key that encloses a line of YAML, found by indentation: a heading for a hunk, as `@@ … @@ fn main` is in code.

/// Longer headings do not help.
const MAX_CHARS: usize = 80;

/// The path of keys around a line, without the line's own key: `spec.containers[app]`.
pub(super) fn enclosing_key(lines: &[&str], at: usize) -> String {
    let Some(own) = lines.get(at).and_then(|line| Row::read(line)) else { return String::new() };
    let mut path = Vec::new();
    let mut inner = own;
    for line in lines[..at].iter().rev() {
        if line.starts_with("---") {
            break;
        }
        let Some(row) = Row::read(line) else { continue };
        if !row.encloses(&inner) {
            continue;
        }
        if row.is_item && inner.indent > row.content {
            path.extend(row.key().map(str::to_owned));
        }
        path.push(if row.is_item { row.item_name() } else { row.key().unwrap_or_default().to_owned() });
        inner = row;
    }
    path.retain(|part| !part.is_empty());
    path.reverse();
    shortened(&path)
}

fn shortened(path: &[String]) -> String {
    let whole = path.join(".").replace(".[", "[");
    if whole.chars().count() <= MAX_CHARS {
        return whole;
    }
    let skip = whole.chars().count() - MAX_CHARS;
    format!("…{}", whole.chars().skip(skip).collect::<String>())
}

/// A line as far as its indentation tells.
#[derive(Clone, Copy)]
struct Row<'a> {
    indent: usize,
    /// Where the text after the dashes starts.
    content: usize,
    is_item: bool,
    text: &'a str,
}

impl<'a> Row<'a> {
    /// None for blank lines and comments.
    fn read(line: &'a str) -> Option<Self> {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            return None;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        let text = trimmed.trim_start_matches("- ").trim_start();
        let is_item = trimmed.starts_with("- ") || trimmed == "-";
        Some(Row { indent, content: indent + trimmed.len() - text.len(), is_item, text })
    }

    /// Lists may stand flush with their key.
    fn encloses(&self, inner: &Row<'_>) -> bool {
        self.indent < inner.indent || (self.indent == inner.indent && inner.is_item && !self.is_item)
    }

    fn key(&self) -> Option<&'a str> {
        let (key, rest) = self.text.split_once(':')?;
        let fine = key.chars().all(|c| c.is_alphanumeric() || "-_./\"'".contains(c));
        (fine && (rest.is_empty() || rest.starts_with(' '))).then_some(key)
    }

    /// `[app]` for an item that starts with `name: app`.
    fn item_name(&self) -> String {
        match (self.key(), self.text.split_once(": ")) {
            (Some("name" | "key" | "id" | "host"), Some((_, value))) => format!("[{}]", value.trim()),
            _ => "[]".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::enclosing_key;

    #[test]
    fn the_path_follows_indentation_and_lists() {
        let text = "kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n      - name: app\n        image: a:1\n        env:\n        # why\n        - name: A\n          value: b\n";
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        assert_eq!(enclosing_key(&lines, 6), "spec.template.spec.containers[app]");
        assert_eq!(enclosing_key(&lines, 10), "spec.template.spec.containers[app].env[A]");
        assert_eq!(enclosing_key(&lines, 5), "spec.template.spec.containers");
        assert_eq!(enclosing_key(&lines, 0), "");
    }

    #[test]
    fn documents_end_the_search() {
        let lines = ["a:\n", "---\n", "  b: 1\n"];
        assert_eq!(enclosing_key(&lines, 2), "");
        assert_eq!(enclosing_key(&lines, 9), "");
    }
}
