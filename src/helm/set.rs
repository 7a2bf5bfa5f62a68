//! What `--set` and its sisters say, into values: `a.b[0].c=x,d={e,f}`.

use super::data::Data;
use super::error::Error;
use super::json;
use super::quote::quoted;
use super::table::Table;

/// How the text after `=` is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetKind {
    /// `--set`: numbers, booleans and null where it looks like them.
    Typed,
    /// `--set-string`: always text.
    Text,
    /// `--set-json`: JSON.
    Json,
    /// `--set-literal`: all that follows, as it is.
    Literal,
}

/// How deep a name may be, and how far a list may reach: Helm's own limits.
const MAX_DEPTH: usize = 30;
const MAX_INDEX: i64 = 65_536;

/// Puts what an argument says into values.
///
/// # Errors
/// Where Helm would refuse the argument.
pub fn set(values: &mut Table, text: &str, kind: SetKind) -> Result<(), Error> {
    if kind == SetKind::Json && text.trim_start().starts_with('{') {
        return match json::read(text).map_err(Error::new)? {
            Data::Map(table) => {
                super::chart::overlay(values, table);
                Ok(())
            }
            _ => Err(Error::new("it is no map")),
        };
    }
    let mut parser = Parser { rest: text, kind, replace: None };
    parser.all(values)
}

/// Puts a text, such as a file's, into values at a key.
///
/// # Errors
/// Where Helm would refuse the key.
pub fn set_text(values: &mut Table, key: &str, text: &str) -> Result<(), Error> {
    let argument = format!("{key}=x");
    Parser { rest: &argument, kind: SetKind::Text, replace: Some(text) }.all(values)
}

struct Parser<'t> {
    rest: &'t str,
    kind: SetKind,
    /// What stands for every value.
    replace: Option<&'t str>,
}

/// Whether there is more to read.
#[derive(PartialEq)]
enum More {
    Yes,
    End,
}

type Parse<T> = Result<T, Error>;

