//! The picture as a Mermaid flowchart.

use std::fmt::Write as _;

use super::model::Graph;

/// A flowchart that GitHub, GitLab and editors draw.
pub fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for lane in &graph.lanes {
        let _ = writeln!(out, "  subgraph {}[\"{}\"]", id("lane", &lane.category), text(&lane.title));
        for card in &graph.cards[lane.cards.clone()] {
            let wave = card.wave.map_or_else(String::new, |wave| format!(" · wave {wave}"));
            let label = format!("<b>{}</b><br/>{}{wave}", text(&card.title), text(&card.version));
            let _ = writeln!(out, "    {}[\"{label}\"]", id("c", &card.name));
        }
        out.push_str("  end\n");
    }
    for (from, to, label, solid) in graph.links() {
        let (from, to) = (id("c", &graph.cards[from].name), id("c", &graph.cards[to].name));
        let arrow = if solid { "-->" } else { "-.->" };
        let _ = writeln!(out, "  {from} {arrow}|\"{}\"| {to}", text(&label));
    }
    out
}

/// Words such as `end` mean something to Mermaid, so every id has a prefix.
fn id(prefix: &str, name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    format!("{prefix}_{plain}")
}

fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}
