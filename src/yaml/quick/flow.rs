//! Lists and maps in brackets.

use super::{Around, LONG_KEY, Reader, stopped};

impl<'t> Reader<'t> {
    /// A list or map in brackets. Lines below its first one are deeper than the column of what it belongs to.
    pub(super) fn flow(&mut self, column: usize) -> Option<()> {
        let start = self.at;
        let is_map = self.peek() == b'{';
        let closing = if is_map { b'}' } else { b']' };
        stopped(self.builder.open(is_map, start..start + 1, None))?;
        self.at += 1;
        self.flow_space(column)?;
        let mut more = self.peek() != closing;
        while more {
            if is_map {
                let key = self.scalar(Around::Flow)?;
                if !self.is_colon() || key.end - key.start > LONG_KEY {
                    return None;
                }
                stopped(self.builder.scalar(&key.text, key.style, key.start..key.end, None))?;
                self.at += 1;
                self.flow_space(column)?;
            }
            if matches!(self.peek(), b'[' | b'{') {
                self.flow(column)?;
            } else {
                let found = self.scalar(Around::Flow)?;
                stopped(self.builder.scalar(&found.text, found.style, found.start..found.end, None))?;
            }
            self.flow_space(column)?;
            more = self.peek() == b',';
            if more {
                self.at += 1;
                self.flow_space(column)?;
            }
        }
        if self.peek() != closing {
            return None;
        }
        self.at += 1;
        self.builder.close(self.at - 1..self.at);
        Some(())
    }

    fn flow_space(&mut self, column: usize) -> Option<()> {
        self.spaces();
        while self.peek() == b'\n' && !self.is_end() {
            self.at += 1;
            self.line = self.at;
            self.spaces();
            if self.peek() != b'\n' && self.column() <= column {
                return None;
            }
        }
        (!self.is_end()).then_some(())
    }
}
