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

use super::model::{Graph, Net};

/// Colours of wires: told apart side by side, and seen on light and on dark ground. The most different ones come first.
const PALETTE: [&str; 14] = [
    "#2563eb", "#d97706", "#16a34a", "#db2777", "#7c3aed", "#0891b2", "#dc2626", "#84a30d", "#92552b", "#64748b",
    "#d946ef", "#0f766e", "#f59e0b", "#4338ca",
];

/// The colour of a capability that nobody uses: there is no wire to follow.
const UNUSED: &str = "#94a3b8";

/// The colour of a capability's wire.
fn color(graph: &Graph, net: usize) -> &'static str {
    let is_used = |net: &&Net| !net.consumers.is_empty();
    match graph.nets.get(net).filter(is_used) {
        Some(_) => PALETTE[graph.nets[..net].iter().filter(is_used).count() % PALETTE.len()],
        None => UNUSED,
    }
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
