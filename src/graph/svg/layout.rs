//! Where everything is: lanes side by side in bands, cards in rows, and above each row the tracks of its wires.

use std::collections::BTreeMap;

use super::canvas::{Px, pill_width};
use crate::graph::model::Graph;

/// Width of the picture.
pub(super) const WIDTH: Px = 1480;
/// Room at the edges.
pub(super) const MARGIN: Px = 44;
const GAP: Px = 20;
const PADDING: Px = 18;
/// Height of a lane's title.
const LANE_TITLE: Px = 34;
/// Between two tracks of wires.
const TRACK: Px = 8;
/// Between two trunks.
const TRUNK: Px = 11;
/// Cards side by side.
const COLUMNS: usize = 6;
/// Height of a card without the capabilities that it fills.
const CARD: Px = 58;
/// Height of a line of capabilities.
pub(super) const PILLS: Px = 24;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rect {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) width: Px,
    pub(super) height: Px,
}

/// A row of cards and the tracks above it.
#[derive(Debug)]
pub(super) struct Row {
    /// Its cards, from left to right.
    pub(super) cards: Vec<usize>,
    /// The capabilities whose wires run above it, from top to bottom, each with its height.
    pub(super) tracks: Vec<(usize, Px)>,
}

/// Where a wire meets a card.
#[derive(Clone, Copy, Debug)]
pub(super) struct Port {
    pub(super) net: usize,
    pub(super) x: Px,
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: Px,
    pub(super) height: Px,
    /// One for each lane.
    pub(super) panels: Vec<Rect>,
    /// One for each card.
    pub(super) cards: Vec<Rect>,
    pub(super) rows: Vec<Row>,
    /// The trunk of each capability.
    pub(super) trunks: Vec<Px>,
    /// Ports of each card, from left to right.
    pub(super) ports: Vec<Vec<Port>>,
}

impl Layout {
    pub(super) fn new(graph: &Graph, top: Px) -> Self {
        let wired = wired(graph);
        let left = MARGIN + wired.len() as Px * TRUNK + if wired.is_empty() { 0 } else { 12 };
        let mut layout = Layout {
            width: WIDTH,
            height: 0,
            panels: vec![Rect::default(); graph.lanes.len()],
            cards: vec![Rect::default(); graph.cards.len()],
            rows: Vec::new(),
            trunks: vec![MARGIN; graph.nets.len()],
            ports: vec![Vec::new(); graph.cards.len()],
        };
        let mut y = top;
        for band in bands(graph) {
            y = layout.band(graph, &band, left, y) + GAP;
        }
        layout.height = y - GAP + 66;
        layout.place_trunks(graph, wired);
        layout
    }

    /// Lays out lanes side by side. Gives the lower edge.
    fn band(&mut self, graph: &Graph, band: &[usize], left: Px, top: Px) -> Px {
        let columns: Vec<usize> = band.iter().map(|lane| columns(graph.lanes[*lane].cards.len())).collect();
        let all = columns.iter().sum::<usize>() as Px;
        let lanes = band.len() as Px;
        let room = WIDTH - MARGIN - left - (lanes - 1) * GAP - lanes * 2 * PADDING - (all - lanes) * GAP;
        let card_width = room / all;
        let mut x = left;
        for (lane, columns) in band.iter().zip(&columns) {
            let own = *columns as Px;
            let is_last = Some(lane) == band.last();
            let width = if is_last { WIDTH - MARGIN - x } else { own * (card_width + GAP) - GAP + 2 * PADDING };
            self.panels[*lane] = Rect { x, y: top, width, height: 0 };
            for (at, card) in graph.lanes[*lane].cards.clone().enumerate() {
                let column = (at % columns) as Px;
                let x = x + PADDING + column * (card_width + GAP);
                self.cards[card] = Rect { x, y: 0, width: card_width, height: 0 };
            }
            x += width + GAP;
        }
        let mut y = top + LANE_TITLE;
        let rows = band.iter().zip(&columns).map(|(lane, c)| graph.lanes[*lane].cards.len().div_ceil(*c)).max();
        for row in 0..rows.unwrap_or(0) {
            let cards: Vec<usize> = band
                .iter()
                .zip(&columns)
                .flat_map(|(lane, c)| graph.lanes[*lane].cards.clone().skip(row * c).take(*c))
                .collect();
            y = self.row(graph, cards, y) + PADDING;
        }
        for lane in band {
            self.panels[*lane].height = y - top;
        }
        y
    }

