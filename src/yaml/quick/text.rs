//! Text of several lines, after `|` or `>`.

use granit_parser::ScalarStyle;

use super::{Reader, stopped};

impl<'t> Reader<'t> {
    /// Text after `|` or `>`, with or without `-`.
    pub(super) fn text_block(&mut self, folded: bool, column: usize) -> Option<()> {
        self.at += 1;
        let strip = self.peek() == b'-';
        self.at += usize::from(strip);
        if self.peek() != b'\n' {
            return None;
        }
        self.at += 1;
        self.line = self.at;
        self.spaces();
        let indent = self.column();
        if indent <= column || self.peek() == b'\n' {
            return None;
        }
        let start = self.at;
        let mut text = String::new();
        let mut end = start;
        let mut blank = 0;
        // Lines that are deeper than the first are not folded, on either side.
        let mut deep = false;
        loop {
            // Stands at the first character of a line of the text.
            let stop = self.end_of_line();
            let line = self.text.get(self.at..stop)?;
            if line.ends_with(' ') {
                return None;
            }
            let folds = folded && !deep && !line.starts_with(' ');
            deep = line.starts_with(' ');
            match (folds, blank) {
                _ if text.is_empty() => {}
                (true, 0) => text.push(' '),
                (true, lines) => text.extend(std::iter::repeat_n('\n', lines)),
                (false, lines) => text.extend(std::iter::repeat_n('\n', lines + 1)),
            }
            text.push_str(line);
            end = stop.max(end);
            blank = 0;
            self.at = stop;
            loop {
                self.at += 1;
                self.line = self.at;
                while self.peek() == b' ' && self.column() < indent {
                    self.at += 1;
                }
                if self.peek() != b'\n' || self.is_end() {
                    break;
                }
                blank += 1;
            }
            if self.is_end() || self.column() < indent {
                break;
            }
        }
        if !self.is_end() && self.peek() == b'#' && self.column() > column {
            return None;
        }
        if !strip {
            text.push('\n');
        }
        let style = if folded { ScalarStyle::Folded } else { ScalarStyle::Literal };
        stopped(self.builder.scalar(&text, style, start..end, None))?;
        self.next_content();
        (self.is_end() || self.column() <= column).then_some(())
    }
}
