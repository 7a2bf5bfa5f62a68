//! Columns of text.

/// A few long cells must not push everything else out of sight.
const WIDEST: usize = 80;

/// Rows whose cells are padded to the width of their column, as far as that is reasonable.
pub(super) fn table<R: AsRef<[String]>>(indent: usize, rows: &[R]) -> String {
    let columns = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
    let widest = |column: usize| rows.iter().filter_map(|row| row.as_ref().get(column)).map(|cell| width(cell)).max();
    let widths: Vec<usize> = (0..columns).map(|column| widest(column).unwrap_or(0).min(WIDEST)).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, column) in row.as_ref().iter().zip(&widths) {
            line.push_str(cell);
            if *column > 0 {
                line.push_str(&" ".repeat(column.saturating_sub(width(cell)) + 2));
            }
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Columns that a text takes on a terminal, without the codes of its colours.
fn width(text: &str) -> usize {
    let mut columns = 0;
    let mut in_code = false;
    for c in text.chars() {
        match c {
            '\x1b' => in_code = true,
            'm' if in_code => in_code = false,
            _ if !in_code => columns += 1,
            _ => {}
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_and_empty_ones_take_no_room() {
        let row = |a: &str, b: &str, c: &str| [a.to_owned(), b.to_owned(), c.to_owned()];
        let shown = table(2, &[row("a", "", "\x1b[1mx\x1b[0m"), row("long", "", "y")]);
        assert_eq!(shown, "  a     \x1b[1mx\x1b[0m\n  long  y\n");
    }
}
