//! An SVG document under construction.

use std::fmt::Write as _;

/// Lengths are whole pixels or tenths, so that no machine rounds another way.
pub(super) type Px = i32;

#[derive(Debug)]
pub(super) struct Canvas {
    out: String,
}

impl Canvas {
    pub(super) fn new(width: Px, height: Px, description: &str) -> Self {
        let style = include_str!("style.css");
        let mut out = String::with_capacity(32 * 1024);
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" role=\"img\">"
        );
        let _ = writeln!(out, "<title>{}</title>", escape(description));
        let _ = writeln!(out, "<style>\n{style}</style>");
        let _ = writeln!(out, "<rect class=\"page\" width=\"{width}\" height=\"{height}\" rx=\"18\"/>");
        Canvas { out }
    }

    pub(super) fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }

    /// An element as it is.
    pub(super) fn raw(&mut self, element: &str) {
        self.out.push_str(element);
        self.out.push('\n');
    }

    pub(super) fn rect(&mut self, class: &str, [x, y, width, height]: [Px; 4], radius: Px) {
        self.raw(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
        ));
    }

    pub(super) fn text(&mut self, class: &str, x: Px, y: Px, text: &str) {
        self.raw(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escape(text)));
    }

    pub(super) fn filled(&mut self, [x, y, width, height]: [Px; 4], radius: Px, color: &str) {
        self.raw(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{radius}\" fill=\"{color}\"/>"
        ));
    }

    /// A label on a coloured ground. Gives its width.
    pub(super) fn pill(&mut self, x: Px, y: Px, color: &str, text: &str) -> Px {
        let width = pill_width(text);
        self.filled([x, y, width, 18], 9, color);
        self.text("pill", x + width / 2, y + 13, text);
        width
    }

    /// A label in a coloured frame, on a tinted ground where it is strong. Gives its width.
    pub(super) fn chip(&mut self, x: Px, y: Px, color: &str, strong: bool, text: &str) -> Px {
        let width = chip_width(text);
        let class = if strong { "chip strong" } else { "chip" };
        self.raw(&format!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"17\" rx=\"5\" stroke=\"{color}\" fill=\"{color}\"/>"
        ));
        self.text("use", x + width / 2, y + 12, text);
        width
    }
}

pub(super) fn pill_width(text: &str) -> Px {
    text_width(text, 115) + 18
}

pub(super) fn chip_width(text: &str) -> Px {
    text_width(text, 100) + 14
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// About how wide a text is, in pixels; `size` is in tenths of a pixel. Errs on the wide side, since fonts differ.
pub(super) fn text_width(text: &str, size: Px) -> Px {
    let hundredths: Px = text.chars().map(letter_width).sum();
    hundredths * size / 1000 + 1
}

/// In hundredths of the font's size.
fn letter_width(letter: char) -> Px {
    match letter {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' => 30,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '-' | ' ' | '/' => 38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 92,
        'A'..='Z' => 72,
        '0'..='9' => 62,
        c if c.is_ascii() => 60,
        _ => 100,
    }
}

/// The text, or as much of it as fits.
pub(super) fn fit(text: &str, size: Px, width: Px) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        kept.push(letter);
        if text_width(&kept, size) + size / 10 > width {
            kept.pop();
            break;
        }
    }
    kept.trim_end().to_owned() + "…"
}

#[cfg(test)]
mod tests {
    use super::{escape, fit, text_width};

    #[test]
    fn text_is_cut_where_it_does_not_fit() {
        assert_eq!(fit("Grafana", 150, 200), "Grafana");
        let cut = fit("Ingress NGINX Controller", 150, 120);
        assert!(cut.ends_with('…') && cut.chars().count() < 20, "{cut}");
        assert!(text_width(&cut, 150) <= 130, "{cut}");
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(escape("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
    }
}