    /// Lays out a row of cards below its tracks. Gives the lower edge.
    fn row(&mut self, graph: &Graph, cards: Vec<usize>, top: Px) -> Px {
        let mut reach: BTreeMap<usize, Px> = BTreeMap::new();
        for card in &cards {
            for net in nets_of(graph, *card) {
                let right = reach.entry(net).or_default();
                *right = (*right).max(self.cards[*card].x);
            }
        }
        // What reaches farthest runs on top: wires that go down then cross as few others as can be.
        let mut nets: Vec<usize> = reach.keys().copied().collect();
        nets.sort_by_key(|net| (-reach[net], *net));
        let tracks: Vec<(usize, Px)> = nets.iter().enumerate().map(|(i, net)| (*net, top + i as Px * TRACK)).collect();
        let y = top + tracks.len() as Px * TRACK + 10;
        let lines = cards.iter().map(|card| pill_lines(graph, *card, self.cards[*card].width).len()).max().unwrap_or(0);
        let height = CARD + lines as Px * PILLS;
        for card in &cards {
            self.cards[*card].y = y;
            self.cards[*card].height = height;
            self.ports[*card] = self.place_ports(graph, *card, &tracks);
        }
        self.rows.push(Row { cards, tracks });
        y + height
    }

    /// Lower tracks meet a card farther left, so that no two of its wires cross.
    fn place_ports(&self, graph: &Graph, card: usize, tracks: &[(usize, Px)]) -> Vec<Port> {
        let mine = nets_of(graph, card);
        let nets: Vec<usize> = tracks.iter().rev().map(|(net, _)| *net).filter(|net| mine.contains(net)).collect();
        let rect = self.cards[card];
        let count = nets.len() as Px;
        let step = if count > 1 { ((rect.width - 36) / (count - 1)).min(26) } else { 0 };
        let start = rect.x + rect.width / 2 - step * (count - 1) / 2;
        nets.into_iter().enumerate().map(|(i, net)| Port { net, x: start + i as Px * step }).collect()
    }

    /// Capabilities with few branches stand far left, so that the branches of the others cross few trunks.
    fn place_trunks(&mut self, graph: &Graph, mut wired: Vec<usize>) {
        let branches = |net: &usize| self.rows.iter().filter(|row| row.tracks.iter().any(|(n, _)| n == net)).count();
        wired.sort_by_key(|net| (branches(net), graph.nets[*net].provider, *net));
        for (at, net) in wired.into_iter().enumerate() {
            self.trunks[net] = MARGIN + at as Px * TRUNK;
        }
    }
}

/// The capabilities that somebody uses.
fn wired(graph: &Graph) -> Vec<usize> {
    (0..graph.nets.len()).filter(|net| !graph.nets[*net].consumers.is_empty()).collect()
}

/// The wires of a card: those that it provides and somebody uses, and those that it uses.
fn nets_of(graph: &Graph, card: usize) -> Vec<usize> {
    let uses = |net: &usize| graph.nets[*net].consumers.iter().any(|consumer| consumer.card == card);
    wired(graph).into_iter().filter(|net| graph.nets[*net].provider == card || uses(net)).collect()
}

/// As many cards side by side as make rows of about equal length.
fn columns(cards: usize) -> usize {
    let rows = cards.div_ceil(COLUMNS).max(1);
    cards.div_ceil(rows).max(1)
}

