//! How a text is written: bare, quoted or as a block.

use std::fmt::Write as _;

/// What a text allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Analysis {
    pub(super) multiline: bool,
    pub(super) plain: bool,
    pub(super) single_quoted: bool,
    pub(super) block: bool,
}

/// Whether libyaml writes the character as it is.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | '\u{20}'..='\u{7E}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        && c != '\u{FEFF}'
        && !matches!(c, '\u{FFFE}' | '\u{FFFF}')
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t')
}

/// Looks at a text as libyaml's emitter does before it chooses a style.
pub(super) fn analyze(text: &str) -> Analysis {
    if text.is_empty() {
        return Analysis { multiline: false, plain: true, single_quoted: true, block: false };
    }
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return analyze_line(text.as_bytes());
    }
    let mut indicators = text.starts_with("---") || text.starts_with("...");
    let (mut breaks, mut special, mut break_space, mut space_break) = (false, false, false, false);
    let (mut previous_space, mut previous_break, mut preceded_by_blank) = (false, false, true);
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let followed_by_blank = chars.peek().is_none_or(|next| is_blank(*next));
        indicators |= match c {
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => first,
            '#' => first || preceded_by_blank,
            '?' | '-' => first && followed_by_blank,
            ':' => followed_by_blank,
            _ => false,
        };
        special |= !is_printable(c);
        if c == ' ' {
            break_space |= previous_break;
            (previous_space, previous_break) = (true, false);
        } else if is_break(c) {
            breaks = true;
            space_break |= previous_space;
            (previous_space, previous_break) = (false, true);
        } else {
            (previous_space, previous_break) = (false, false);
        }
        preceded_by_blank = is_blank(c) || is_break(c);
        first = false;
    }
    let edge = |c: Option<char>| c.is_some_and(|c| c == ' ' || is_break(c));
    let edges = edge(text.chars().next()) || edge(text.chars().next_back());
    let broken = space_break || special;
    Analysis {
        multiline: breaks,
        plain: !(edges || break_space || broken || breaks || indicators),
        single_quoted: !(break_space || broken),
        block: !(text.ends_with(' ') || broken),
    }
}

/// The same for one line of ASCII.
fn analyze_line(text: &[u8]) -> Analysis {
    let blank = |at: usize| text.get(at).is_none_or(|b| *b == b' ');
    let first = match text {
        [b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>', ..]
        | [b'\'' | b'"' | b'%' | b'@' | b'`' | b'#', ..] => true,
        [b'?' | b'-', ..] => blank(1),
        _ => false,
    };
    let inside = |at: usize| match text.get(at) {
        Some(b':') => blank(at + 1),
        _ => at > 0 && blank(at - 1),
    };
    let indicators = first
        || text.starts_with(b"---")
        || text.starts_with(b"...")
        || memchr::memchr2_iter(b':', b'#', text).any(inside);
    let edges = text.first() == Some(&b' ') || text.last() == Some(&b' ');
    let block = text.last() != Some(&b' ');
    Analysis { multiline: false, plain: !(edges || indicators), single_quoted: true, block }
}

/// The column from which on a blank becomes a line break.
const WIDTH: usize = 80;

/// A text that is broken into lines as it is written.
pub(super) struct Lines<'o> {
    out: &'o mut String,
    column: usize,
    /// Where lines after the first begin; none where lines must not be broken.
    indent: Option<usize>,
}

impl<'o> Lines<'o> {
    pub(super) fn new(out: &'o mut String, indent: Option<usize>) -> Self {
        let line = out.rfind('\n').map_or(0, |newline| newline + 1);
        let column = out[line..].chars().count();
        Lines { out, column, indent }
    }

    fn push(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn push_str(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += text.chars().count();
    }

    /// Breaks the line instead of writing a blank, if it is long enough.
    fn break_at_blank(&mut self) -> bool {
        let Some(indent) = self.indent.filter(|_| self.column > WIDTH) else { return false };
        self.start_line(indent);
        true
    }

    fn start_line(&mut self, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.column = indent;
    }

    /// Whether a text is written without a break.
    fn is_short(&self, text: &str) -> bool {
        self.indent.is_none() || self.column + text.len() <= WIDTH || !text.contains(' ')
    }

    pub(super) fn plain(mut self, text: &str) {
        if self.is_short(text) {
            return self.out.push_str(text);
        }
        let mut after_blank = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let blank = c == ' ';
            let breaks = blank && !after_blank && chars.peek() != Some(&' ') && self.break_at_blank();
            if !breaks {
                self.push(c);
            }
            after_blank = blank;
        }
    }

    pub(super) fn single_quoted(mut self, text: &str) {
        self.push('\'');
        if self.is_short(text) && !text.contains('\'') {
            self.out.push_str(text);
            self.out.push('\'');
            return;
        }
        let (mut first, mut after_blank) = (true, false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let blank = c == ' ';
            let inside = !first && chars.peek().is_some_and(|next| *next != ' ');
            let breaks = blank && inside && !after_blank && self.break_at_blank();
            if c == '\'' {
                self.push('\'');
            }
            if !breaks {
                self.push(c);
            }
            after_blank = blank;
            first = false;
        }
        self.push('\'');
    }

    pub(super) fn double_quoted(mut self, text: &str) {
        self.push('"');
        let (mut first, mut after_blank) = (true, false);
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let blank = c == ' ';
            let inside = !first && chars.peek().is_some();
            if blank && inside && !after_blank && self.break_at_blank() {
                if chars.peek() == Some(&' ') {
                    self.push('\\');
                }
            } else {
                self.push_escaped(c);
            }
            after_blank = blank;
            first = false;
        }
        self.push('"');
    }

    fn push_escaped(&mut self, c: char) {
        let escape = match c {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\0' => "\\0",
            '\x07' => "\\a",
            '\x08' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\x0b' => "\\v",
            '\x0c' => "\\f",
            '\r' => "\\r",
            '\x1b' => "\\e",
            '\u{85}' => "\\N",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            c if is_printable(c) => return self.push(c),
            c => {
                let code = c as u32;
                let escape = match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                };
                return self.push_str(&escape);
            }
        };
        self.push_str(escape);
    }
}

/// Whether Go's reader takes the character unescaped. `toYaml` goes through JSON, which it reads again.
pub(super) fn is_readable(c: char) -> bool {
    !matches!(c, '\u{7F}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Writes `|` with its hints, then the lines at an indent.
pub(super) fn literal(out: &mut String, text: &str, indent: usize, step: usize) {
    out.push('|');
    if text.starts_with(|c| c == ' ' || is_break(c)) {
        let _ = write!(out, "{step}");
    }
    let mut ends = text.chars().rev();
    match (ends.next(), ends.next()) {
        (Some(last), _) if !is_break(last) => out.push('-'),
        (Some(_), None) => out.push('+'),
        (Some(_), Some(before)) if is_break(before) => out.push('+'),
        _ => {}
    }
    out.push('\n');
    let mut after_break = true;
    for c in text.chars() {
        if is_break(c) {
            out.push(c);
            after_break = true;
        } else {
            if after_break {
                out.extend(std::iter::repeat_n(' ', indent));
            }
            out.push(c);
            after_break = false;
        }
    }
}
