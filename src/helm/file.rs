//! A file of a chart, which may still lie on the disk.

use std::fs::File as Handle;
use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use super::error::Error;

/// A file's bytes, read when they are first asked for: most charts bring notes and tests that no template looks at.
#[derive(Debug)]
pub(crate) struct File {
    /// Where it lies, and how long it is as far as that is known.
    place: Option<(PathBuf, u64)>,
    data: OnceLock<Result<Arc<Vec<u8>>, Error>>,
}

impl File {
    /// A file of these bytes, which stay as they are.
    pub(super) fn of(data: Vec<u8>) -> Self {
        File { place: None, data: OnceLock::from(Ok(Arc::new(data))) }
    }

    /// A file on the disk. The length only saves time.
    pub(super) fn on_disk(path: PathBuf, length: u64) -> Self {
        File { place: Some((path, length)), data: OnceLock::new() }
    }

    /// Its bytes; none where it cannot be read, which [`File::problem`] tells.
    pub(super) fn data(&self) -> Arc<Vec<u8>> {
        self.read().as_ref().map(Arc::clone).unwrap_or_default()
    }

    /// Its bytes alone.
    pub(super) fn into_data(self) -> Result<Vec<u8>, Error> {
        self.read();
        let data = self.data.into_inner().unwrap_or_else(|| Ok(Arc::default()))?;
        Ok(Arc::unwrap_or_clone(data))
    }

    /// Why it could not be read when it was asked for.
    pub(super) fn problem(&self) -> Option<&Error> {
        self.data.get()?.as_ref().err()
    }

    /// How long it is, as far as that is known without reading it.
    pub(super) fn known_length(&self) -> u64 {
        let read = || self.data.get().and_then(|data| Some(data.as_ref().ok()?.len() as u64));
        self.place.as_ref().map(|(_, length)| *length).or_else(read).unwrap_or_default()
    }

    /// Its bytes, or why it cannot be read.
    pub(super) fn read(&self) -> &Result<Arc<Vec<u8>>, Error> {
        self.data.get_or_init(|| {
            let Some((path, length)) = &self.place else { return Ok(Arc::default()) };
            let problem = |error: io::Error| Error::new(format!("cannot read `{}`: {error}", path.display()));
            read(path, *length).map(|data| Arc::new(without_mark(data))).map_err(problem)
        })
    }
}

/// A whole file. Where it has the expected length, one call less tells that it has ended.
fn read(path: &PathBuf, length: u64) -> io::Result<Vec<u8>> {
    let mut handle = Handle::open(path)?;
    let length = usize::try_from(length).unwrap_or_default();
    let mut data = Vec::new();
    data.try_reserve_exact(length)?;
    handle.by_ref().take(length as u64).read_to_end(&mut data)?;
    if length == 0 || data.len() < length {
        handle.read_to_end(&mut data)?;
    }
    Ok(data)
}

/// The bytes without the mark that some editors put in front of UTF-8.
pub(super) fn without_mark(mut data: Vec<u8>) -> Vec<u8> {
    if data.starts_with(b"\xEF\xBB\xBF") {
        data.drain(..3);
    }
    data
}
