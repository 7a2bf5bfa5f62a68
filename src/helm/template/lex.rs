//! Template text into tokens.

use super::ast::Pos;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    End,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    Str,
    Text,
    Variable,
    Keyword,
    Dot,
    Nil,
}

/// A token: what, where, and its text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'s> {
    pub(crate) kind: Kind,
    pub(crate) pos: Pos,
    pub(crate) text: &'s str,
}

/// The lexer's place in the text.
pub(crate) struct Lexer<'s> {
    source: &'s str,
    pos: Pos,
    start: Pos,
    parens: usize,
    inside: bool,
    /// What is wrong with the token that cannot be read; after it comes nothing.
    problem: Option<String>,
}

const LEFT: &str = "{{";
const RIGHT: &str = "}}";
const SPACES: &[char] = &[' ', '\t', '\r', '\n'];

/// The bytes of ASCII that names are made of.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut n = 0;
    while n < 128 {
        word[n] = (n as u8).is_ascii_alphanumeric() || n as u8 == b'_';
        n += 1;
    }
    word
};

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn trims_left(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

/// Where the next action begins.
fn left_delim(text: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'{', text.as_bytes().get(from..)?)?;
        if text.as_bytes().get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
}

impl<'s> Lexer<'s> {
    pub(crate) fn new(source: &'s str) -> Self {
        Lexer { source, pos: 0, start: 0, parens: 0, inside: false, problem: None }
    }

