//! What stands around the lanes: the heading, and what the signs mean.

use super::canvas::{Canvas, chip_width, pill_width, text_width};
use super::layout::{Layout, MARGIN};
use crate::graph::model::Graph;

/// Lower edge of the heading, with room below.
pub(super) const TOP: i32 = 122;

const SIGN: &str = "#64748b";

pub(super) fn heading(graph: &Graph, canvas: &mut Canvas) {
    canvas.text("heading", MARGIN, 66, &graph.title);
    canvas.text("subtitle", MARGIN, 94, &format!("{} · {}", graph.environment, graph.subtitle));
}

pub(super) fn footer(layout: &Layout, canvas: &mut Canvas) {
    let y = layout.height - 40;
    let mut x = MARGIN;
    let meaning = |x: &mut i32, sign: i32, text: &str, canvas: &mut Canvas| {
        canvas.text("note", *x + sign + 8, y + 13, text);
        *x += sign + 8 + text_width(text, 115) + 28;
    };
    let word = "capability";
    canvas.pill(x, y, SIGN, word);
    meaning(&mut x, pill_width(word), "fills it", canvas);
    canvas.chip(x, y, SIGN, true, word);
    meaning(&mut x, chip_width(word), "requires it", canvas);
    canvas.chip(x, y, SIGN, false, word);
    meaning(&mut x, chip_width(word), "is wired to it, where there is one", canvas);
    canvas.rect("badge", [x, y - 1, 22, 20], 10);
    canvas.text("wave", x + 11, y + 13, "2");
    meaning(&mut x, 22, "sync wave", canvas);
    canvas.text("note", x, y + 13, "Colours are those of the lane that a capability is filled from.");
}
