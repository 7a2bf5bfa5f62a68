//! The source files of a run, by number.

use std::sync::Arc;

use crate::yaml::FileId;

/// A source file: its name as people know it, and its text.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path from the repository's root with `/`, or `<catalogue>/…` for embedded files.
    pub name: Arc<str>,
    /// The text.
    pub text: Arc<str>,
}

/// All source files of a run.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
}

impl SourceMap {
    /// Adds a file and gives its number.
    pub fn add(&mut self, name: impl Into<Arc<str>>, text: impl Into<Arc<str>>) -> FileId {
        self.files.push(SourceFile { name: name.into(), text: text.into() });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file of a number.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The file's name, or `<built in>`.
    pub fn name(&self, id: FileId) -> &str {
        self.file(id).map_or("<built in>", |f| &f.name)
    }

    /// All files, in order of their numbers.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(i, f)| (FileId(i as u32), f))
    }

    /// Line and column (both from 1, columns in characters) of a byte.
    pub fn line_column(&self, id: FileId, byte: u32) -> (usize, usize) {
        let Some(file) = self.file(id) else { return (1, 1) };
        let before = file.text.get(..byte as usize).unwrap_or(&file.text);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        (line, before[start..].chars().count() + 1)
    }
}
