//! The words of a command: literals, fields, variables, functions and parentheses.

use super::ast::{Command, Literal, Number, Operand, Pos};
use super::lex::{Kind, Token};
use super::parse::Parser;
use crate::helm::functions;
use crate::helm::quote::{literal, quoted, unquote};
use crate::helm::value::Str;

type Parse<T> = Result<T, String>;

impl<'s> Parser<'s> {
    pub(super) fn command(&mut self) -> Parse<Command> {
        let pos = self.peek_word().pos;
        let mut args = Vec::with_capacity(2);
        loop {
            self.peek_word();
            if let Some(operand) = self.operand()? {
                args.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => continue,
                Kind::RightDelim | Kind::RightParen => self.back(token),
                Kind::Pipe => {}
                _ => return self.unexpected(&token, "operand"),
            }
            break;
        }
        if args.is_empty() { self.fail("empty command") } else { Ok(Command { pos, args }) }
    }

    fn operand(&mut self) -> Parse<Option<Operand>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        Ok(Some(match term {
            Operand::Field(_, path) => Operand::Field(first.pos, self.fields(path)),
            Operand::Variable(_, path) => Operand::Variable(first.pos, self.fields(path)),
            Operand::Bool(..) | Operand::Str(..) | Operand::Number(..) | Operand::Nil(_) | Operand::Dot(_) => {
                self.fields(Vec::new());
                return self.fail(format!("unexpected . after term {}", quoted(&term.to_string())));
            }
            other => Operand::Chain(first.pos, Box::new(other), self.fields(Vec::new())),
        }))
    }

    /// Adds the names of the fields that follow.
    fn fields(&mut self, mut path: Vec<Str>) -> Vec<Str> {
        while self.peek().kind == Kind::Field {
            let text = self.next().text.trim_start_matches('.');
            path.push(self.name(text));
        }
        path
    }

    fn term(&mut self) -> Parse<Option<Operand>> {
        let token = self.next_word();
        let pos = token.pos;
        Ok(Some(match token.kind {
            Kind::Identifier => match functions::find(token.text) {
                Some(function) => Operand::Call(pos, function),
                None => return self.fail(format!("function {} not defined", quoted(token.text))),
            },
            Kind::Dot => Operand::Dot(pos),
            Kind::Nil => Operand::Nil(pos),
            Kind::Variable => {
                if !self.variables.iter().any(|name| **name == *token.text) {
                    return self.fail(format!("undefined variable {}", quoted(token.text)));
                }
                Operand::Variable(pos, vec![self.name(token.text)])
            }
            Kind::Field => Operand::Field(pos, vec![self.name(&token.text[1..])]),
            Kind::Bool => Operand::Bool(pos, token.text == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(pos, &token)?,
            Kind::LeftParen => {
                self.enter()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.leave();
                Operand::Pipe(Box::new(pipe))
            }
            Kind::Str | Kind::RawString => {
                let Some(bytes) = literal(token.text) else { return self.fail("invalid syntax") };
                let value = match str::from_utf8(&bytes) {
                    Ok(text) => text.into(),
                    Err(_) => String::from_utf8_lossy(&bytes).into(),
                };
                Operand::Str(pos, Literal { value, quoted: self.piece(&token) })
            }
            _ => {
                self.back(token);
                return Ok(None);
            }
        }))
    }

    fn number(&self, pos: Pos, token: &Token) -> Parse<Operand> {
        let text = token.text;
        let int = match token.kind {
            Kind::CharConstant => unquote(text)
                .and_then(|bytes| String::from_utf8(bytes).ok())
                .and_then(|inner| inner.chars().next())
                .map(|c| i64::from(u32::from(c))),
            _ => parse_int(text),
        };
        let float = match int {
            #[allow(clippy::cast_precision_loss)]
            Some(int) => Some(int as f64),
            None => parse_float(text),
        };
        let hex =
            text.len() > 2 && text.starts_with('0') && text[1..].starts_with(['x', 'X']) && !text.contains(['p', 'P']);
        let looks_float = token.kind != Kind::CharConstant && !hex && text.contains(['.', 'e', 'E', 'p', 'P']);
        let whole = |f: f64| f.fract() == 0.0 && f.abs() < 9e18;
        #[allow(clippy::cast_possible_truncation)]
        let int = int.or_else(|| float.filter(|f| whole(*f)).map(|f| f as i64));
        if int.is_none() && float.is_none() {
            return self.fail(format!("illegal number syntax: {}", quoted(text)));
        }
        Ok(Operand::Number(pos, Box::new(Number { text: text.into(), int, float, looks_float })))
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`.
pub(crate) fn parse_int(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let lower = digits.to_ascii_lowercase();
    let (radix, body) = match lower.get(..2) {
        Some("0x") => (16, &lower[2..]),
        Some("0b") => (2, &lower[2..]),
        Some("0o") => (8, &lower[2..]),
        _ if lower.len() > 1 && lower.starts_with('0') => (8, &lower[1..]),
        _ => (10, lower.as_str()),
    };
    let bare = lower.starts_with('_') || lower.ends_with('_') || lower.contains("__");
    if bare || body.is_empty() || body.starts_with(['+', '-']) {
        return None;
    }
    let number = i128::from_str_radix(&body.replace('_', ""), radix).ok()?;
    i64::try_from(if negative { -number } else { number }).ok()
}

/// Go's `strconv.ParseFloat`, decimal or hexadecimal.
fn parse_float(text: &str) -> Option<f64> {
    let plain = text.replace('_', "").to_ascii_lowercase();
    let body = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    if let Some(hex) = body.strip_prefix("0x") {
        let size = parse_hex_float(hex)?;
        return Some(if plain.starts_with('-') { -size } else { size });
    }
    let numeric = plain.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e'));
    if numeric { plain.parse().ok().filter(|f: &f64| f.is_finite()) } else { None }
}

/// `1.8p3`: hexadecimal digits times a power of two.
#[allow(clippy::cast_precision_loss)]
fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, power) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = u64::from_str_radix(&format!("{whole}{fraction}"), 16).ok()?;
    let power: i32 = power.parse().ok()?;
    let shift = power.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    Some(digits as f64 * 2f64.powi(shift)).filter(|f| f.is_finite())
}
