//! Sprig's functions on upper and lower case.

use super::args::text;
use super::{Body, Entry};
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("upper", "s", Body::Pure(|a| Ok(Value::str(simple(&text(a, 0), upper))))),
    ("lower", "s", Body::Pure(|a| Ok(Value::str(simple(&text(a, 0), lower))))),
    ("title", "s", Body::Pure(|a| Ok(Value::str(title(&text(a, 0)))))),
    ("untitle", "s", Body::Pure(|a| Ok(Value::str(untitle(&text(a, 0)))))),
    ("swapcase", "s", Body::Pure(|a| Ok(Value::str(swapcase(&text(a, 0)))))),
    ("initials", "s", Body::Pure(|a| Ok(Value::str(initials(&text(a, 0)))))),
    ("snakecase", "s", Body::Pure(|a| Ok(Value::str(joined(&text(a, 0), '_'))))),
    ("kebabcase", "s", Body::Pure(|a| Ok(Value::str(joined(&text(a, 0), '-'))))),
    ("camelcase", "s", Body::Pure(|a| Ok(Value::str(camel(&text(a, 0)))))),
];

/// Go maps each character to one character.
fn upper(c: char) -> char {
    let mut all = c.to_uppercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn lower(c: char) -> char {
    let mut all = c.to_lowercase();
    match (all.next(), all.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

fn simple(source: &str, map: fn(char) -> char) -> String {
    source.chars().map(map).collect()
}

/// Go's `strings.Title`: the first letter of each word.
fn title(source: &str) -> String {
    let mut before = ' ';
    let mut out = String::with_capacity(source.len());
    for c in source.chars() {
        let separates = if before.is_ascii() {
            !(before.is_ascii_alphanumeric() || before == '_')
        } else {
            !before.is_alphanumeric() && before.is_whitespace()
        };
        out.push(if separates { upper(c) } else { c });
        before = c;
    }
    out
}

fn untitle(source: &str) -> String {
    let mut start = true;
    let change = |c: char| {
        let changed = if start { lower(c) } else { c };
        start = c.is_whitespace();
        changed
    };
    source.chars().map(change).collect()
}

fn swapcase(source: &str) -> String {
    let mut after_space = true;
    let swap = |c: char| {
        if c.is_uppercase() {
            after_space = false;
            lower(c)
        } else if c.is_lowercase() {
            let swapped = upper(c);
            after_space = false;
            swapped
        } else {
            after_space = c.is_whitespace();
            c
        }
    };
    source.chars().map(swap).collect()
}

/// The first letters of the words. The function in Go takes bytes for characters.
fn initials(source: &str) -> String {
    let characters: String = source.bytes().map(char::from).collect();
    characters.split_whitespace().filter_map(|word| word.chars().next()).collect()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Invalid,
    Number,
    Upper,
    Letters,
    Connector,
    Punctuation,
    Other,
}

fn is_connector(c: char) -> bool {
    matches!(c, '-' | '_') || c.is_whitespace()
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation() && !matches!(c, '$' | '+' | '<' | '=' | '>' | '^' | '`' | '|' | '~')
}

fn is_small(c: char) -> bool {
    c.is_alphabetic() && !c.is_uppercase()
}

/// Cuts the next word off: its kind and its length.
fn next_word(chars: &[char]) -> (Word, usize) {
    let Some(&first) = chars.first() else { return (Word::Invalid, 0) };
    let run = |from: usize, test: fn(char) -> bool| from + chars[from..].iter().take_while(|c| test(**c)).count();
    if is_connector(first) {
        (Word::Connector, run(0, is_connector))
    } else if is_punctuation(first) {
        (Word::Punctuation, run(0, is_punctuation))
    } else if first.is_uppercase() {
        let upper = run(0, char::is_uppercase);
        match chars.get(upper) {
            Some(c) if upper > 1 && c.is_alphabetic() => (Word::Upper, upper - 1),
            Some(_) if upper == 1 => (Word::Upper, run(1, is_small)),
            _ => (Word::Upper, upper),
        }
    } else if first.is_alphabetic() {
        (Word::Letters, run(0, is_small))
    } else if first.is_numeric() {
        (Word::Number, run(0, char::is_numeric))
    } else {
        let other = |c: char| !(is_connector(c) || c.is_alphabetic() || c.is_numeric() || is_punctuation(c));
        (Word::Other, run(0, other))
    }
}

/// The words of a text, as they are cut off one by one.
struct Words<'c> {
    chars: &'c [char],
    kind: Word,
    word: &'c [char],
}

impl Words<'_> {
    fn step(&mut self) {
        let (kind, length) = next_word(self.chars);
        (self.word, self.chars) = self.chars.split_at(length);
        self.kind = kind;
    }

    fn push(&self, out: &mut String, connector: char) {
        write_word(out, self.kind, self.word, connector);
    }

    /// Writes letters and numbers that belong together.
    fn push_run(&mut self, out: &mut String, connector: char) {
        while matches!(self.kind, Word::Letters | Word::Number) {
            self.push(out, connector);
            self.step();
        }
    }

    fn starts_word(&self) -> bool {
        !matches!(self.kind, Word::Connector | Word::Punctuation)
    }
}

fn write_word(out: &mut String, kind: Word, word: &[char], connector: char) {
    if kind == Word::Connector {
        out.extend(word.iter().map(|_| connector));
    } else {
        out.extend(word.iter().map(|c| lower(*c)));
    }
}

/// `HTTPServer` as `http_server`, with the connector that is asked for.
fn joined(source: &str, connector: char) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::new();
    let mut words = Words { chars: &chars, kind: Word::Invalid, word: &[] };
    words.step();
    while !words.chars.is_empty() {
        if words.kind != Word::Connector {
            words.push(&mut out, connector);
        }
        let (before, last) = (words.kind, words.word);
        words.step();
        match before {
            Word::Number => {
                words.push_run(&mut out, connector);
                if words.kind != Word::Invalid && words.starts_word() {
                    out.push(connector);
                }
            }
            Word::Connector => write_word(&mut out, before, last, connector),
            Word::Punctuation => {}
            _ if words.kind != Word::Number => {
                if words.starts_word() {
                    out.push(connector);
                }
            }
            _ if words.chars.is_empty() => {}
            _ => after_number(&mut words, &mut out, connector),
        }
    }
    words.push(&mut out, connector);
    out
}

