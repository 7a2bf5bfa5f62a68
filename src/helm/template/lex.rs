//! Template text into tokens.

use super::ast::{Pos, Span};
use super::number;
use super::token::{Kind, Token, Word};
use crate::helm::quote::{is_print, quoted};

/// The lexer's place in the text.
pub(super) struct Lexer<'s> {
    source: &'s str,
    pos: usize,
    /// Where the token begins that is being read.
    start: usize,
    /// Whether blanks come before it.
    spaced: bool,
    parens: usize,
    inside: bool,
    /// What is wrong with the token that cannot be read; after it comes nothing.
    problem: Option<String>,
}

const LEFT: &[u8] = b"{{";
const RIGHT: &[u8] = b"}}";

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

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where the next action begins.
fn left_delim(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + memchr::memchr(b'{', bytes.get(from..)?)?;
        if bytes.get(at + 1) == Some(&b'{') {
            return Some(at);
        }
        from = at + 1;
    }
}

impl<'s> Lexer<'s> {
    /// The source is shorter than four gigabytes.
    pub(super) fn new(source: &'s str) -> Self {
        Lexer { source, pos: 0, start: 0, spaced: false, parens: 0, inside: false, problem: None }
    }

    /// One token of an action that begins at a place.
    pub(super) fn inside(source: &'s str, pos: Pos) -> Self {
        let pos = pos as usize;
        Lexer { source, pos, start: pos, spaced: false, parens: 0, inside: true, problem: None }
    }

    /// The next token; at the end, `End` for ever.
    pub(super) fn next(&mut self) -> Token {
        self.spaced = false;
        if self.problem.is_some() {
            self.pos = self.start;
            return self.emit(Kind::End);
        }
        if self.inside { self.action() } else { self.text() }
    }

