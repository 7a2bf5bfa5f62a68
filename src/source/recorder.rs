//! What a run has read, so that a later one can tell whether it would read the same.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use super::files::Files;
use crate::emit::Digest;

/// Something that a run asked of its files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    Read(String),
    List(String),
}

/// What came back: the digest of a file's text or of a folder's names. None for no such file.
type Answer = Option<Digest>;

/// Files that remember what they were asked, and what they said. Whatever is read through them cannot be forgotten.
pub struct Recorder<'a> {
    files: &'a dyn Files,
    /// None once something could not be read, or said two things.
    seen: Mutex<Option<BTreeMap<Question, Answer>>>,
}

impl std::fmt::Debug for Recorder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Recorder")
    }
}

impl<'a> Recorder<'a> {
    /// Passes questions on to other files.
    pub fn new(files: &'a dyn Files) -> Self {
        Recorder { files, seen: Mutex::new(Some(BTreeMap::new())) }
    }

    /// All that was read; none where that is not sure.
    pub fn reads(&self) -> Option<Reads> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone().map(Reads)
    }

    /// The digest of a file that was read.
    pub fn digest(&self, path: &str) -> Option<Digest> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen.as_ref()?.get(&Question::Read(path.to_owned()))?
    }

    fn note(&self, question: Question, answer: io::Result<Answer>) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(known) = seen.as_mut() else { return };
        let sure = answer.is_ok_and(|answer| *known.entry(question).or_insert(answer) == answer);
        if !sure {
            *seen = None;
        }
    }
}

impl Files for Recorder<'_> {
    fn read(&self, path: &str) -> io::Result<Option<Arc<str>>> {
        let text = self.files.read(path);
        self.note(Question::Read(path.to_owned()), digest_of_text(&text));
        text
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let names = self.files.list(folder);
        self.note(Question::List(folder.to_owned()), digest_of_names(&names));
        names
    }
}

fn digest_of_text(text: &io::Result<Option<Arc<str>>>) -> io::Result<Answer> {
    match text {
        Ok(text) => Ok(text.as_ref().map(|text| Digest::of(text.as_bytes()))),
        Err(error) => Err(error.kind().into()),
    }
}

/// No name holds the character between them.
fn digest_of_names(names: &io::Result<Vec<String>>) -> io::Result<Answer> {
    match names {
        Ok(names) => Ok(Some(Digest::of(names.join("\0").as_bytes()))),
        Err(error) => Err(error.kind().into()),
    }
}

/// What a run has read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reads(BTreeMap<Question, Answer>);

impl Reads {
    /// Whether files would still answer the same, in all that was asked of a folder and of what lies below it.
    pub fn hold(&self, files: &dyn Files, folder: &str) -> bool {
        let below = |question: &Question| {
            let (Question::Read(path) | Question::List(path)) = question;
            path.strip_prefix(folder).is_some_and(|rest| folder.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        let wanted: Vec<_> = self.0.iter().filter(|(question, _)| below(question)).collect();
        wanted.into_par_iter().all(|(question, answer)| {
            let now = match question {
                Question::Read(path) => digest_of_text(&files.read(path)),
                Question::List(path) => digest_of_names(&files.list(path)),
            };
            now.is_ok_and(|now| now == *answer)
        })
    }

    /// One line for each; none where a path has a line feed.
    pub fn to_text(&self) -> Option<String> {
        let mut text = String::with_capacity(self.0.len() * 120);
        for (question, answer) in &self.0 {
            let (word, path) = match question {
                Question::Read(path) => ("read", path),
                Question::List(path) => ("list", path),
            };
            if path.contains('\n') {
                return None;
            }
            let answer = answer.map_or_else(|| "absent".to_owned(), |digest| digest.to_string());
            text.push_str(&format!("{word} {answer} {path}\n"));
        }
        Some(text)
    }

    /// What [`Reads::to_text`] wrote.
    pub fn parse<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Self> {
        let read = |line: &str| {
            let (word, rest) = line.split_once(' ')?;
            let (answer, path) = rest.split_once(' ')?;
            let question = match word {
                "read" => Question::Read(path.to_owned()),
                "list" => Question::List(path.to_owned()),
                _ => return None,
            };
            let answer = if answer == "absent" { None } else { Some(Digest::parse(answer)?) };
            Some((question, answer))
        };
        lines.map(read).collect::<Option<_>>().map(Reads)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::source::Memory;

    fn asked(files: &Memory) -> Reads {
        let recorder = Recorder::new(files);
        recorder.read("a/x").unwrap();
        recorder.read("a/none").unwrap();
        recorder.list("a").unwrap();
        recorder.reads().unwrap()
    }

    #[test]
    fn whatever_would_be_read_otherwise_is_seen() {
        let files = Memory::new([("a/x", "1"), ("ab", "")]);
        let reads = asked(&files);
        assert!(reads.hold(&files, ""));
        for (path, text) in [("a/x", "2"), ("a/none", ""), ("a/new", "")] {
            let mut other = files.clone();
            other.insert(path, text);
            assert!(!reads.hold(&other, "") && !reads.hold(&other, "a"), "{path}");
        }
        let mut other = files.clone();
        other.insert("ab", "2");
        assert!(reads.hold(&other, ""), "nobody asked for it");
    }

    #[test]
    fn the_text_is_read_again() {
        let reads = asked(&Memory::new([("a/x", "1")]));
        let text = reads.to_text().unwrap();
        assert_eq!(Reads::parse(text.lines()), Some(reads));
        assert_eq!(Reads::parse("read 12 a".lines()), None);
    }

    #[test]
    fn two_answers_to_one_question_are_none() {
        let files = Memory::default();
        let recorder = Recorder::new(&files);
        recorder.note(Question::Read("a".into()), Ok(None));
        assert!(recorder.reads().is_some());
        recorder.note(Question::Read("a".into()), Ok(Some(Digest::of(b""))));
        assert!(recorder.reads().is_none());
    }
}
