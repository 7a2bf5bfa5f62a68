//! Where everything is: lanes side by side in bands, cards in rows.

use super::canvas::Px;
use super::content::{Content, contents};
use crate::graph::model::Graph;

/// Width of the picture.
pub(super) const WIDTH: Px = 1640;
/// Room at the edges.
pub(super) const MARGIN: Px = 44;
/// Room inside a card, left and right.
pub(super) const INSET: Px = 16;
const GAP: Px = 18;
const CARD_GAP: Px = 12;
const PADDING: Px = 16;
/// Height of a lane's title.
const LANE_TITLE: Px = 36;
/// Cards side by side.
const COLUMNS: usize = 6;

/// A rectangle.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rect {
    pub(super) x: Px,
    pub(super) y: Px,
    pub(super) width: Px,
    pub(super) height: Px,
}

/// Where everything is.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) width: Px,
    pub(super) height: Px,
    /// One for each lane that has cards.
    pub(super) panels: Vec<(usize, Rect)>,
    /// The cards that are drawn, with what stands on them.
    pub(super) cards: Vec<(Rect, Content)>,
}

/// A lane and the cards of it that are drawn.
struct Row {
    lane: usize,
    cards: Vec<usize>,
}

impl Layout {
    pub(super) fn new(graph: &Graph, top: Px) -> Self {
        let card_width = (WIDTH - 2 * MARGIN - 2 * PADDING - (COLUMNS as Px - 1) * CARD_GAP) / COLUMNS as Px;
        let all = contents(graph);
        let drawn = |lane: &crate::graph::model::Lane| lane.cards.clone().filter(|card| all[*card].is_some()).collect();
        let lanes: Vec<Row> = graph
            .lanes
            .iter()
            .enumerate()
            .map(|(lane, l)| Row { lane, cards: drawn(l) })
            .filter(|row| !row.cards.is_empty())
            .collect();
        let mut layout = Layout { width: WIDTH, height: 0, panels: Vec::new(), cards: Vec::new() };
        let mut contents = all;
        let mut y = top;
        for band in bands(lanes) {
            y = layout.band(graph, &mut contents, &band, card_width, y) + GAP;
        }
        layout.height = y - GAP + 66;
        layout
    }

    /// Lays out lanes side by side, as wide as their cards; together they fill the page. Gives the lower edge.
    fn band(&mut self, graph: &Graph, contents: &mut [Option<Content>], band: &[Row], least: Px, top: Px) -> Px {
        let columns: Vec<usize> = band.iter().map(|row| columns(row.cards.len())).collect();
        let all = columns.iter().sum::<usize>() as Px;
        let lanes = band.len() as Px;
        let room = WIDTH - 2 * MARGIN - (lanes - 1) * GAP - lanes * 2 * PADDING - (all - lanes) * CARD_GAP;
        let card_width = (room / all).min(least * 2).max(1);
        let mut places = Vec::new();
        let mut x = MARGIN;
        for (row, columns) in band.iter().zip(&columns) {
            let own = *columns as Px;
            let is_last = row.lane == band[band.len() - 1].lane;
            let width =
                if is_last { WIDTH - MARGIN - x } else { own * (card_width + CARD_GAP) - CARD_GAP + 2 * PADDING };
            self.panels.push((row.lane, Rect { x, y: top, width, height: 0 }));
            for (at, card) in row.cards.iter().enumerate() {
                let left = x + PADDING + (at % columns) as Px * (card_width + CARD_GAP);
                places.push((at / columns, left, *card));
            }
            x += width + GAP;
        }
        places.sort_by_key(|(line, left, _)| (*line, *left));
        let mut y = top + LANE_TITLE;
        for line in places.chunk_by(|a, b| a.0 == b.0) {
            y += self.line(graph, contents, line, card_width, y) + CARD_GAP;
        }
        y += PADDING - CARD_GAP;
        let first = self.panels.len() - band.len();
        self.panels[first..].iter_mut().for_each(|(_, panel)| panel.height = y - top);
        y
    }

