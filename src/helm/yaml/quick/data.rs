//! A whole document as plain data.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::scalars::{GAPS, word_in_flow};
use super::{Scalar, Sink, text, walk};
use crate::helm::data::Data;
use crate::helm::table::Table;
use crate::helm::yaml::read::{Numbers, plain, plain_key};

/// A document; none where the full reader is needed.
pub(crate) fn data(text: &str, numbers: Numbers) -> Option<Data> {
    let builder = Builder {
        numbers,
        open: Vec::new(),
        root: None,
        names: HashMap::default(),
        anchors: HashMap::default(),
        anchor: None,
        repeated: 0,
    };
    Some(walk(text, builder)?.root.unwrap_or(Data::Null))
}

/// A map or list that is open, and its name.
struct Open<'t> {
    what: What,
    anchor: Option<&'t str>,
}

enum What {
    List { items: Vec<Data>, waiting: bool },
    Map { entries: Vec<(Arc<str>, Data)>, key: Option<Arc<str>>, merges: bool },
}

/// How many values may be repeated by their names before the full reader is asked, which says when it is too much.
const MAX_REPEATED: usize = 10_000;

struct Builder<'t> {
    numbers: Numbers,
    open: Vec<Open<'t>>,
    root: Option<Data>,
    /// Keys that occurred: most of them do so often.
    names: HashMap<&'t str, Arc<str>, FixedState>,
    /// Values that have names.
    anchors: HashMap<&'t str, Data, FixedState>,
    /// The name of the value that comes next.
    anchor: Option<&'t str>,
    repeated: usize,
}

impl<'t> Builder<'t> {
    /// The innermost map or list.
    fn top(&mut self) -> Option<&mut What> {
        self.open.last_mut().map(|open| &mut open.what)
    }

    /// A value for the entry that waits for one.
    fn give(&mut self, data: Data) -> Option<()> {
        match self.top() {
            Some(What::List { items, waiting }) => {
                *waiting = false;
                items.push(data);
            }
            Some(What::Map { entries, merges: merges @ true, .. }) => {
                let Data::Map(table) = data else { return None };
                *merges = false;
                entries.extend(table);
            }
            Some(What::Map { entries, key, .. }) => entries.push((key.take()?, data)),
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
        let mut rest = value.get(1..)?.trim_start_matches(GAPS);
        loop {
            if let Some(after) = rest.strip_prefix(if map { '}' } else { ']' }) {
                return Some((if map { Data::Map(Table::of(entries)) } else { Data::List(items) }, after));
            }
            let mut key = None;
            if map {
                let after = word_in_flow(rest, true)?;
                key = Some(self.name(rest.get(..rest.len() - after.len())?)?);
                rest = after.strip_prefix(':')?.trim_start_matches(GAPS);
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
            rest = after.trim_start_matches(GAPS);
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches(GAPS);
        }
    }
}

impl<'t> Sink<'t> for Builder<'t> {
    fn open(&mut self, list: bool) -> Option<()> {
        let what = match list {
            true => What::List { items: Vec::new(), waiting: false },
            false => What::Map { entries: Vec::new(), key: None, merges: false },
        };
        let anchor = self.anchor.take();
        // Within itself the name means nothing that could be read.
        anchor.and_then(|name| self.anchors.remove(name));
        self.open.push(Open { what, anchor });
        Some(())
    }

    fn close(&mut self) -> Option<()> {
        let Open { what, anchor } = self.open.pop()?;
        let data = match what {
            _ if self.anchor.is_some() => return None,
            What::List { mut items, waiting } => {
                if waiting {
                    items.push(Data::Null);
                }
                Data::List(items)
            }
            What::Map { merges: true, .. } => return None,
            What::Map { mut entries, key, .. } => {
                entries.extend(key.map(|key| (key, Data::Null)));
                Data::Map(Table::of(entries))
            }
        };
        if let Some(name) = anchor {
            self.anchors.insert(name, data.clone());
        }
        self.give(data)
    }

    fn item(&mut self) -> Option<()> {
        let Some(What::List { items, waiting }) = self.top() else { return None };
        if std::mem::replace(waiting, true) {
            items.push(Data::Null);
        }
        self.anchor.is_none().then_some(())
    }

    fn key(&mut self, key: &'t str) -> Option<()> {
        let name = self.name(key)?;
        let Some(What::Map { entries, key, merges: false }) = self.top() else { return None };
        entries.extend(key.replace(name).map(|before| (before, Data::Null)));
        self.anchor.is_none().then_some(())
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Option<()> {
        let data = match scalar {
            Scalar::Plain(value) | Scalar::Quoted(value) => self.text(value)?,
            Scalar::Block { header, indent, lines } => Data::str(text::block(header, indent, lines)?),
            Scalar::Flow(value) => self.flow(value)?.0,
        };
        if let Some(name) = self.anchor.take() {
            self.anchors.insert(name, data.clone());
        }
        self.give(data)
    }

    fn anchor(&mut self, name: &'t str) -> Option<()> {
        self.anchor.replace(name).is_none().then_some(())
    }

    fn alias(&mut self, name: &'t str) -> Option<()> {
        let data = self.anchors.get(name).filter(|_| self.anchor.is_none())?.clone();
        self.repeated += size(&data);
        if self.repeated > MAX_REPEATED { None } else { self.give(data) }
    }

    fn merge(&mut self) -> Option<()> {
        let Some(What::Map { entries, key, merges }) = self.top() else { return None };
        entries.extend(key.take().map(|before| (before, Data::Null)));
        (!std::mem::replace(merges, true) && self.anchor.is_none()).then_some(())
    }
}

/// How many values a value has in it, itself included.
fn size(data: &Data) -> usize {
    match data {
        Data::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Data::Map(table) => 1 + table.iter().map(|(_, value)| size(value)).sum::<usize>(),
        _ => 1,
    }
}
