//! Lanes and cards.

use super::canvas::{Canvas, Px, escape, fit, text_width};
use super::color;
use super::layout::{Layout, PILLS, pill_lines};
use crate::graph::model::{Card, Graph};
use crate::source::Status;

pub(super) fn panels(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    for (lane, rect) in graph.lanes.iter().zip(&layout.panels) {
        canvas.rect("panel", [rect.x, rect.y, rect.width, rect.height], 14);
        canvas.text("lane", rect.x + 18, rect.y + 22, &lane.title.to_uppercase());
    }
}

pub(super) fn cards(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    for (index, card) in graph.cards.iter().enumerate() {
        let rect = layout.cards[index];
        canvas.raw(&format!("<g><title>{}</title>", escape(&hint(card))));
        canvas.rect("card", [rect.x, rect.y, rect.width, rect.height], 10);
        let badge = card.wave.map_or(0, |wave| badge(wave, rect.x + rect.width, rect.y, canvas));
        canvas.text("title", rect.x + 14, rect.y + 27, &fit(&card.title, 140, rect.width - 18 - badge));
        let mut room = rect.width - 28;
        if card.status != Status::Active {
            let word = card.status.word();
            let width = text_width(word, 115);
            canvas.text("version warn", rect.x + rect.width - 14 - width, rect.y + 46, word);
            room -= width + 8;
        }
        canvas.text("version", rect.x + 14, rect.y + 46, &fit(&card.version, 115, room));
        let mut y = rect.y + 56;
        for line in pill_lines(graph, index, rect.width) {
            let mut x = rect.x + 12;
            for net in line {
                x += canvas.pill(x, y, color(graph, net), &graph.nets[net].capability) + 6;
            }
            y += PILLS;
        }
        canvas.raw("</g>");
    }
}

fn hint(card: &Card) -> String {
    let wave = card.wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
    format!("{} ({}){wave}", card.title, card.name)
}

/// The wave in the upper right corner. Gives its width.
fn badge(wave: u32, right: Px, top: Px, canvas: &mut Canvas) -> Px {
    let text = wave.to_string();
    let width = (text_width(&text, 110) + 12).max(22);
    canvas.rect("badge", [right - width - 10, top + 12, width, 20], 10);
    canvas.text("wave", right - 10 - width / 2, top + 26, &text);
    width + 8
}