    /// The next token; at the end, `End` for ever.
    pub(crate) fn next(&mut self) -> Token<'s> {
        if self.problem.is_some() {
            return Token { kind: Kind::End, pos: self.start, text: "EOF" };
        }
        if self.inside { self.action() } else { self.text() }
    }

    /// Ends the tokens.
    #[cold]
    fn fail(&mut self, problem: impl Into<String>) -> Token<'s> {
        self.problem = Some(problem.into());
        Token { kind: Kind::Error, pos: self.start, text: "" }
    }

    /// What is wrong with the token of kind `Error`.
    pub(crate) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The line of a place, from 1.
    pub(crate) fn line(&self, pos: Pos) -> usize {
        1 + memchr::memchr_iter(b'\n', self.source.as_bytes().get(..pos).unwrap_or_default()).count()
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.pos..).unwrap_or("")
    }

    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.pos).copied()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    fn accept(&mut self, valid: &str) -> bool {
        let found = self.peek().is_some_and(|c| valid.contains(c));
        if found {
            self.bump();
        }
        found
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    fn emit(&mut self, kind: Kind) -> Token<'s> {
        let text = self.source.get(self.start..self.pos).unwrap_or("");
        let token = Token { kind, pos: self.start, text };
        self.skip();
        token
    }

    /// Drops what was read since the last token.
    fn skip(&mut self) {
        self.start = self.pos;
    }

    fn text(&mut self) -> Token<'s> {
        loop {
            let Some(found) = left_delim(self.rest()) else {
                self.pos = self.source.len();
                if self.pos > self.start {
                    return self.emit(Kind::Text);
                }
                return Token { kind: Kind::End, pos: self.pos, text: "EOF" };
            };
            let delim = self.pos + found;
            let after = &self.source[delim + LEFT.len()..];
            let trims = trims_left(after);
            let text = &self.source[self.start..delim];
            let kept = if trims { text.trim_end_matches(SPACES).len() } else { text.len() };
            if kept > 0 {
                self.pos = self.start + kept;
                let token = self.emit(Kind::Text);
                self.pos = delim;
                self.skip();
                return token;
            }
            self.pos = delim;
            self.skip();
            let marker = if trims { 2 } else { 0 };
            if after[marker..].starts_with("/*") {
                self.pos = delim + LEFT.len() + marker;
                self.skip();
                if let Err(problem) = self.comment() {
                    return self.fail(problem);
                }
                continue;
            }
            self.pos = delim + LEFT.len();
            let token = self.emit(Kind::LeftDelim);
            self.pos += marker;
            self.skip();
            self.inside = true;
            self.parens = 0;
            return token;
        }
    }

    fn comment(&mut self) -> Result<(), &'static str> {
        let Some(found) = self.rest()[2..].find("*/") else { return Err("unclosed comment") };
        self.pos += found + 4;
        let (marker, trims) = self.right_delim().ok_or("comment ends before closing delimiter")?;
        self.pos += marker + RIGHT.len();
        if trims {
            self.skip_blanks();
        }
        self.skip();
        Ok(())
    }

    fn skip_blanks(&mut self) {
        self.pos += self.rest().bytes().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count();
    }

    /// Whether a right delimiter stands here: the length of its trim marker, and whether it has one.
    fn right_delim(&self) -> Option<(usize, bool)> {
        match self.source.as_bytes().get(self.pos..)? {
            [b'}', b'}', ..] => Some((0, false)),
            [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..] => Some((2, true)),
            _ => None,
        }
    }

    fn close(&mut self, marker: usize, trims: bool) -> Token<'s> {
        self.pos += marker;
        self.skip();
        self.pos += RIGHT.len();
        let token = self.emit(Kind::RightDelim);
        if trims {
            self.skip_blanks();
            self.skip();
        }
        self.inside = false;
        token
    }

    fn action(&mut self) -> Token<'s> {
        let Some(first) = self.byte() else { return self.fail("unclosed action") };
        match first {
            b' ' | b'\t' | b'\r' | b'\n' | b'}' => {
                if let Some((marker, trims)) = self.right_delim() {
                    if self.parens > 0 {
                        return self.fail("unclosed left paren");
                    }
                    return self.close(marker, trims);
                }
                if first == b'}' {
                    self.pos += 1;
                    return self.emit(Kind::Char);
                }
                return self.space();
            }
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => return self.identifier(),
            b'0'..=b'9' | b'+' | b'-' => return self.number(),
            b'.' => return self.dot(),
            0x80.. => {
                return match self.bump() {
                    Some(c) if is_word(c) => self.identifier(),
                    Some(c) => self.fail(format!("unrecognized character in action: {}", unicode(c))),
                    None => self.fail("unclosed action"),
                };
            }
            _ => self.pos += 1,
        }
        match first {
            b'=' => self.emit(Kind::Assign),
            b':' if self.accept("=") => self.emit(Kind::Declare),
            b':' => self.fail("expected :="),
            b'|' => self.emit(Kind::Pipe),
            b'"' => self.string(b'"', Kind::Str, "unterminated quoted string"),
            b'\'' => self.string(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'`' => {
                let Some(end) = self.rest().find('`') else { return self.fail("unterminated raw quoted string") };
                self.pos += end + 1;
                self.emit(Kind::RawString)
            }
            b'$' if self.at_terminator() => self.emit(Kind::Variable),
            b'$' => self.name(Kind::Variable),
            b'(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            b')' if self.parens == 0 => self.fail("unexpected right paren"),
            b')' => {
                self.parens -= 1;
                self.emit(Kind::RightParen)
            }
            b' '..=b'~' => self.emit(Kind::Char),
            other => self.fail(format!("unrecognized character in action: {}", unicode(char::from(other)))),
        }
    }

    /// What a dot begins: a field, a number, or nothing more.
    fn dot(&mut self) -> Token<'s> {
        if self.source.as_bytes().get(self.pos + 1).is_some_and(u8::is_ascii_digit) {
            return self.number();
        }
        self.pos += 1;
        if self.at_terminator() { self.emit(Kind::Dot) } else { self.name(Kind::Field) }
    }

    /// A run of blanks, but not the blank that belongs to a right trim marker.
    fn space(&mut self) -> Token<'s> {
        self.skip_blanks();
        self.pos -= 1;
        if let Some((marker, trims)) = self.right_delim().filter(|(_, trims)| *trims) {
            if self.pos == self.start {
                return self.close(marker, trims);
            }
        } else {
            self.pos += 1;
        }
        self.emit(Kind::Space)
    }

    fn string(&mut self, mark: u8, kind: Kind, problem: &'static str) -> Token<'s> {
        loop {
            let rest = self.source.as_bytes().get(self.pos..).unwrap_or_default();
            let Some(at) = memchr::memchr3(mark, b'\\', b'\n', rest) else { break };
            self.pos += at + 1;
            match rest.get(at) {
                Some(found) if *found == mark => return self.emit(kind),
                Some(b'\\') if self.peek().is_some_and(|c| c != '\n') => {
                    self.bump();
                }
                _ => return self.fail(problem),
            }
        }
        self.pos = self.source.len();
        self.fail(problem)
    }

    fn at_terminator(&self) -> bool {
        match self.byte() {
            None | Some(b'.' | b',' | b'|' | b':' | b')' | b'(' | b' ' | b'\t' | b'\r' | b'\n') => true,
            Some(b'}') => self.rest().starts_with(RIGHT),
            Some(_) => false,
        }
    }

    fn bad_character(&self) -> String {
        format!("bad character {}", self.peek().map_or_else(|| "U+FFFFFFFFFFFFFFFF".into(), unicode))
    }

    fn name(&mut self, kind: Kind) -> Token<'s> {
        let rest = self.source.as_bytes().get(self.pos..).unwrap_or_default();
        let other = rest.iter().position(|b| !WORD[usize::from(*b)]).unwrap_or(rest.len());
        self.pos += other;
        if self.byte().is_some_and(|b| b >= 0x80) {
            while self.peek().is_some_and(is_word) {
                self.bump();
            }
        }
        if self.at_terminator() { self.emit(kind) } else { self.fail(self.bad_character()) }
    }

    fn identifier(&mut self) -> Token<'s> {
        let token = self.name(Kind::Identifier);
        if token.kind == Kind::Error {
            return token;
        }
        let kind = match token.text {
            other if other.len() > 8 => Kind::Identifier,
            "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range" | "template" | "with" => {
                Kind::Keyword
            }
            "nil" => Kind::Nil,
            "true" | "false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        Token { kind, ..token }
    }

    fn number(&mut self) -> Token<'s> {
        let bad = |lexer: &Self| {
            let text = lexer.source.get(lexer.start..lexer.pos).unwrap_or("");
            format!("bad number syntax: {}", crate::helm::quote::quoted(text))
        };
        if !self.scan_number() {
            return self.fail(bad(self));
        }
        if self.peek().is_some_and(|c| matches!(c, '+' | '-')) {
            if !self.scan_number() || !self.source[..self.pos].ends_with('i') {
                return self.fail(bad(self));
            }
            return self.emit(Kind::Complex);
        }
        self.emit(Kind::Number)
    }

    fn scan_number(&mut self) -> bool {
        self.accept("+-");
        let mut digits = "0123456789_";
        if self.accept("0") {
            if self.accept("xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        if (digits.len() == 11 && self.accept("eE")) || (digits.len() == 23 && self.accept("pP")) {
            self.accept("+-");
            self.accept_run("0123456789_");
        }
        self.accept("i");
        if self.peek().is_some_and(is_word) {
            self.bump();
            return false;
        }
        true
    }
}

/// Go's `%#U`.
fn unicode(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    if crate::helm::quote::is_print(c) { format!("{code} '{c}'") } else { code }
}
