//! JSON into values. All numbers are floats, and errors have Go's words.

use std::collections::BTreeMap;

use crate::helm::quote;
use crate::helm::value::{Kind, Map, Str, Value};

/// How deep a value may nest.
const MAX_DEPTH: usize = 500;

/// Reads one value and nothing after it.
pub(crate) fn read(text: &str) -> Result<Value, String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => reader.wrong("after top-level value"),
    }
}

/// Reads the first value, and gives what stands after it.
pub(crate) fn read_first(text: &str) -> Result<(Value, &str), String> {
    let mut reader = Reader { text, at: 0 };
    let value = reader.value(0)?;
    Ok((value, text.get(reader.at..).unwrap_or_default()))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\r' | '\n')) {
            self.at += 1;
        }
    }

    /// The complaint about what stands here.
    fn wrong<T>(&self, context: &str) -> Result<T, String> {
        // Go reads bytes, not characters.
        let inside = context.contains("escape") || (context.contains("literal") && !context.contains("string"));
        let byte = match self.text.as_bytes().get(self.at) {
            Some(byte) => byte,
            // Go puts a blank after the end.
            None if inside => &b' ',
            None => return Err("unexpected end of JSON input".into()),
        };
        let mut shown = String::from("'");
        match byte {
            b'"' => shown.push('"'),
            b'\'' => shown.push_str("\\'"),
            _ => quote::push_escaped(&mut shown, char::from(*byte), '\''),
        }
        Err(format!("invalid character {shown}' {context}"))
    }

    fn value(&mut self, depth: usize) -> Result<Value, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".into());
        }
        self.blanks();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.string().map(Value::Str),
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true", Value::Bool(true)),
            Some('f') => self.word("false", Value::Bool(false)),
            Some('n') => self.word("null", Value::Nil),
            _ => self.wrong("looking for beginning of value"),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, String> {
        for (n, wanted) in word.chars().enumerate() {
            if self.peek() != Some(wanted) {
                let known = if n == 0 { String::new() } else { format!("in literal {word} (expecting '{wanted}')") };
                return self.wrong(&known);
            }
            self.bump();
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Value, String> {
        self.bump();
        let mut entries: BTreeMap<Str, Value> = BTreeMap::new();
        self.blanks();
        if self.peek() == Some('}') {
            self.bump();
            return Ok(Value::Map(Map::new(Kind::Any, entries)));
        }
        loop {
            self.blanks();
            if self.peek() != Some('"') {
                return self.wrong("looking for beginning of object key string");
            }
            let key = self.string()?;
            self.blanks();
            if self.peek() != Some(':') {
                return self.wrong("after object key");
            }
            self.bump();
            let value = self.value(depth + 1)?;
            entries.insert(key, value);
            self.blanks();
            match self.peek() {
                Some(',') => self.bump(),
                Some('}') => {
                    self.bump();
                    return Ok(Value::Map(Map::new(Kind::Any, entries)));
                }
                _ => return self.wrong("after object key:value pair"),
            };
        }
    }

    fn array(&mut self, depth: usize) -> Result<Value, String> {
        self.bump();
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(']') {
            self.bump();
            return Ok(Value::list(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(',') => self.bump(),
                Some(']') => {
                    self.bump();
                    return Ok(Value::list(items));
                }
                _ => return self.wrong("after array element"),
            };
        }
    }

    fn number(&mut self) -> Result<Value, String> {
        let start = self.at;
        if self.peek() == Some('-') {
            self.bump();
        }
        match self.peek() {
            Some('0') => {
                self.bump();
            }
            Some('1'..='9') => self.digits(),
            _ => return self.wrong("in numeric literal"),
        }
        if self.peek() == Some('.') {
            self.bump();
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return self.wrong("after decimal point in numeric literal");
            }
            self.digits();
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.bump();
            if matches!(self.peek(), Some('+' | '-')) {
                self.bump();
            }
            if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                return self.wrong("in exponent of numeric literal");
            }
            self.digits();
        }
        let text = &self.text[start..self.at];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ => Err(format!("json: cannot unmarshal number {text} into Go value of type float64")),
        }
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
        }
    }

    fn string(&mut self) -> Result<Str, String> {
        self.bump();
        let mut out = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.bump();
                    return Ok(out.into());
                }
                Some('\\') => {
                    self.bump();
                    out.push(self.escape()?);
                }
                Some('\0'..='\x1f') => return self.wrong("in string literal"),
                Some(c) => {
                    out.push(c);
                    self.bump();
                }
                None => return Err("unexpected end of JSON input".into()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let c = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\x08',
            Some('f') => '\x0c',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.bump();
                return self.unicode();
            }
            _ => return self.wrong("in string escape code"),
        };
        self.bump();
        Ok(c)
    }

    /// What follows `\u`; two of them can make one character.
    fn unicode(&mut self) -> Result<char, String> {
        let first = self.hex()?;
        if (0xD800..0xDC00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            let mark = self.at;
            self.at += 2;
            let second = self.hex()?;
            if (0xDC00..0xE000).contains(&second) {
                let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                return Ok(char::from_u32(code).unwrap_or('\u{FFFD}'));
            }
            self.at = mark;
        }
        Ok(char::from_u32(first).unwrap_or('\u{FFFD}'))
    }

    fn hex(&mut self) -> Result<u32, String> {
        let mut number = 0;
        for _ in 0..4 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return self.wrong("in \\u hexadecimal character escape");
            };
            number = number << 4 | digit;
            self.bump();
        }
        Ok(number)
    }
}
