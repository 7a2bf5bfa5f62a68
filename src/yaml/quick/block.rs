//! Lists and maps by their columns.

use granit_parser::ScalarStyle;

use super::{Around, LONG_KEY, Reader, Scalar, stopped};

impl<'t> Reader<'t> {
    /// A list or map whose first entry stands here, in this column.
    pub(super) fn block(&mut self, column: usize) -> Option<()> {
        if self.is_item() {
            return self.list(column, self.at);
        }
        let key = self.scalar(Around::Block)?;
        self.map(column, key)
    }

    fn list(&mut self, column: usize, start: usize) -> Option<()> {
        stopped(self.builder.open(false, start..start, None))?;
        while !self.is_end() && self.column() == column && self.is_item() {
            self.at += 1;
            let dash = self.at;
            self.spaces();
            match self.peek() {
                b'\n' | b'#' => {
                    self.at = dash;
                    self.line_ends()?;
                    if !self.is_end() && self.column() > column {
                        self.block(self.column())?;
                    } else {
                        stopped(self.builder.scalar("", ScalarStyle::Plain, dash..dash, None))?;
                    }
                }
                _ if self.is_item() => self.list(self.column(), self.at)?,
                first => {
                    let inner = self.column();
                    if !self.other_value(first, column)? {
                        let found = self.scalar(Around::Block)?;
                        if self.is_colon() { self.map(inner, found)? } else { self.leaf(&found, column)? }
                    }
                }
            }
            // Deeper lines would go on with what has just ended.
            if !self.is_end() && self.column() > column {
                return None;
            }
        }
        self.builder.close(self.at..self.at);
        Some(())
    }

    fn is_item(&self) -> bool {
        self.peek() == b'-' && matches!(self.byte(self.at + 1), b' ' | b'\n')
    }

    /// A map whose first key was read.
    fn map(&mut self, column: usize, first: Scalar<'t>) -> Option<()> {
        stopped(self.builder.open(true, first.start..first.start, None))?;
        let mut key = first;
        loop {
            if !self.is_colon() || key.end - key.start > LONG_KEY {
                return None;
            }
            stopped(self.builder.scalar(&key.text, key.style, key.start..key.end, None))?;
            self.at += 1;
            self.value(column)?;
            if self.is_end() || self.column() < column {
                break;
            }
            if self.column() > column || self.is_item() {
                return None;
            }
            key = self.scalar(Around::Block)?;
        }
        self.builder.close(self.at..self.at);
        Some(())
    }

    /// A colon that ends a key.
    pub(super) fn is_colon(&self) -> bool {
        self.peek() == b':' && matches!(self.byte(self.at + 1), b' ' | b'\n')
    }

    /// What follows a key and its colon.
    fn value(&mut self, column: usize) -> Option<()> {
        let colon = self.at;
        self.spaces();
        let first = self.peek();
        if matches!(first, b'\n' | b'#') {
            self.at = colon;
            self.line_ends()?;
            let inner = self.column();
            if !self.is_end() && inner > column {
                return self.block(inner);
            }
            if !self.is_end() && inner == column && self.is_item() {
                // The parser has no place for such a list but that of its first item.
                let dashes = self.bytes.get(self.at + 1..).unwrap_or_default();
                let item = self.at + 1 + dashes.iter().position(|byte| *byte != b' ')?;
                return if matches!(self.byte(item), b'\n' | b'#') { None } else { self.list(column, item) };
            }
            return stopped(self.builder.scalar("", ScalarStyle::Plain, colon..colon, None));
        }
        if self.other_value(first, column)? {
            return Some(());
        }
        let found = self.scalar(Around::Block)?;
        self.leaf(&found, column)
    }

    /// A value in brackets or in a block; false where it is neither.
    fn other_value(&mut self, first: u8, column: usize) -> Option<bool> {
        match first {
            b'[' | b'{' => {
                self.flow(column)?;
                self.line_ends()?;
            }
            b'|' | b'>' => self.text_block(first == b'>', column)?,
            _ => return Some(false),
        }
        Some(true)
    }

    /// A value that ends with its line.
    fn leaf(&mut self, found: &Scalar<'t>, column: usize) -> Option<()> {
        stopped(self.builder.scalar(&found.text, found.style, found.start..found.end, None))?;
        self.line_ends()?;
        (self.is_end() || self.column() <= column).then_some(())
    }
}