impl Parser<'_> {
    fn all(&mut self, values: &mut Table) -> Parse<()> {
        while self.key(values, 0)? == More::Yes {}
        Ok(())
    }

    /// The text up to a stop, and the stop; none at the end of all.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let mut out = String::new();
        let mut chars = self.rest.chars();
        let stop = loop {
            match chars.next() {
                None => break None,
                Some(c) if stops.contains(&c) => break Some(c),
                Some('\\') if self.kind != SetKind::Literal => out.extend(chars.next()),
                Some(c) => out.push(c),
            }
        };
        self.rest = chars.as_str();
        (out, stop)
    }

    fn key(&mut self, table: &mut Table, depth: usize) -> Parse<More> {
        let (key, stop) = self.until(&['=', '[', ',', '.']);
        match stop {
            None if key.is_empty() => Ok(More::End),
            None => Err(Error::new(format!("key {} has no value", quoted(&key)))),
            Some('[') => {
                let Some(at) = self.index()? else { return Ok(More::End) };
                let mut list = match table.remove(&key) {
                    None | Some(Data::Null) => Vec::new(),
                    Some(Data::List(list)) => list,
                    Some(_) => return Err(Error::new(format!("{} is no list", quoted(&key)))),
                };
                let more = self.item(&mut list, at, depth)?;
                insert(table, key, Data::List(list));
                Ok(more)
            }
            Some('=') => {
                let (value, more) = self.value()?;
                insert(table, key, value);
                Ok(more)
            }
            Some('.') => {
                if depth + 1 > MAX_DEPTH {
                    return Err(Error::new(format!(
                        "value name nested level is greater than maximum supported nested level of {MAX_DEPTH}"
                    )));
                }
                let mut inner = match table.remove(&key) {
                    None | Some(Data::Null) => Table::new(),
                    Some(Data::Map(inner)) => inner,
                    Some(_) => return Err(Error::new(format!("{} is no map", quoted(&key)))),
                };
                let more = self.key(&mut inner, depth + 1)?;
                if inner.is_empty() {
                    return Err(Error::new(format!("key map {} has no value", quoted(&key))));
                }
                insert(table, key, Data::Map(inner));
                Ok(more)
            }
            Some(_) => Err(Error::new(format!("key {} has no value (cannot end with ,)", quoted(&key)))),
        }
    }

    /// The number in brackets; none where the bracket is not closed, which Helm takes for the end of all.
    fn index(&mut self) -> Parse<Option<usize>> {
        let (text, stop) = self.until(&[']']);
        if stop.is_none() {
            return Ok(None);
        }
        let problem = |what: String| Err(Error::new(format!("error parsing index: {what}")));
        match text.parse::<i64>().map(|at| (at, usize::try_from(at))) {
            Ok((at, Err(_))) => Err(Error::new(format!("negative {at} index not allowed"))),
            Ok((at, Ok(_))) if at > MAX_INDEX => {
                problem(format!("index of {at} is greater than maximum supported index of {MAX_INDEX}"))
            }
            Ok((_, Ok(at))) => Ok(Some(at)),
            Err(_) => problem(format!("strconv.Atoi: parsing {}: invalid syntax", quoted(&text))),
        }
    }

    /// What follows `[n]`.
    fn item(&mut self, list: &mut Vec<Data>, at: usize, depth: usize) -> Parse<More> {
        let (text, stop) = self.until(&['[', '.', '=']);
        if !text.is_empty() {
            return Err(Error::new(format!("unexpected data at end of array index: {}", quoted(&text))));
        }
        let old = list.get_mut(at).map(std::mem::take);
        let (value, more) = match stop {
            None => return Err(Error::new("a list item has no value")),
            Some('=') => self.value()?,
            Some('[') => {
                let Some(next) = self.index()? else { return Ok(More::End) };
                let mut inner = if let Some(Data::List(inner)) = old { inner } else { Vec::new() };
                let more = self.item(&mut inner, next, depth)?;
                (Data::List(inner), more)
            }
            Some(_) => {
                let mut inner = if let Some(Data::Map(inner)) = old { inner } else { Table::new() };
                let more = self.key(&mut inner, depth)?;
                (Data::Map(inner), more)
            }
        };
        if list.len() <= at {
            list.resize(at + 1, Data::Null);
        }
        if let Some(slot) = list.get_mut(at) {
            *slot = value;
        }
        Ok(more)
    }

    fn value(&mut self) -> Parse<(Data, More)> {
        match self.kind {
            SetKind::Literal => {
                let text = std::mem::take(&mut self.rest);
                return Ok((Data::str(text), More::End));
            }
            SetKind::Json => return self.json(),
            SetKind::Typed | SetKind::Text => {}
        }
        if self.rest.is_empty() {
            return Ok((Data::str(""), More::End));
        }
        if let Some(after) = self.rest.strip_prefix('{') {
            self.rest = after;
            let mut items = Vec::new();
            loop {
                let (text, stop) = self.until(&[',', '}']);
                match stop {
                    None => return Err(Error::new("list must terminate with '}'")),
                    Some(_) => items.push(self.scalar(text)),
                }
                if stop == Some('}') {
                    self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
                    return Ok((Data::List(items), More::Yes));
                }
            }
        }
        let (text, stop) = self.until(&[',']);
        Ok((self.scalar(text), if stop.is_some() { More::Yes } else { More::End }))
    }

    fn scalar(&self, text: String) -> Data {
        if let Some(replaced) = self.replace {
            return Data::str(replaced);
        }
        if self.kind == SetKind::Text {
            return Data::str(text);
        }
        match text.to_lowercase().as_str() {
            "true" => return Data::Bool(true),
            "false" => return Data::Bool(false),
            "null" => return Data::Null,
            "0" => return Data::Int(0),
            _ => {}
        }
        match text.parse::<i64>() {
            Ok(int) if !text.starts_with('0') => Data::Int(int),
            _ => Data::str(text),
        }
    }

    /// One JSON value; a comma after it goes on with the next key.
    fn json(&mut self) -> Parse<(Data, More)> {
        if self.rest.trim().is_empty() {
            self.rest = "";
            return Ok((Data::Null, More::End));
        }
        let (value, after) = json::read_first(self.rest).map_err(Error::new)?;
        self.rest = after.trim_start();
        self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
        Ok((value, More::Yes))
    }
}

fn insert(table: &mut Table, key: String, value: Data) {
    if !key.is_empty() {
        table.insert(key.into(), value);
    }
}