/// Lanes that fit side by side, in their order.
fn bands(graph: &Graph) -> Vec<Vec<usize>> {
    let mut bands: Vec<Vec<usize>> = Vec::new();
    let mut left = 0;
    for (lane, cards) in graph.lanes.iter().map(|lane| lane.cards.len()).enumerate() {
        let wanted = columns(cards);
        if wanted > left || cards > COLUMNS {
            bands.push(Vec::new());
            left = COLUMNS;
        }
        left = if cards > COLUMNS { 0 } else { left - wanted };
        if let Some(band) = bands.last_mut() {
            band.push(lane);
        }
    }
    bands
}

/// The capabilities that a card fills, in lines that fit its width.
pub(super) fn pill_lines(graph: &Graph, card: usize, width: Px) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut used = 0;
    for net in (0..graph.nets.len()).filter(|net| graph.nets[*net].provider == card) {
        let own = pill_width(&graph.nets[net].capability) + 6;
        if lines.is_empty() || used + own > width - 24 {
            lines.push(Vec::new());
            used = 0;
        }
        used += own;
        if let Some(line) = lines.last_mut() {
            line.push(net);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Layout, MARGIN, Rect, WIDTH};
    use crate::graph::model::{Card, Consumer, Graph, Lane, Net};
    use crate::graph::svg::svg;
    use crate::source::Status;

    /// A platform with lanes of these sizes, in which each third component provides what all others use.
    fn platform(lanes: &[usize]) -> Graph {
        let count: usize = lanes.iter().sum();
        let card = |at: usize| Card {
            name: Arc::from(format!("c{at}")),
            title: format!("Component number {at}"),
            version: "1.2.3".to_owned(),
            wave: Some(at as u32),
            fills: Vec::new(),
            status: Status::Active,
        };
        let net = |provider: usize| Net {
            capability: Arc::from(format!("capability-{provider}")),
            title: "Capability".to_owned(),
            provider,
            consumers: (0..count)
                .filter(|at| *at != provider)
                .map(|card| Consumer { card, required: card % 2 == 0, waits: true })
                .collect(),
        };
        let mut first = 0;
        let mut lane = |size: &usize| {
            first += size;
            Lane { category: Arc::from(format!("l{first}")), title: "Lane".to_owned(), cards: first - size..first }
        };
        Graph {
            environment: Arc::from("envs/x"),
            title: "X".to_owned(),
            subtitle: "a test".to_owned(),
            lanes: lanes.iter().map(&mut lane).collect(),
            cards: (0..count).map(card).collect(),
            nets: (0..count).step_by(3).map(net).collect(),
            waits: Vec::new(),
        }
    }

    fn apart(a: &Rect, b: &Rect) -> bool {
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_page() {
        for lanes in [&[1][..], &[6], &[7], &[13], &[1, 1, 1, 1, 1, 1, 1], &[4, 3, 2, 8, 1], &[2, 5, 5, 30]] {
            let graph = platform(lanes);
            let layout = Layout::new(&graph, 150);
            for (at, card) in layout.cards.iter().enumerate() {
                assert!(layout.cards.iter().skip(at + 1).all(|other| apart(card, other)), "{lanes:?}: card {at}");
                assert!(card.width > 60, "{lanes:?}: card {at} is {} wide", card.width);
                assert!(card.x + card.width <= WIDTH - MARGIN && card.y + card.height < layout.height, "{lanes:?}");
                let inside = |x: i32| card.x < x && x < card.x + card.width;
                assert!(layout.ports[at].iter().all(|port| inside(port.x)), "{lanes:?}: ports of card {at}");
            }
            for (at, panel) in layout.panels.iter().enumerate() {
                assert!(layout.panels.iter().skip(at + 1).all(|other| apart(panel, other)), "{lanes:?}: lane {at}");
            }
        }
    }

    #[test]
    fn an_empty_platform_has_a_picture_too() {
        assert!(svg(&platform(&[])).ends_with("</svg>\n"));
        assert_eq!(svg(&platform(&[3, 4])), svg(&platform(&[3, 4])));
    }
}
