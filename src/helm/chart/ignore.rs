//! `.helmignore`

use crate::helm::error::Error;

/// Which files are no part of a chart.
pub(in crate::helm) struct Rules {
    rules: Vec<Rule>,
}

struct Rule {
    pattern: Pattern,
    negated: bool,
    folders_only: bool,
    /// Whether the pattern is for the whole path, not for the name alone.
    whole_path: bool,
}

enum Pattern {
    /// A text that stands for itself.
    Literal(String),
    /// Anything that ends so: `*.tmp`
    Suffix(String),
    Glob(Vec<char>),
}

impl Pattern {
    fn parse(text: &str) -> Self {
        let plain = |text: &str| !text.contains(['*', '?', '[', '\\']);
        match text.strip_prefix('*') {
            _ if plain(text) => Pattern::Literal(text.to_owned()),
            Some(suffix) if plain(suffix) && !suffix.is_empty() => Pattern::Suffix(suffix.to_owned()),
            _ => Pattern::Glob(text.chars().collect()),
        }
    }

    fn matches(&self, text: &str) -> bool {
        match self {
            Pattern::Literal(literal) => literal == text,
            Pattern::Suffix(suffix) => text.strip_suffix(suffix.as_str()).is_some_and(|start| !start.contains('/')),
            Pattern::Glob(pattern) => glob(pattern, &text.chars().collect::<Vec<char>>()),
        }
    }
}

impl Rules {
    pub(in crate::helm) fn parse(text: &str) -> Result<Rules, Error> {
        let mut rules = Vec::new();
        for line in text.trim_start_matches('\u{FEFF}').lines().chain(["templates/.?*"]) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.contains("**") {
                return Err(Error::new("double-star (**) syntax is not supported"));
            }
            let (negated, line) = line.strip_prefix('!').map_or((false, line), |rest| (true, rest));
            let (folders_only, line) = line.strip_suffix('/').map_or((false, line), |rest| (true, rest));
            let whole_path = line.contains('/');
            let line = line.strip_prefix('/').unwrap_or(line);
            rules.push(Rule { pattern: Pattern::parse(line), negated, folders_only, whole_path });
        }
        Ok(Rules { rules })
    }

    /// Whether a file, or a folder that it is in, is ignored.
    pub(super) fn ignore(&self, path: &str) -> bool {
        let folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        folders.into_iter().any(|folder| self.matches(folder, true)) || self.matches(path, false)
    }

    /// Whether a file or folder is ignored, where no folder that it is in is.
    pub(in crate::helm) fn matches(&self, path: &str, is_folder: bool) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        for rule in &self.rules {
            let subject = if rule.whole_path { path } else { name };
            let wrong_kind = rule.folders_only && !is_folder;
            if wrong_kind && !rule.negated {
                continue;
            }
            let found = rule.pattern.matches(subject);
            match (rule.negated, wrong_kind, found) {
                (true, true, _) | (true, _, false) | (false, false, true) => return true,
                _ => {}
            }
        }
        false
    }
}

/// Go's `filepath.Match`.
fn glob(pattern: &[char], text: &[char]) -> bool {
    let Some((first, rest)) = pattern.split_first() else { return text.is_empty() };
    match first {
        '*' => {
            let limit = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=limit).any(|n| glob(rest, &text[n..]))
        }
        '?' => text.split_first().is_some_and(|(c, after)| *c != '/' && glob(rest, after)),
        '[' => class(rest, text),
        '\\' => match (rest.split_first(), text.split_first()) {
            (Some((wanted, rest)), Some((c, after))) => wanted == c && glob(rest, after),
            _ => false,
        },
        wanted => text.split_first().is_some_and(|(c, after)| c == wanted && glob(rest, after)),
    }
}

fn class(pattern: &[char], text: &[char]) -> bool {
    let Some((c, after)) = text.split_first() else { return false };
    let negated = pattern.first() == Some(&'^');
    let body = &pattern[usize::from(negated)..];
    let Some(end) = body.iter().skip(1).position(|c| *c == ']').map(|n| n + 1) else { return false };
    let mut found = false;
    let mut at = 0;
    while at < end {
        let low = body[at];
        let high = if body.get(at + 1) == Some(&'-') && at + 2 < end { body[at + 2] } else { low };
        found |= (low..=high).contains(c);
        at += if high == low && body.get(at + 1) != Some(&'-') { 1 } else { 3 };
    }
    found != negated && *c != '/' && glob(&body[end + 1..], after)
}
