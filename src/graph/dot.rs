//! The picture as Graphviz draws it.

use std::fmt::Write as _;

use super::model::Graph;

/// A digraph for `dot`.
pub fn dot(graph: &Graph) -> String {
    let mut out = format!("digraph {} {{\n", quoted(&graph.environment));
    out.push_str(
        "  rankdir=LR;\n  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"Helvetica\"];\n",
    );
    out.push_str("  edge [fontname=\"Helvetica\", fontsize=10, color=\"#64748b\"];\n");
    let _ = writeln!(
        out,
        "  label={}; labelloc=t; fontname=\"Helvetica\";",
        quoted(&format!("{}\n{}", graph.title, graph.subtitle))
    );
    for lane in &graph.lanes {
        let _ = writeln!(out, "  subgraph {} {{", quoted(&format!("cluster_{}", lane.category)));
        let _ = writeln!(out, "    label={}; style=rounded; color=\"#94a3b8\";", quoted(&lane.title));
        for card in &graph.cards[lane.cards.clone()] {
            let wave = card.wave.map_or_else(String::new, |wave| format!(" · wave {wave}"));
            let label = quoted(&format!("{}\n{}{wave}", card.title, card.version));
            let _ = writeln!(out, "    {} [label={label}];", quoted(&card.name));
        }
        out.push_str("  }\n");
    }
    for (from, to, label, solid) in graph.links() {
        let (from, to) = (quoted(&graph.cards[from].name), quoted(&graph.cards[to].name));
        let style = if solid { "solid" } else { "dashed" };
        let _ = writeln!(out, "  {from} -> {to} [label={}, style={style}];", quoted(&label));
    }
    out.push_str("}\n");
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
