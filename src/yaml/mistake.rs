//! A mistake in the syntax, in the words of what people do wrong.

use granit_parser::{ErrorKind, ScanError};

use super::build::Progress;
use super::{Span, refuse};
use crate::diagnostic::{Code, Diagnostic, codes::reading};

/// The finding for where the parser stopped.
pub(super) fn explain(error: &ScanError, text: &str, progress: &Progress) -> Diagnostic {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    Place { text, at, progress }.explain(error.kind())
}

/// Characters of a key, to the parser and to Go's readers.
const MAX_KEY: usize = 1024;

/// Where the parser stopped.
struct Place<'a> {
    text: &'a str,
    at: usize,
    progress: &'a Progress,
}

impl Place<'_> {
    fn explain(&self, kind: &ErrorKind) -> Diagnostic {
        if let Some(found) = self.conflict() {
            return found;
        }
        if let Some(tab) = self.tab(kind) {
            return self
                .finding(&reading::TAB, tab, 1, "a tab in the indentation")
                .here("a tab")
                .help("indent with spaces, two for each level");
        }
        if let Some(found) = self.expression() {
            return found;
        }
        match kind {
            ErrorKind::UnclosedQuotedScalar
            | ErrorKind::InvalidQuotedScalarIndent
            | ErrorKind::DocumentIndicatorInQuotedScalar => self.quote(),
            ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
                self.after_quote()
            }
            ErrorKind::UnexpectedCharacter { character } => self.first_letter(*character),
            ErrorKind::UnknownQuotedScalarEscape
            | ErrorKind::InvalidQuotedScalarHexEscape
            | ErrorKind::InvalidLowSurrogateHexEscape
            | ErrorKind::InvalidLowSurrogate
            | ErrorKind::MissingLowSurrogate
            | ErrorKind::UnpairedLowSurrogate
            | ErrorKind::InvalidUnicodeEscape => self.escape(),
            ErrorKind::MappingValueNotAllowed | ErrorKind::MappingKeyNotAllowed => self.colon(),
            ErrorKind::UnexpectedEofFlowSequence
            | ErrorKind::UnexpectedEofFlowMapping
            | ErrorKind::UnexpectedEofImplicitFlowMapping
            | ErrorKind::ExpectedFlowMappingSeparator
            | ErrorKind::ExpectedFlowSequenceSeparator
            | ErrorKind::InvalidColonPlacement
            | ErrorKind::InvalidFlowScalarIndent
            | ErrorKind::BlockEntryInFlowCollection
            | ErrorKind::UnclosedFlowCollection { .. } => self.bracket(self.progress.brackets.last().copied(), None),
            ErrorKind::MismatchedFlowCollectionEnd { close, .. } => self.bracket(Some(self.at), Some(*close)),
            ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => self.no_colon(),
            ErrorKind::ExpectedBlockMappingKey
            | ErrorKind::ExpectedBlockSequenceEntry
            | ErrorKind::ExpectedDocumentStart
            | ErrorKind::InvalidIndentation
            | ErrorKind::BlockSequenceEntryNotAllowed
            | ErrorKind::InvalidBlockScalarIndent => self.column(),
            other => self.rest(other),
        }
    }

    fn rest(&self, kind: &ErrorKind) -> Diagnostic {
        match kind {
            ErrorKind::RecursionLimitExceeded => self
                .finding(&reading::LIMIT, self.at, 1, "too many levels of lists and maps")
                .here("one level too deep"),
            ErrorKind::InvalidBlockScalarHeader | ErrorKind::ZeroBlockScalarIndent => self
                .finding(&reading::SYNTAX, self.at, self.value(self.at).len(), "text after `|` or `>` in the same line")
                .here("a block of text starts in the next line")
                .help("put the text into the lines below, two columns deeper, or write it in quotes"),
            ErrorKind::UndeclaredTagHandle
            | ErrorKind::InvalidTagTerminator
            | ErrorKind::ExpectedTagBang
            | ErrorKind::InvalidGlobalTagCharacter
            | ErrorKind::UnclosedVerbatimTag
            | ErrorKind::InvalidTagEscape => self
                .finding(&reading::BAD_TAG, self.at, self.word(self.at), "a tag that cannot be read")
                .here("`!` starts a tag")
                .help("quote the value if it is text"),
            ErrorKind::DuplicateVersionDirective
            | ErrorKind::UnsupportedYamlMajorVersion
            | ErrorKind::DuplicateTagDirective
            | ErrorKind::MissingDocumentEndBeforeDirective
            | ErrorKind::InvalidDirectiveTerminator
            | ErrorKind::MissingYamlVersionSeparator
            | ErrorKind::MissingDirectiveName
            | ErrorKind::InvalidDirectiveName
            | ErrorKind::YamlVersionTooLong
            | ErrorKind::MissingYamlVersion => refuse::directive(self.span(self.at, 1)),
            ErrorKind::MissingAnchorOrAliasName => self.unquoted(self.at, "this sign has a meaning in YAML"),
            ErrorKind::MisplacedFlowCollectionEnd => self
                .finding(&reading::UNCLOSED, self.at, 1, "a bracket closes what is not open")
                .here("nothing to close")
                .help("remove it, or quote the value if it is text"),
            _ if self.text[self.at..].starts_with(['?', ',', '&', '*', '!', '|', '>', '%', '@', '`']) => {
                self.unquoted(self.at, "this sign has a meaning in YAML")
            }
            _ => self.finding(&reading::SYNTAX, self.at, 1, "this is not YAML").here("the reader stopped here"),
        }
    }

    /// What git leaves in a file that two sides changed.
    fn conflict(&self) -> Option<Diagnostic> {
        const MARK: &str = "<<<<<<< ";
        let start = if self.text.starts_with(MARK) { 0 } else { self.text.find("\n<<<<<<< ")? + 1 };
        let length = self.line(start).trim_end().len();
        Some(
            self.finding(&reading::SYNTAX, start, length, "a merge conflict that nobody has solved")
                .here("one side starts here")
                .help("keep what is right of both sides, and remove the lines of `<`, `=` and `>`"),
        )
    }

    /// The first tab in the indentation of the lines around, if the parser stumbled over one.
    fn tab(&self, kind: &ErrorKind) -> Option<usize> {
        let about_tabs = matches!(
            kind,
            ErrorKind::TabNotAllowed
                | ErrorKind::TabInBlockIndentation
                | ErrorKind::TabInIndentation
                | ErrorKind::TabAtBlockScalarStart
                | ErrorKind::TabInPlainScalar
        );
        let start = self.line_start(self.at);
        let rest = &self.text[start..];
        let mut offset = start;
        for (number, line) in rest.split_inclusive('\n').enumerate() {
            let blank = line.len() - line.trim_start_matches([' ', '\t']).len();
            if let Some(tab) = line[..blank].find('\t') {
                return Some(offset + tab);
            }
            if !about_tabs || number > 3 {
                break;
            }
            offset += line.len();
        }
        about_tabs.then(|| rest.find('\t').map_or(self.at, |at| start + at))
    }

    /// `${{` or `{{` without quotes, just before where the parser stopped.
    fn expression(&self) -> Option<Diagnostic> {
        let start = self.line_start(self.at);
        let line = self.line(start);
        let opens = line.find("{{")?;
        let before = &line[..opens];
        let quoted = before.matches('"').count() % 2 == 1 || before.matches('\'').count() % 2 == 1;
        let first = start + before.strip_suffix('$').map_or(opens, str::len);
        let near = first <= self.at + 1 || self.at == start;
        if quoted || !near || before.trim_start().starts_with('#') {
            return None;
        }
        let length = line[first - start..].find("}}").map_or(2, |end| end + 2);
        Some(refuse::expression(&line[first - start..first - start + length], self.span(first, length)))
    }

    fn quote(&self) -> Diagnostic {
        let start = self.opening_quote().unwrap_or(self.at);
        let found = self.finding(&reading::UNCLOSED, start, 1, "a quote that is not closed").here("it opens here");
        found.help("close it; a quote inside of the text is written `''` in single quotes, `\\\"` in double quotes")
    }

    /// The first quote after what was read, outside of comments.
    fn opening_quote(&self) -> Option<usize> {
        let from = self.progress.last.end;
        let rest = self.text.get(from..)?;
        let mut blank = true;
        let mut comment = false;
        for (at, c) in rest.char_indices() {
            match c {
                '\n' => comment = false,
                '#' if blank => comment = true,
                '"' | '\'' if !comment => return Some(from + at),
                _ => {}
            }
            blank = c.is_whitespace();
        }
        None
    }

    fn after_quote(&self) -> Diagnostic {
        let length = self.line(self.at).trim_end().len().max(1);
        self.finding(&reading::UNCLOSED, self.at, length, "text after the closing quote")
            .here("the text ended before this")
            .help(
                "quote the whole value; a quote inside of it is written `''` in single quotes, `\\\"` in double quotes",
            )
    }

    fn first_letter(&self, letter: char) -> Diagnostic {
        self.unquoted(self.at, &format!("text cannot start with `{letter}`"))
    }

    fn unquoted(&self, at: usize, why: &str) -> Diagnostic {
        let value = self.value(at);
        refuse::unquoted(value, why, self.span(at, value.len().max(1)))
    }

    fn escape(&self) -> Diagnostic {
        const KNOWN: &str = "0abtnvfre \"\\N_LPxuU\n\r\t/";
        let rest = &self.text[self.at..];
        let mut escapes = rest.match_indices('\\').map(|(at, _)| at);
        let mut after = 0;
        let bad = escapes.find(|at| {
            if *at < after {
                return false;
            }
            after = at + 2;
            let letter = rest[at + 1..].chars().next().unwrap_or('\n');
            !KNOWN.contains(letter) || (matches!(letter, 'x' | 'u' | 'U') && !has_code(&rest[at + 1..]))
        });
        let start = self.at + bad.unwrap_or(0);
        let letter = self.text[start..].chars().nth(1).map_or(0, char::len_utf8);
        let raw = &self.text[start..(start + 1 + letter).min(self.text.len())];
        let message = match raw {
            "\\x" => "`\\x` needs two hexadecimal digits".to_owned(),
            "\\u" => "`\\u` needs four hexadecimal digits".to_owned(),
            "\\U" => "`\\U` needs eight hexadecimal digits".to_owned(),
            _ => format!("`{raw}` is no escape"),
        };
        self.finding(&reading::ESCAPE, start, raw.len(), message)
            .here("not an escape of double quotes")
            .help("write `\\\\` for a backslash, or put the text in single quotes, where a backslash is a backslash")
    }

    /// A colon where no key can stand.
    fn colon(&self) -> Diagnostic {
        let last = &self.progress.last;
        let start = self.line_start(self.at);
        if last.start < start && last.end >= start {
            let first = self.line(start).trim_end();
            let indent = first.len() - first.trim_start().len();
            if last.start - self.line_start(last.start) == indent {
                return self.no_key(last.start, self.value(last.start).len());
            }
            return self
                .finding(
                    &reading::INDENTATION,
                    start + indent,
                    first.len() - indent,
                    "this line continues the text above it",
                )
                .here("deeper than the value before")
                .label(self.span(last.start, self.line(last.start).trim_end().len()), "the text that it continues")
                .help("move it to the column of the key above; text of several lines starts with `|` after the colon");
        }
        let key = self.text.get(last.clone()).unwrap_or("").chars().count();
        if key > MAX_KEY {
            return self.finding(
                &reading::LIMIT,
                last.start,
                1,
                format!("a key of {key} characters, at most {MAX_KEY} are read"),
            );
        }
        if last.start >= start && !last.is_empty() {
            let value = self.value(last.start);
            return self
                .finding(&reading::UNQUOTED, self.at, 1, "a colon followed by a space inside of a value")
                .here("this makes a key of the text before it")
                .help(format!("quote the value: {}", refuse::quoted(value)));
        }
        self.column()
    }

    /// A bracket that is not closed, or closed by the wrong one.
    fn bracket(&self, open: Option<usize>, closed_by: Option<char>) -> Diagnostic {
        let open = open.or_else(|| self.text[..self.at].rfind(['[', '{'])).unwrap_or(self.at);
        let sign = self.text[open..].chars().next().unwrap_or('[');
        let close = if sign == '{' { '}' } else { ']' };
        let found =
            self.finding(&reading::UNCLOSED, open, 1, format!("`{sign}` without its `{close}`")).here("it opens here");
        let wrong = closed_by.and_then(|wrong| Some((open + self.text[open..].find(wrong)?, wrong)));
        let found = match wrong {
            Some((at, wrong)) => found.label(self.span(at, 1), format!("and is closed by `{wrong}`")),
            None if self.at > open && self.at < self.text.len() => {
                found.label(self.span(self.at, 1), format!("`,` or `{close}` is wanted before this"))
            }
            None => found,
        };
        found.help(format!(
            "close it with `{close}`; text with brackets, or with a comma or colon between brackets, needs quotes"
        ))
    }

    /// A line that should be a key and has no colon, or no space after it.
    fn no_colon(&self) -> Diagnostic {
        let start = self.key_line();
        let line = self.line(start).trim_end();
        let trimmed = line.trim_start().trim_start_matches("- ");
        let first = start + line.len() - trimmed.len();
        if let Some((name, value)) = trimmed.split_once(':')
            && !value.is_empty()
            && !name.contains(' ')
        {
            return refuse::missing_space(name, value, self.progress.file, first as u32);
        }
        self.no_key(first, trimmed.len())
    }

    fn no_key(&self, start: usize, length: usize) -> Diagnostic {
        self.finding(&reading::SYNTAX, start, length.max(1), "a line without a key")
            .here("`key: value` is wanted here")
            .help("add the colon; text that goes on from the line above must be indented deeper than its key")
    }

    /// The line that was to be a key: the one where the parser stopped, or the last one with words before it.
    fn key_line(&self) -> usize {
        let mut start = self.line_start(self.at);
        while start > 0 && start > self.progress.last.end && self.has_key_or_nothing(start) {
            start = self.line_start(start - 1);
        }
        start
    }

    fn has_key_or_nothing(&self, start: usize) -> bool {
        let line = self.line(start).trim();
        line.is_empty() || line.starts_with('#') || line.contains(": ") || line.ends_with(':')
    }

    /// A line in a column that fits nothing.
    fn column(&self) -> Diagnostic {
        let start = self.line_start(self.at);
        let line = self.line(start).trim_end();
        let indent = line.len() - line.trim_start().len();
        if self.text[start..self.at].contains(|c| !matches!(c, ' ' | '-')) {
            return self.in_line();
        }
        let found = self.finding(
            &reading::INDENTATION,
            start + indent,
            (line.len() - indent).max(1),
            "this line fits nothing above it",
        );
        let found = if line.trim_start().starts_with('-') {
            found.here("a list item where a key is wanted, or in the wrong column")
        } else {
            found.here("neither a key of the map above nor an item of a list")
        };
        found.help("keys of one map stand exactly below each other, and so do the items of a list")
    }

    /// Something in the middle of a line that can only start one, or that follows a complete value.
    fn in_line(&self) -> Diagnostic {
        if self.text[self.at..].starts_with('-') {
            return self
                .finding(&reading::INDENTATION, self.at, 1, "a list in the line of its key")
                .here("the first item stands in a line of its own")
                .help("put each item into a line below the key; quote the value if it is text");
        }
        self.finding(&reading::SYNTAX, self.at, self.value(self.at).len(), "text after the end of a value")
            .here("the value ended before this")
            .help("put it into a line of its own, or quote the whole value if it is text")
    }

    fn finding(&self, code: &'static Code, start: usize, length: usize, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.span(start, length), message)
    }

    fn span(&self, start: usize, length: usize) -> Span {
        let end = (start + length).min(self.text.len());
        let end = (end..self.text.len()).find(|end| self.text.is_char_boundary(*end)).unwrap_or(self.text.len());
        Span { file: self.progress.file, start: start as u32, end: end as u32 }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The rest of the line from a place.
    fn line(&self, from: usize) -> &str {
        self.text[from..].lines().next().unwrap_or("")
    }

    /// The value from a place to the end of its line, without a comment.
    fn value(&self, from: usize) -> &str {
        let line = self.line(from);
        line.find(" #").map_or(line, |at| &line[..at]).trim_end()
    }

    fn word(&self, from: usize) -> usize {
        self.line(from).split([' ', '\t']).next().map_or(1, |word| word.len().max(1))
    }
}

/// Whether `x`, `u` or `U` is followed by its digits.
fn has_code(escape: &str) -> bool {
    let digits = match escape.as_bytes().first() {
        Some(b'x') => 2,
        Some(b'u') => 4,
        _ => 8,
    };
    escape.len() > digits && escape.bytes().skip(1).take(digits).all(|b| b.is_ascii_hexdigit())
}
