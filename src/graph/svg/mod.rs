//! The picture as SVG: components as cards in lanes, and each capability as one wire from its provider to all that use it.
//!
//! [`layout`] says where everything is, [`wires`] how the wires run, and the rest draws. Wires run like those of a
//! loom: one trunk for each capability at the left, from which branches run above the rows of cards.

mod canvas;
mod cards;
mod layout;
mod legend;
mod wires;

use canvas::Canvas;
use layout::Layout;

use super::model::Graph;

/// Colours of wires: told apart side by side, and seen on light and on dark ground.
const PALETTE: [&str; 14] = [
    "#2563eb", "#d97706", "#059669", "#db2777", "#7c3aed", "#0891b2", "#dc2626", "#65a30d", "#4f46e5", "#ea580c",
    "#0d9488", "#c026d3", "#a16207", "#64748b",
];

/// The colour of a capability's wire.
fn color(net: usize) -> &'static str {
    PALETTE[net % PALETTE.len()]
}

/// An SVG document: the same graph always gives the same bytes.
pub fn svg(graph: &Graph) -> String {
    let legend = legend::place(graph, layout::WIDTH);
    let layout = Layout::new(graph, legend.bottom);
    let mut canvas = Canvas::new(layout.width, layout.height, &format!("{}: {}", graph.title, graph.subtitle));
    legend::heading(graph, &mut canvas);
    legend::draw(graph, &legend, &mut canvas);
    cards::panels(graph, &layout, &mut canvas);
    wires::draw(graph, &layout, &mut canvas);
    cards::cards(graph, &layout, &mut canvas);
    wires::ends(graph, &layout, &mut canvas);
    legend::footer(&layout, &mut canvas);
    canvas.finish()
}