/// Goes on where a number follows letters: it belongs to what comes after it, if those are letters.
fn after_number(words: &mut Words, out: &mut String, connector: char) {
    let number = words.word;
    words.step();
    if words.kind != Word::Letters {
        write_word(out, Word::Number, number, connector);
        if words.starts_word() {
            out.push(connector);
        }
        return;
    }
    out.push(connector);
    write_word(out, Word::Number, number, connector);
    words.push_run(out, connector);
    if words.kind != Word::Invalid && words.starts_word() {
        out.push(connector);
    }
}

/// `http_server` as `HttpServer`.
fn camel(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let lead = chars.iter().take_while(|c| is_connector(**c)).count();
    let mut out: String = chars[..lead].iter().collect();
    let Some(&first) = chars.get(lead) else {
        out.extend(chars.last());
        return out;
    };
    let mut last = upper(first);
    let mut in_upper = first.is_uppercase();
    for &c in &chars[lead + 1..] {
        let before = last;
        last = c;
        if is_connector(c) && is_connector(before) {
            out.push(before);
        } else if is_connector(before) {
            in_upper = c.is_uppercase();
            last = upper(c);
        } else {
            if in_upper {
                if c.is_uppercase() {
                    last = lower(c);
                } else {
                    in_upper = false;
                }
            }
            out.push(before);
        }
    }
    out.push(last);
    out
}
