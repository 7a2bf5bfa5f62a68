//! What stands around the lanes: the heading, what each colour means, and what the signs mean.

use super::canvas::{Canvas, Px, escape, text_width};
use super::color;
use super::layout::{Layout, MARGIN};
use crate::graph::model::Graph;

const LINE: Px = 26;
const TOP: Px = 122;

/// Where the entries of the legend are.
#[derive(Debug)]
pub(super) struct Legend {
    /// For each capability that somebody uses: its number, and the place.
    entries: Vec<(usize, Px, Px)>,
    /// The lower edge, with room below.
    pub(super) bottom: Px,
}

pub(super) fn heading(graph: &Graph, canvas: &mut Canvas) {
    canvas.text("heading", MARGIN, 66, &graph.title);
    canvas.text("subtitle", MARGIN, 92, &format!("{} · {}", graph.environment, graph.subtitle));
}

pub(super) fn place(graph: &Graph, width: Px) -> Legend {
    let mut entries = Vec::new();
    let (mut x, mut y) = (MARGIN, TOP);
    for (index, net) in graph.nets.iter().enumerate().filter(|(_, net)| !net.consumers.is_empty()) {
        let own = 30 + text_width(&net.title, 125) + 6 + text_width(&graph.cards[net.provider].title, 125) + 24;
        if x + own > width - MARGIN && x > MARGIN {
            x = MARGIN;
            y += LINE;
        }
        entries.push((index, x, y));
        x += own;
    }
    let bottom = if entries.is_empty() { TOP } else { y + 28 };
    Legend { entries, bottom }
}

pub(super) fn draw(graph: &Graph, legend: &Legend, canvas: &mut Canvas) {
    for (net, x, y) in &legend.entries {
        let (color, net) = (color(graph, *net), &graph.nets[*net]);
        canvas.raw(&format!("<rect x=\"{x}\" y=\"{}\" width=\"20\" height=\"6\" rx=\"3\" fill=\"{color}\"/>", y - 7));
        let (title, provider) = (escape(&net.title), escape(&graph.cards[net.provider].title));
        canvas.raw(&format!(
            "<text class=\"legend\" x=\"{}\" y=\"{y}\">{title} <tspan class=\"provider\" dx=\"3\">{provider}</tspan></text>",
            x + 28
        ));
    }
}

pub(super) fn footer(layout: &Layout, canvas: &mut Canvas) {
    let y = layout.height - 30;
    let mut x = MARGIN;
    let mut entry = |sign: &str, text: &str, canvas: &mut Canvas| {
        canvas.raw(&format!("<g transform=\"translate({} {})\">{sign}</g>", x + 8, y - 4));
        canvas.text("note", x + 24, y, text);
        x += 24 + text_width(text, 115) + 26;
    };
    entry("<rect x=\"-6\" y=\"-6\" width=\"12\" height=\"12\" rx=\"3\" fill=\"#64748b\"/>", "provides", canvas);
    entry("<circle r=\"4.5\" fill=\"#64748b\"/>", "requires", canvas);
    entry("<circle class=\"hollow\" r=\"3.5\" stroke=\"#64748b\"/>", "uses where there is one", canvas);
    entry(
        "<rect class=\"badge\" x=\"-9\" y=\"-9\" width=\"18\" height=\"18\" rx=\"9\"/><text class=\"wave\" y=\"4\">2</text>",
        "sync wave",
        canvas,
    );
}
