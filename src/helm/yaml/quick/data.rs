//! A whole document as plain data.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::scalars::word_in_flow;
use super::{Scalar, Sink, text, walk};
use crate::helm::data::Data;
use crate::helm::table::Table;
use crate::helm::yaml::read::{Numbers, plain, plain_key};

/// A document; none where the full reader is needed.
pub(crate) fn data(text: &str, numbers: Numbers) -> Option<Data> {
    let builder = Builder { numbers, open: Vec::new(), root: None, names: HashMap::default() };
    Some(walk(text, builder)?.root.unwrap_or(Data::Null))
}

/// A map or list that is open.
enum Open {
    List { items: Vec<Data>, waiting: bool },
    Map { entries: Vec<(Arc<str>, Data)>, key: Option<Arc<str>> },
}

struct Builder<'t> {
    numbers: Numbers,
    open: Vec<Open>,
    root: Option<Data>,
    /// Keys that occurred: most of them do so often.
    names: HashMap<&'t str, Arc<str>, FixedState>,
}

impl<'t> Builder<'t> {
    /// A value for the entry that waits for one.
    fn give(&mut self, data: Data) -> Option<()> {
        match self.open.last_mut() {
            Some(Open::List { items, waiting }) => {
                *waiting = false;
                items.push(data);
            }
            Some(Open::Map { entries, key }) => entries.push((key.take()?, data)),
            None => self.root = Some(data),
        }
        Some(())
    }

    fn name(&mut self, key: &'t str) -> Option<Arc<str>> {
        if let Some(name) = self.names.get(key) {
            return Some(name.clone());
        }
        let name = if key.starts_with(['"', '\'']) { text::quoted(key)?.into() } else { plain_key(key)? };
        Some(self.names.entry(key).or_insert(name).clone())
    }

    fn text(&self, value: &str) -> Option<Data> {
        match value.starts_with(['"', '\'']) {
            true => Some(Data::str(text::quoted(value)?)),
            false => plain(&text::plain(value), self.numbers),
        }
    }

    /// A list or map in brackets, and what follows it.
    fn flow(&mut self, value: &'t str) -> Option<(Data, &'t str)> {
        let map = value.starts_with('{');
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        let mut rest = value.get(1..)?.trim_start_matches(' ');
        loop {
            if let Some(after) = rest.strip_prefix(if map { '}' } else { ']' }) {
                return Some((if map { Data::Map(Table::of(entries)) } else { Data::List(items) }, after));
            }
            let mut key = None;
            if map {
                let after = word_in_flow(rest, true)?;
                key = Some(self.name(rest.get(..rest.len() - after.len())?)?);
                rest = after.strip_prefix(':')?.trim_start_matches(' ');
            }
            let (data, after) = if rest.starts_with(['[', '{']) {
                self.flow(rest)?
            } else {
                let after = word_in_flow(rest, false)?;
                (self.text(rest.get(..rest.len() - after.len())?)?, after)
            };
            match key {
                Some(key) => entries.push((key, data)),
                None => items.push(data),
            }
            rest = after.trim_start_matches(' ');
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches(' ');
        }
    }
}

impl<'t> Sink<'t> for Builder<'t> {
    fn open(&mut self, list: bool) -> Option<()> {
        self.open.push(match list {
            true => Open::List { items: Vec::new(), waiting: false },
            false => Open::Map { entries: Vec::new(), key: None },
        });
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let data = match self.open.pop()? {
            Open::List { mut items, waiting } => {
                if waiting {
                    items.push(Data::Null);
                }
                Data::List(items)
            }
            Open::Map { mut entries, key } => {
                entries.extend(key.map(|key| (key, Data::Null)));
                Data::Map(Table::of(entries))
            }
        };
        self.give(data)
    }

    fn item(&mut self) -> Option<()> {
        let Some(Open::List { items, waiting }) = self.open.last_mut() else { return None };
        if std::mem::replace(waiting, true) {
            items.push(Data::Null);
        }
        Some(())
    }

    fn key(&mut self, key: &'t str) -> Option<()> {
        let name = self.name(key)?;
        let Some(Open::Map { entries, key }) = self.open.last_mut() else { return None };
        entries.extend(key.replace(name).map(|before| (before, Data::Null)));
        Some(())
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Option<()> {
        let data = match scalar {
            Scalar::Plain(value) | Scalar::Quoted(value) => self.text(value)?,
            Scalar::Block { header, indent, lines } => Data::str(text::block(header, indent, lines)?),
            Scalar::Flow(value) => self.flow(value)?.0,
        };
        self.give(data)
    }
}
