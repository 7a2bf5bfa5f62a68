//! Maps of plain data. Most are small, and are copied far more often than they change.

use std::sync::Arc;

use super::data::Data;

type Entry = (Arc<str>, Data);

/// A map of plain data, sorted by key. Copies share their entries until one of them changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table(Arc<Vec<Entry>>);

impl Table {
    /// An empty map.
    pub fn new() -> Self {
        Table::default()
    }

    /// A map of entries in any order. Of equal keys the last one counts.
    pub(crate) fn of(mut entries: Vec<Entry>) -> Self {
        if !entries.is_sorted_by(|a, b| a.0 < b.0) {
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            entries.reverse();
            entries.dedup_by(|a, b| a.0 == b.0);
            entries.reverse();
        }
        Table(Arc::new(entries))
    }

    /// Whether both have the very same entries.
    pub(crate) fn is_same(&self, other: &Table) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn place(&self, key: &str) -> Result<usize, usize> {
        // Most keys differ in the first byte, for which nothing has to be called.
        let first = key.as_bytes().first();
        self.0.binary_search_by(|(known, _)| known.as_bytes().first().cmp(&first).then_with(|| (**known).cmp(key)))
    }

    /// The value of a key, and its place among the entries.
    pub(crate) fn find(&self, key: &str) -> Option<(usize, &Data)> {
        let place = self.place(key).ok()?;
        Some((place, &self.0.get(place)?.1))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Data> {
        self.find(key).map(|(_, value)| value)
    }

    /// The value of a key, to be changed.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Data> {
        let place = self.place(key).ok()?;
        Arc::make_mut(&mut self.0).get_mut(place).map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: Arc<str>, value: Data) {
        let place = self.place(&key);
        let entries = Arc::make_mut(&mut self.0);
        match place {
            Ok(place) => {
                if let Some(entry) = entries.get_mut(place) {
                    entry.1 = value;
                }
            }
            Err(place) => entries.insert(place, (key, value)),
        }
    }

    /// Takes a key out.
    pub fn remove(&mut self, key: &str) -> Option<Data> {
        let place = self.place(key).ok()?;
        Some(Arc::make_mut(&mut self.0).remove(place).1)
    }

    /// Whether there is such a key.
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_ok()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All entries, sorted by key.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Arc<str>, &Data)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl FromIterator<Entry> for Table {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        Table::of(entries.into_iter().collect())
    }
}

impl<const N: usize> From<[Entry; N]> for Table {
    fn from(entries: [Entry; N]) -> Self {
        entries.into_iter().collect()
    }
}

impl IntoIterator for Table {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        Arc::unwrap_or_clone(self.0).into_iter()
    }
}

impl<'t> IntoIterator for &'t Table {
    type Item = &'t Entry;
    type IntoIter = std::slice::Iter<'t, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
