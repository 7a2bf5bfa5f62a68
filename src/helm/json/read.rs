//! JSON into plain data. All numbers are floats, and errors have Go's words.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use crate::helm::data::Data;
use crate::helm::quote;
use crate::helm::table::Table;

/// How deep a value may nest.
const MAX_DEPTH: usize = 500;

/// Reads one value and nothing after it.
pub(crate) fn read(text: &str) -> Result<Data, String> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    reader.blanks();
    match reader.peek() {
        None => Ok(value),
        Some(_) => reader.wrong("after top-level value"),
    }
}

/// Reads the first value, and gives what stands after it.
pub(crate) fn read_first(text: &str) -> Result<(Data, &str), String> {
    let mut reader = Reader::new(text);
    let value = reader.value(0)?;
    Ok((value, text.get(reader.at..).unwrap_or_default()))
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// Keys that occurred: most of them do so often.
    names: HashMap<&'t str, Arc<str>, FixedState>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        Reader { text, at: 0, names: HashMap::default() }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn bump(&mut self) {
        self.at += 1;
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
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

    fn value(&mut self, depth: usize) -> Result<Data, String> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".into());
        }
        self.blanks();
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Data::Str),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Data::Bool(true)),
            Some(b'f') => self.word("false", Data::Bool(false)),
            Some(b'n') => self.word("null", Data::Null),
            _ => self.wrong("looking for beginning of value"),
        }
    }

    fn word(&mut self, word: &str, value: Data) -> Result<Data, String> {
        for (n, wanted) in word.bytes().enumerate() {
            if self.peek() != Some(wanted) {
                let known = if n == 0 {
                    String::new()
                } else {
                    format!("in literal {word} (expecting '{}')", char::from(wanted))
                };
                return self.wrong(&known);
            }
            self.bump();
        }
        Ok(value)
    }

    fn object(&mut self, depth: usize) -> Result<Data, String> {
        self.bump();
        let mut entries = Vec::new();
        self.blanks();
        if self.peek() == Some(b'}') {
            self.bump();
            return Ok(Data::Map(Table::of(entries)));
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return self.wrong("looking for beginning of object key string");
            }
            let key = self.key()?;
            self.blanks();
            if self.peek() != Some(b':') {
                return self.wrong("after object key");
            }
            self.bump();
            let value = self.value(depth + 1)?;
            entries.push((key, value));
            self.blanks();
            match self.peek() {
                Some(b',') => self.bump(),
                Some(b'}') => {
                    self.bump();
                    return Ok(Data::Map(Table::of(entries)));
                }
                _ => return self.wrong("after object key:value pair"),
            };
        }
    }

    fn array(&mut self, depth: usize) -> Result<Data, String> {
        self.bump();
        let mut items = Vec::new();
        self.blanks();
        if self.peek() == Some(b']') {
            self.bump();
            return Ok(Data::List(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.bump(),
                Some(b']') => {
                    self.bump();
                    return Ok(Data::List(items));
                }
                _ => return self.wrong("after array element"),
            };
        }
    }

    fn number(&mut self) -> Result<Data, String> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.bump();
        }
        match self.peek() {
            Some(b'0') => {
                self.bump();
            }
            Some(b'1'..=b'9') => self.digits(),
            _ => return self.wrong("in numeric literal"),
        }
        if self.peek() == Some(b'.') {
            self.bump();
            if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return self.wrong("after decimal point in numeric literal");
            }
            self.digits();
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.bump();
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.bump();
            }
            if !self.peek().is_some_and(|b| b.is_ascii_digit()) {
                return self.wrong("in exponent of numeric literal");
            }
            self.digits();
        }
        let text = &self.text[start..self.at];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Data::Number(number)),
            _ => Err(format!("json: cannot unmarshal number {text} into Go value of type float64")),
        }
    }

    fn digits(&mut self) {
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.bump();
        }
    }

    /// The text up to the next quotation mark, escape or sign that cannot be there.
    fn run(&mut self) -> &'t str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end = rest.bytes().position(|b| matches!(b, b'"' | b'\\' | ..=0x1F)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default()
    }

    /// A string that is a key.
    fn key(&mut self) -> Result<Arc<str>, String> {
        let start = self.at;
        self.bump();
        let text = self.run();
        if self.peek() == Some(b'"') {
            self.bump();
            return Ok(self.names.entry(text).or_insert_with(|| text.into()).clone());
        }
        self.at = start;
        self.string()
    }

    fn string(&mut self) -> Result<Arc<str>, String> {
        self.bump();
        let first = self.run();
        if self.peek() == Some(b'"') {
            self.bump();
            return Ok(first.into());
        }
        let mut out = first.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.bump();
                    return Ok(out.into());
                }
                Some(b'\\') => {
                    self.bump();
                    out.push(self.escape()?);
                }
                Some(..=0x1F) => return self.wrong("in string literal"),
                Some(_) => out.push_str(self.run()),
                None => return Err("unexpected end of JSON input".into()),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let c = match self.peek() {
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
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
            let Some(digit) = self.peek().and_then(|b| char::from(b).to_digit(16)) else {
                return self.wrong("in \\u hexadecimal character escape");
            };
            number = number << 4 | digit;
            self.bump();
        }
        Ok(number)
    }
}
