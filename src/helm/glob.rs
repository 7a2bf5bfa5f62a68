//! File patterns as Helm's `.Files.Glob` takes them: `*` within a folder, `**` across, `?`, `[…]`, `{a,b}`.

/// A pattern.
pub(crate) struct Glob {
    parts: Vec<Part>,
}

enum Part {
    Char(char),
    /// `?`
    One,
    /// `*`
    Some,
    /// `**`
    All,
    /// `[a-z]`, `[!a]`
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
    /// `{a,b}`
    Either(Vec<Vec<Part>>),
}

impl Glob {
    /// Reads a pattern. One that cannot be read matches everything, as in Helm.
    pub(crate) fn new(pattern: &str) -> Self {
        let chars: Vec<char> = pattern.chars().collect();
        let mut at = 0;
        let parts = read(&chars, &mut at, false).filter(|_| at == chars.len()).unwrap_or_else(|| vec![Part::All]);
        Glob { parts }
    }

    pub(crate) fn matches(&self, name: &str) -> bool {
        let chars: Vec<char> = name.chars().collect();
        let parts: Vec<&Part> = self.parts.iter().collect();
        matches(&parts, &chars)
    }
}

fn read(chars: &[char], at: &mut usize, inside: bool) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some(&c) = chars.get(*at) {
        if inside && matches!(c, ',' | '}') {
            break;
        }
        *at += 1;
        parts.push(match c {
            '*' if chars.get(*at) == Some(&'*') => {
                *at += 1;
                Part::All
            }
            '*' => Part::Some,
            '?' => Part::One,
            '\\' => {
                let escaped = *chars.get(*at)?;
                *at += 1;
                Part::Char(escaped)
            }
            '[' => class(chars, at)?,
            '{' => {
                let mut options = Vec::new();
                loop {
                    options.push(read(chars, at, true)?);
                    *at += 1;
                    match chars.get(*at - 1) {
                        Some(',') => {}
                        Some('}') => break,
                        _ => return None,
                    }
                }
                Part::Either(options)
            }
            c => Part::Char(c),
        });
    }
    Some(parts)
}

fn class(chars: &[char], at: &mut usize) -> Option<Part> {
    let negated = chars.get(*at) == Some(&'!');
    *at += usize::from(negated);
    let mut ranges = Vec::new();
    loop {
        let first = *chars.get(*at)?;
        *at += 1;
        if first == ']' {
            return (!ranges.is_empty()).then_some(Part::Class { negated, ranges });
        }
        if chars.get(*at) == Some(&'-') && chars.get(*at + 1).is_some_and(|c| *c != ']') {
            ranges.push((first, *chars.get(*at + 1)?));
            *at += 2;
        } else {
            ranges.push((first, first));
        }
    }
}

fn matches(parts: &[&Part], text: &[char]) -> bool {
    let Some((part, rest)) = parts.split_first() else { return text.is_empty() };
    let one =
        |test: &dyn Fn(char) -> bool| text.split_first().is_some_and(|(c, after)| test(*c) && matches(rest, after));
    match part {
        Part::Char(wanted) => one(&|c| c == *wanted),
        Part::One => one(&|c| c != '/'),
        Part::Class { negated, ranges } => {
            one(&|c| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated)
        }
        Part::Some => {
            let limit = text.iter().position(|c| *c == '/').unwrap_or(text.len());
            (0..=limit).any(|n| matches(rest, &text[n..]))
        }
        Part::All => (0..=text.len()).any(|n| matches(rest, &text[n..])),
        Part::Either(options) => options.iter().any(|option| {
            let joined: Vec<&Part> = option.iter().chain(rest.iter().copied()).collect();
            matches(&joined, text)
        }),
    }
}