    /// The text of a token.
    pub(super) fn text_of(&self, token: &Token) -> &'s str {
        if token.kind == Kind::End { "EOF" } else { token.span.of(self.source) }
    }

    /// Ends the tokens.
    #[cold]
    fn fail(&mut self, problem: impl Into<String>) -> Token {
        self.problem = Some(problem.into());
        self.pos = self.start;
        self.emit(Kind::Error)
    }

    /// What is wrong with the token of kind `Error`.
    pub(super) fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The line of a place, from 1.
    pub(super) fn line(&self, pos: Pos) -> usize {
        1 + memchr::memchr_iter(b'\n', self.source.as_bytes().get(..pos as usize).unwrap_or_default()).count()
    }

    fn rest(&self) -> &'s [u8] {
        self.source.as_bytes().get(self.pos..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.source.as_bytes().get(self.pos).copied()
    }

    fn peek(&self) -> Option<char> {
        self.source.get(self.pos..)?.chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    #[allow(clippy::cast_possible_truncation)]
    fn emit(&mut self, kind: Kind) -> Token {
        let span = Span { start: self.start as Pos, end: self.pos as Pos };
        self.start = self.pos;
        Token { kind, spaced: self.spaced, span }
    }

    /// Drops what was read since the last token.
    fn skip(&mut self) {
        self.start = self.pos;
    }

    fn text(&mut self) -> Token {
        loop {
            let Some(found) = left_delim(self.rest()) else {
                self.pos = self.source.len();
                return self.emit(if self.pos > self.start { Kind::Text } else { Kind::End });
            };
            let delim = self.pos + found;
            let bytes = self.source.as_bytes();
            let after = bytes.get(delim + LEFT.len()..).unwrap_or_default();
            let trims = matches!(after, [b'-', blank, ..] if is_blank(*blank));
            let text = bytes.get(self.start..delim).unwrap_or_default();
            let kept = if trims { text.iter().rposition(|b| !is_blank(*b)).map_or(0, |n| n + 1) } else { text.len() };
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
            if after.get(marker..).is_some_and(|inner| inner.starts_with(b"/*")) {
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
        let inner = self.rest().get(2..).unwrap_or_default();
        let Some(found) = memchr::memmem::find(inner, b"*/") else { return Err("unclosed comment") };
        self.pos += found + 4;
        let blank = usize::from(matches!(self.rest(), [blank, b'-', b'}', b'}', ..] if is_blank(*blank)));
        self.pos += blank;
        let trims = blank == 1;
        self.pos += usize::from(trims);
        if !self.rest().starts_with(RIGHT) {
            return Err("comment ends before closing delimiter");
        }
        self.pos += RIGHT.len();
        if trims {
            self.skip_blanks();
        }
        self.skip();
        Ok(())
    }

    fn skip_blanks(&mut self) {
        self.pos += self.rest().iter().take_while(|b| is_blank(**b)).count();
    }

    /// The end of an action, with or without a trim marker.
    fn close(&mut self, trims: bool) -> Token {
        if self.parens > 0 {
            // The blank in front belongs to the marker.
            self.start -= usize::from(trims);
            return self.fail("unclosed left paren");
        }
        self.pos += usize::from(trims);
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

    fn action(&mut self) -> Token {
        self.skip_blanks();
        self.spaced = self.pos > self.start;
        self.skip();
        let Some(first) = self.byte() else { return self.fail("unclosed action") };
        match first {
            b'}' if self.rest().starts_with(RIGHT) => return self.close(false),
            b'-' if self.spaced && self.rest().starts_with(b"-}}") => return self.close(true),
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
            b':' if self.byte() == Some(b'=') => {
                self.pos += 1;
                self.emit(Kind::Declare)
            }
            b':' => self.fail("expected :="),
            b'|' => self.emit(Kind::Pipe),
            b'"' => self.string(b'"', Kind::Str, "unterminated quoted string"),
            b'\'' => self.string(b'\'', Kind::CharConstant, "unterminated character constant"),
            b'`' => {
                let Some(end) = memchr::memchr(b'`', self.rest()) else {
                    return self.fail("unterminated raw quoted string");
                };
                self.pos += end + 1;
                self.emit(Kind::RawString)
            }
            b'$' if self.at_terminator() => self.emit(Kind::Variable),
            b'$' => {
                if self.name() {
                    self.emit(Kind::Variable)
                } else {
                    self.bad_character()
                }
            }
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

    /// What a dot begins: fields, a number, or nothing more.
    fn dot(&mut self) -> Token {
        if self.rest().get(1).is_some_and(u8::is_ascii_digit) {
            return self.number();
        }
        self.pos += 1;
        if self.at_terminator() {
            return self.emit(Kind::Dot);
        }
        loop {
            let dot = self.pos - 1;
            if !self.name() {
                if dot == self.start {
                    return self.bad_character();
                }
                self.pos = dot;
                return self.emit(Kind::Field);
            }
            match self.rest() {
                [b'.', b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => self.pos += 1,
                _ => return self.emit(Kind::Field),
            }
        }
    }

    fn string(&mut self, mark: u8, kind: Kind, problem: &'static str) -> Token {
        loop {
            let rest = self.rest();
            let Some(at) = memchr::memchr3(mark, b'\\', b'\n', rest) else { return self.fail(problem) };
            self.pos += at + 1;
            match rest.get(at) {
                Some(found) if *found == mark => return self.emit(kind),
                Some(b'\\') if self.peek().is_some_and(|c| c != '\n') => {
                    self.bump();
                }
                _ => return self.fail(problem),
            }
        }
    }

    fn at_terminator(&self) -> bool {
        match self.byte() {
            None | Some(b'.' | b',' | b'|' | b':' | b')' | b'(' | b' ' | b'\t' | b'\r' | b'\n') => true,
            Some(b'}') => self.rest().starts_with(RIGHT),
            Some(_) => false,
        }
    }

    fn bad_character(&mut self) -> Token {
        let shown = self.peek().map_or_else(|| "U+FFFFFFFFFFFFFFFF".into(), unicode);
        self.fail(format!("bad character {shown}"))
    }

    /// Reads a name; gives whether it ends where one may.
    fn name(&mut self) -> bool {
        self.pos += self.rest().iter().take_while(|b| WORD[usize::from(**b)]).count();
        if self.byte().is_some_and(|b| b >= 0x80) {
            while self.peek().is_some_and(is_word) {
                self.bump();
            }
        }
        self.at_terminator()
    }

    fn identifier(&mut self) -> Token {
        if !self.name() {
            return self.bad_character();
        }
        let text = self.source.as_bytes().get(self.start..self.pos).unwrap_or_default();
        let kind = match text {
            b"if" => Kind::Keyword(Word::If),
            b"end" => Kind::Keyword(Word::End),
            b"nil" => Kind::Nil,
            b"else" => Kind::Keyword(Word::Else),
            b"with" => Kind::Keyword(Word::With),
            b"true" => Kind::Bool,
            b"block" => Kind::Keyword(Word::Block),
            b"break" => Kind::Keyword(Word::Break),
            b"range" => Kind::Keyword(Word::Range),
            b"false" => Kind::Bool,
            b"define" => Kind::Keyword(Word::Define),
            b"continue" => Kind::Keyword(Word::Continue),
            b"template" => Kind::Keyword(Word::Template),
            _ => Kind::Identifier,
        };
        self.emit(kind)
    }

    fn number(&mut self) -> Token {
        if self.runs_on() {
            return self.bad_number();
        }
        if !matches!(self.byte(), Some(b'+' | b'-')) {
            return self.emit(Kind::Number);
        }
        if self.runs_on() || !self.source.as_bytes().get(..self.pos).is_some_and(|read| read.ends_with(b"i")) {
            return self.bad_number();
        }
        self.emit(Kind::Complex)
    }

    /// Reads a number; gives whether a name follows at once, of which it then takes a character for the error.
    fn runs_on(&mut self) -> bool {
        self.pos += number::scan(self.rest());
        let more = self.peek().is_some_and(is_word);
        if more {
            self.bump();
        }
        more
    }

    fn bad_number(&mut self) -> Token {
        let text = self.source.get(self.start..self.pos).unwrap_or_default();
        self.fail(format!("bad number syntax: {}", quoted(text)))
    }
}

/// Go's `%#U`.
fn unicode(c: char) -> String {
    let code = format!("U+{:04X}", c as u32);
    if is_print(c) { format!("{code} '{c}'") } else { code }
}
