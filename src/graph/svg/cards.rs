//! Lanes and cards.

use super::canvas::{Canvas, Px, escape, fit, text_width};
use super::content::{CHIPS, Content, EDGE, HEAD, NOTE, PILLS};
use super::layout::{INSET, Layout, Rect};
use super::{color, lane_color};
use crate::graph::model::{Card, Graph};
use crate::source::Status;

pub(super) fn panels(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    for (lane, rect) in &layout.panels {
        let color = lane_color(graph, *lane);
        canvas.rect("panel", [rect.x, rect.y, rect.width, rect.height], 14);
        canvas.filled([rect.x + 16, rect.y + 14, 12, 12], 4, color);
        canvas.text("lane", rect.x + 36, rect.y + 24, &graph.lanes[*lane].title.to_uppercase());
    }
}

pub(super) fn cards(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    for (rect, content) in &layout.cards {
        card(graph, rect, content, canvas);
    }
}

fn card(graph: &Graph, rect: &Rect, content: &Content, canvas: &mut Canvas) {
    let card = &graph.cards[content.card];
    canvas.raw(&format!("<g><title>{}</title>", escape(&hint(card))));
    canvas.rect("card", [rect.x, rect.y, rect.width, rect.height], 10);
    let left = rect.x + INSET;
    let mut y = rect.y + EDGE;
    for line in &content.fills {
        let mut x = left;
        for net in line {
            x += canvas.pill(x, y, color(graph, *net), &graph.nets[*net].capability) + 6;
        }
        y += PILLS;
    }
    let badge = card.wave.map_or(0, |wave| badge(wave, rect.x + rect.width, y, canvas));
    // A long name is written smaller before it is cut.
    let room = rect.width - 2 * INSET - badge;
    let (class, size) = if text_width(&card.title, 150) > room { ("title small", 125) } else { ("title", 150) };
    canvas.text(class, left, y + 15, &fit(&card.title, size, room));
    let mut room = rect.width - 2 * INSET;
    if card.status != Status::Active {
        let word = card.status.word();
        let width = text_width(word, 115);
        canvas.text("version warn", rect.x + rect.width - INSET - width, y + 34, word);
        room -= width + 8;
    }
    canvas.text("version", left, y + 34, &fit(&card.version, 115, room));
    y += HEAD;
    for line in &content.notes {
        canvas.text("with", left, y + 9, &fit(line, 110, rect.width - 2 * INSET));
        y += NOTE;
    }
    y += 10 - 6;
    for line in &content.uses {
        let mut x = left;
        for (net, required) in line {
            x += canvas.chip(x, y, color(graph, *net), *required, &graph.nets[*net].capability) + 5;
        }
        y += CHIPS;
    }
    canvas.raw("</g>");
}

fn hint(card: &Card) -> String {
    let wave = card.wave.map_or_else(String::new, |wave| format!(", wave {wave}"));
    format!("{} ({}){wave}", card.title, card.name)
}

/// The wave at the right of the title. Gives its width.
fn badge(wave: u32, right: Px, top: Px, canvas: &mut Canvas) -> Px {
    let text = wave.to_string();
    let width = (text_width(&text, 110) + 12).max(22);
    canvas.rect("badge", [right - width - 12, top, width, 20], 10);
    canvas.text("wave", right - 12 - width / 2, top + 14, &text);
    width + 12
}