    /// Cards beside each other, all as high as the highest. Gives their height.
    fn line(
        &mut self,
        graph: &Graph,
        contents: &mut [Option<Content>],
        line: &[(usize, Px, usize)],
        width: Px,
        y: Px,
    ) -> Px {
        let mut cards = Vec::new();
        for (_, x, card) in line {
            let Some(mut content) = contents[*card].take() else { continue };
            content.wrap(graph, width - 2 * INSET);
            cards.push((*x, content));
        }
        let height = cards.iter().map(|(_, content)| content.height()).max().unwrap_or(0);
        self.cards.extend(cards.into_iter().map(|(x, content)| (Rect { x, y, width, height }, content)));
        height
    }
}

/// As many cards side by side as make rows of about equal length.
fn columns(cards: usize) -> usize {
    let rows = cards.div_ceil(COLUMNS).max(1);
    cards.div_ceil(rows).max(1)
}

/// Lanes that fit side by side, in their order.
fn bands(lanes: Vec<Row>) -> Vec<Vec<Row>> {
    let mut bands: Vec<Vec<Row>> = Vec::new();
    let mut left = 0;
    for row in lanes {
        let (cards, wanted) = (row.cards.len(), columns(row.cards.len()));
        if wanted > left || cards > COLUMNS {
            bands.push(Vec::new());
            left = COLUMNS;
        }
        left = if cards > COLUMNS { 0 } else { left - wanted };
        if let Some(band) = bands.last_mut() {
            band.push(row);
        }
    }
    bands
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Layout, MARGIN, Rect, WIDTH};
    use crate::graph::model::{Card, Consumer, Graph, Lane, Net, Wait};
    use crate::graph::svg::svg;
    use crate::source::Status;

    /// A platform with lanes of these sizes, in which each third component provides what all others use, and each
    /// fifth one comes with the one before it.
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
        let net = |at: usize| Net {
            capability: Arc::from(format!("capability-{at}")),
            title: format!("Capability {at}"),
            provider: at,
            consumers: (0..count)
                .filter(|card| *card != at)
                .map(|card| Consumer { card, required: card % 2 == 0, waits: true })
                .collect(),
        };
        let wait = |to: usize| Wait { from: to - 1, to, label: "companion".to_owned(), companion: true };
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
            waits: (4..count).step_by(5).map(wait).collect(),
        }
    }

    fn apart(a: &Rect, b: &Rect) -> bool {
        a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y
    }

    fn inside(a: &Rect, b: &Rect) -> bool {
        b.x <= a.x && b.y <= a.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height
    }

    #[test]
    fn nothing_overlaps_and_nothing_leaves_the_page() {
        for lanes in [&[1][..], &[6], &[7], &[13], &[1, 1, 1, 1, 1, 1, 1], &[4, 3, 2, 8, 1], &[2, 5, 5, 30]] {
            let graph = platform(lanes);
            let layout = Layout::new(&graph, 150);
            assert!(!layout.cards.is_empty());
            for (at, (card, _)) in layout.cards.iter().enumerate() {
                assert!(layout.cards.iter().skip(at + 1).all(|(other, _)| apart(card, other)), "{lanes:?}: card {at}");
                assert!(card.width > 100, "{lanes:?}: card {at} is {} wide", card.width);
                assert!(card.x + card.width <= WIDTH - MARGIN && card.y + card.height < layout.height, "{lanes:?}");
                assert!(layout.panels.iter().any(|(_, panel)| inside(card, panel)), "{lanes:?}: card {at}");
            }
            for (at, (_, panel)) in layout.panels.iter().enumerate() {
                assert!(
                    layout.panels.iter().skip(at + 1).all(|(_, other)| apart(panel, other)),
                    "{lanes:?}: lane {at}"
                );
            }
        }
    }

    #[test]
    fn every_component_is_drawn_or_named_on_the_card_that_it_comes_with() {
        let graph = platform(&[4, 9, 2]);
        let picture = svg(&graph);
        for card in &graph.cards {
            assert!(picture.contains(&card.title), "{}", card.title);
        }
    }

    #[test]
    fn an_empty_platform_has_a_picture_too() {
        assert!(svg(&platform(&[])).ends_with("</svg>\n"));
        assert_eq!(svg(&platform(&[3, 4])), svg(&platform(&[3, 4])));
    }
}
