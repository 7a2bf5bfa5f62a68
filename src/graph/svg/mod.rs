//! The picture as SVG: components as cards in lanes, from what people see down to machines.
//!
//! No wires are drawn: where most components are wired to ten others, lines say nothing. Each card names the capabilities
//! that it is wired to, in the colour of the lane that they come from. [`content`] says what stands on a card, [`layout`]
//! where everything is, and the rest draws.

mod canvas;
mod cards;
mod content;
mod layout;
mod legend;

use canvas::Canvas;
use layout::Layout;

use super::model::Graph;

/// Colours of lanes, told apart side by side, on light and on dark ground.
const PALETTE: [&str; 9] =
    ["#2563eb", "#7c3aed", "#0e7490", "#c2410c", "#b7791f", "#be123c", "#15803d", "#86572c", "#52627a"];

/// The colour of a lane.
fn lane_color(graph: &Graph, lane: usize) -> &'static str {
    let place = super::model::rank(&graph.lanes[lane].category).unwrap_or(lane);
    PALETTE[place % PALETTE.len()]
}

/// The colour of a capability: that of the lane that it is filled from.
fn color(graph: &Graph, net: usize) -> &'static str {
    let provider = graph.nets[net].provider;
    let lane = graph.lanes.iter().position(|lane| lane.cards.contains(&provider));
    lane.map_or(PALETTE[0], |lane| lane_color(graph, lane))
}

/// An SVG document: the same graph always gives the same bytes.
pub fn svg(graph: &Graph) -> String {
    let layout = Layout::new(graph, legend::TOP);
    let mut canvas = Canvas::new(layout.width, layout.height, &format!("{}: {}", graph.title, graph.subtitle));
    legend::heading(graph, &mut canvas);
    cards::panels(graph, &layout, &mut canvas);
    cards::cards(graph, &layout, &mut canvas);
    legend::footer(&layout, &mut canvas);
    canvas.finish()
}
