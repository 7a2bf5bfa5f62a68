//! What stands on a card: what it fills, who comes with it, and the capabilities that it is wired to.

use super::canvas::{Px, chip_width, pill_width, text_width};
use crate::graph::model::Graph;

/// From the card's upper edge to the line of the first pill, and the height of such a line.
pub(super) const PILLS: Px = 24;
/// Height of a line of chips.
pub(super) const CHIPS: Px = 21;
/// Height of a line that names companions.
pub(super) const NOTE: Px = 17;
/// Title and version.
pub(super) const HEAD: Px = 46;
/// Above the first line, and below the last.
pub(super) const EDGE: Px = 14;
/// Size of the letters that name companions, in tenths of a pixel.
const NOTE_SIZE: Px = 110;

/// What stands on a card.
#[derive(Debug)]
pub(super) struct Content {
    /// The card.
    pub(super) card: usize,
    /// Capabilities that it fills, in lines.
    pub(super) fills: Vec<Vec<usize>>,
    /// Cards that come with it and fill nothing.
    companions: Vec<usize>,
    /// What names them, in lines.
    pub(super) notes: Vec<String>,
    /// Capabilities that it is wired to, in lines, and whether it cannot do without.
    pub(super) uses: Vec<Vec<(usize, bool)>>,
}

/// For each card what stands on it; none where it is named on the card of the one that it comes with.
pub(super) fn contents(graph: &Graph) -> Vec<Option<Content>> {
    let fills = |card: usize| (0..graph.nets.len()).filter(move |net| graph.nets[*net].provider == card);
    // What comes with several is named at the first of them.
    let with = |card: usize| {
        let first = graph.waits.iter().find(|w| w.companion && w.to == card && w.from != card).map(|w| w.from);
        first.filter(|_| fills(card).next().is_none())
    };
    let mut all: Vec<Option<Content>> = (0..graph.cards.len())
        .map(|card| {
            let uses = graph.nets.iter().enumerate().filter_map(|(net, n)| {
                n.consumers.iter().find(|c| c.card == card).map(|consumer| (net, consumer.required))
            });
            let uses = vec![uses.collect()];
            Some(Content { card, fills: vec![fills(card).collect()], companions: Vec::new(), notes: Vec::new(), uses })
        })
        .collect();
    for card in 0..graph.cards.len() {
        // A companion may have companions itself: all are named at the end of the chain.
        let mut chain = vec![card];
        while let Some(next) = with(chain[chain.len() - 1]).filter(|next| !chain.contains(next)) {
            chain.push(next);
        }
        let end = chain[chain.len() - 1];
        if end != card && with(end).is_none() {
            all[card] = None;
            if let Some(content) = &mut all[end] {
                content.companions.push(card);
            }
        }
    }
    all
}

impl Content {
    /// Breaks everything into lines of at most this width.
    pub(super) fn wrap(&mut self, graph: &Graph, width: Px) {
        let fills = std::mem::take(&mut self.fills).into_iter().flatten();
        self.fills = lines(fills, width, |net| pill_width(&graph.nets[*net].capability) + 6);
        let mut uses: Vec<(usize, bool)> = std::mem::take(&mut self.uses).into_iter().flatten().collect();
        uses.sort_by_key(|(net, required)| (!required, *net));
        self.uses = lines(uses, width, |(net, _)| chip_width(&graph.nets[*net].capability) + 5);
        let last = self.companions.len().saturating_sub(1);
        let names = self.companions.iter().enumerate().map(|(at, card)| {
            let (before, after) = (if at == 0 { "with " } else { "" }, if at == last { "" } else { "," });
            format!("{before}{}{after}", graph.cards[*card].title)
        });
        self.notes = lines(names, width, |name| text_width(name, NOTE_SIZE) + 4)
            .into_iter()
            .map(|line| line.join(" "))
            .collect();
    }

    pub(super) fn height(&self) -> Px {
        let chips = if self.uses.is_empty() { 0 } else { 10 + self.uses.len() as Px * CHIPS };
        2 * EDGE + self.fills.len() as Px * PILLS + HEAD + self.notes.len() as Px * NOTE + chips - 6
    }
}

/// Items one after the other, in lines that they fit into.
fn lines<T>(items: impl IntoIterator<Item = T>, width: Px, width_of: impl Fn(&T) -> Px) -> Vec<Vec<T>> {
    let mut lines: Vec<Vec<T>> = Vec::new();
    let mut used = 0;
    for item in items {
        let own = width_of(&item);
        if lines.is_empty() || used + own > width {
            lines.push(Vec::new());
            used = 0;
        }
        used += own;
        if let Some(line) = lines.last_mut() {
            line.push(item);
        }
    }
    lines
}
