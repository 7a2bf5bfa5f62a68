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

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn trims_left(text: &str) -> bool {
    matches!(text.as_bytes(), [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

fn trims_right(text: &str) -> bool {
    matches!(text.as_bytes(), [b' ' | b'\t' | b'\r' | b'\n', b'-', ..])
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
        let result = if self.inside { self.action() } else { self.text() };
        result.unwrap_or_else(|problem| {
            self.problem = Some(problem);
            Token { kind: Kind::Error, pos: self.start, text: "" }
        })
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

    fn text(&mut self) -> Result<Token<'s>, String> {
        loop {
            let Some(found) = left_delim(self.rest()) else {
                self.pos = self.source.len();
                if self.pos > self.start {
                    return Ok(self.emit(Kind::Text));
                }
                return Ok(Token { kind: Kind::End, pos: self.pos, text: "EOF" });
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
                return Ok(token);
            }
            self.pos = delim;
            self.skip();
            let marker = if trims { 2 } else { 0 };
            if after[marker..].starts_with("/*") {
                self.pos = delim + LEFT.len() + marker;
                self.skip();
                self.comment()?;
                continue;
            }
            self.pos = delim + LEFT.len();
            let token = self.emit(Kind::LeftDelim);
            self.pos += marker;
            self.skip();
            self.inside = true;
            self.parens = 0;
            return Ok(token);
        }
    }

    fn comment(&mut self) -> Result<(), String> {
        let Some(found) = self.rest()[2..].find("*/") else { return Err("unclosed comment".into()) };
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
        let rest = self.rest();
        if trims_right(rest) && rest[2..].starts_with(RIGHT) {
            Some((2, true))
        } else {
            rest.starts_with(RIGHT).then_some((0, false))
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

    fn action(&mut self) -> Result<Token<'s>, String> {
        if let Some((marker, trims)) = self.right_delim() {
            if self.parens > 0 {
                return Err("unclosed left paren".into());
            }
            return Ok(self.close(marker, trims));
        }
        let Some(c) = self.bump() else { return Err("unclosed action".into()) };
        match c {
            c if is_space(c) => Ok(self.space()),
            '=' => Ok(self.emit(Kind::Assign)),
            ':' if self.accept("=") => Ok(self.emit(Kind::Declare)),
            ':' => Err("expected :=".into()),
            '|' => Ok(self.emit(Kind::Pipe)),
            '"' => self.string('"', Kind::Str, "unterminated quoted string"),
            '\'' => self.string('\'', Kind::CharConstant, "unterminated character constant"),
            '`' => {
                let end = self.rest().find('`').ok_or("unterminated raw quoted string")?;
                self.pos += end + 1;
                Ok(self.emit(Kind::RawString))
            }
            '$' if self.at_terminator() => Ok(self.emit(Kind::Variable)),
            '$' => self.name(Kind::Variable),
            '.' if !self.peek().is_some_and(|c| c.is_ascii_digit()) => {
                if self.at_terminator() {
                    Ok(self.emit(Kind::Dot))
                } else {
                    self.name(Kind::Field)
                }
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.pos = self.start;
                self.number()
            }
            c if is_word(c) => self.identifier(),
            '(' => {
                self.parens += 1;
                Ok(self.emit(Kind::LeftParen))
            }
            ')' if self.parens == 0 => Err("unexpected right paren".into()),
            ')' => {
                self.parens -= 1;
                Ok(self.emit(Kind::RightParen))
            }
            ' '..='~' => Ok(self.emit(Kind::Char)),
            c => Err(format!("unrecognized character in action: {}", unicode(c))),
        }
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

    fn string(&mut self, mark: char, kind: Kind, problem: &str) -> Result<Token<'s>, String> {
        loop {
            match self.bump() {
                Some('\\') if self.peek().is_some_and(|c| c != '\n') => {
                    self.bump();
                }
                Some('\\' | '\n') | None => return Err(problem.into()),
                Some(c) if c == mark => return Ok(self.emit(kind)),
                Some(_) => {}
            }
        }
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(RIGHT),
        }
    }

    fn bad_character(&self) -> String {
        format!("bad character {}", self.peek().map_or_else(|| "U+FFFFFFFFFFFFFFFF".into(), unicode))
    }

    fn name(&mut self, kind: Kind) -> Result<Token<'s>, String> {
        let ascii = self.rest().bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        self.pos += ascii;
        while self.peek().is_some_and(is_word) {
            self.bump();
        }
        if self.at_terminator() { Ok(self.emit(kind)) } else { Err(self.bad_character()) }
    }

    fn identifier(&mut self) -> Result<Token<'s>, String> {
        let token = self.name(Kind::Identifier)?;
        let kind = match token.text {
            "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range" | "template" | "with" => {
                Kind::Keyword
            }
            "nil" => Kind::Nil,
            "true" | "false" => Kind::Bool,
            _ => Kind::Identifier,
        };
        Ok(Token { kind, ..token })
    }

    fn number(&mut self) -> Result<Token<'s>, String> {
        let bad = |lexer: &Self| {
            let text = lexer.source.get(lexer.start..lexer.pos).unwrap_or("");
            format!("bad number syntax: {}", crate::helm::quote::quoted(text))
        };
        if !self.scan_number() {
            return Err(bad(self));
        }
        if self.peek().is_some_and(|c| matches!(c, '+' | '-')) {
            if !self.scan_number() || !self.source[..self.pos].ends_with('i') {
                return Err(bad(self));
            }
            return Ok(self.emit(Kind::Complex));
        }
        Ok(self.emit(Kind::Number))
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
