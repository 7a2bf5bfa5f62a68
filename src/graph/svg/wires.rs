//! How wires run: from the provider to its track, along a trunk to other rows, and down to all that use it.

use super::canvas::{Canvas, Px};
use super::color;
use super::layout::{Layout, Port};
use crate::graph::model::Graph;

/// Radius of bends.
const BEND: Px = 6;

/// A row that a wire runs through.
struct Branch {
    y: Px,
    /// Where it goes down to cards: the card and the place.
    drops: Vec<(usize, Px)>,
}

/// Draws all wires; where they cross, the one that goes down passes over.
pub(super) fn draw(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    let nets: Vec<(usize, Vec<Branch>)> = (0..graph.nets.len()).map(|net| (net, branches(layout, net))).collect();
    for (net, branches) in &nets {
        let along = along(layout, *net, branches);
        if !along.is_empty() {
            canvas.path("wire", Some(color(graph, *net)), &along);
        }
    }
    for (net, branches) in &nets {
        let trunk = trunk(graph, layout, *net, branches).concat();
        if !trunk.is_empty() {
            canvas.path("page-halo", None, &trunk);
            canvas.path("wire", Some(color(graph, *net)), &trunk);
        }
    }
    for (net, branches) in &nets {
        for (straight, path) in down(graph, layout, *net, branches) {
            canvas.path("halo", None, &straight);
            canvas.path("wire", Some(color(graph, *net)), &path);
        }
    }
}

/// Dots where wires meet cards: large for the provider, full for what is required, hollow for what is used.
pub(super) fn ends(graph: &Graph, layout: &Layout, canvas: &mut Canvas) {
    for (card, ports) in layout.ports.iter().enumerate() {
        let y = layout.cards[card].y;
        for Port { net, x } in ports {
            let color = color(graph, *net);
            let net = &graph.nets[*net];
            let required = net.consumers.iter().any(|consumer| consumer.card == card && consumer.required);
            canvas.raw(&match (net.provider == card, required) {
                (true, _) => format!(
                    "<rect x=\"{}\" y=\"{}\" width=\"12\" height=\"12\" rx=\"3\" fill=\"{color}\"/>",
                    x - 6,
                    y - 6
                ),
                (false, true) => format!("<circle cx=\"{x}\" cy=\"{y}\" r=\"4.5\" fill=\"{color}\"/>"),
                (false, false) => {
                    format!("<circle class=\"hollow\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\" stroke=\"{color}\"/>")
                }
            });
        }
    }
}

fn branches(layout: &Layout, net: usize) -> Vec<Branch> {
    let mut branches = Vec::new();
    for row in &layout.rows {
        let Some((_, y)) = row.tracks.iter().find(|(n, _)| *n == net) else { continue };
        let drops = row
            .cards
            .iter()
            .filter_map(|card| layout.ports[*card].iter().find(|port| port.net == net).map(|port| (*card, port.x)));
        branches.push(Branch { y: *y, drops: drops.collect() });
    }
    branches
}

/// The place of the provider: which branch, and where on it.
fn source(graph: &Graph, net: usize, branches: &[Branch]) -> Option<(usize, Px)> {
    let provider = graph.nets[net].provider;
    branches
        .iter()
        .enumerate()
        .find_map(|(at, branch)| branch.drops.iter().find(|(card, _)| *card == provider).map(|(_, x)| (at, *x)))
}

/// The parts above rows.
fn along(layout: &Layout, net: usize, branches: &[Branch]) -> String {
    let trunk = layout.trunks[net];
    let paths = branches.iter().map(|Branch { y, drops }| {
        let from = if branches.len() > 1 { trunk + BEND } else { drops.iter().map(|d| d.1).min().unwrap_or(0) + BEND };
        let to = drops.iter().map(|d| d.1).max().unwrap_or(from) - BEND;
        format!("M{from} {y}H{}", to.max(from))
    });
    paths.collect()
}

/// The parts between rows.
fn trunk(graph: &Graph, layout: &Layout, net: usize, branches: &[Branch]) -> Vec<String> {
    let Some((home, _)) = source(graph, net, branches) else { return Vec::new() };
    let x = layout.trunks[net];
    let start = branches[home].y;
    let mut paths = Vec::new();
    let above = branches[..home].first();
    let below = branches[home + 1..].last();
    for (end, turn) in above.map(|b| (b.y, -BEND)).into_iter().chain(below.map(|b| (b.y, BEND))) {
        paths.push(format!(
            "M{} {start}Q{x} {start} {x} {}V{}Q{x} {end} {} {end}",
            x + BEND,
            start + turn,
            end - turn,
            x + BEND
        ));
    }
    for (at, branch) in branches.iter().enumerate() {
        let is_end = at == home || at == 0 || at + 1 == branches.len();
        if !is_end {
            let turn = if at < home { -BEND } else { BEND };
            paths.push(format!("M{x} {}Q{x} {} {} {}", branch.y - turn, branch.y, x + BEND, branch.y));
        }
    }
    paths
}

/// The parts down to cards: the straight part, and all of it.
fn down(graph: &Graph, layout: &Layout, net: usize, branches: &[Branch]) -> Vec<(String, String)> {
    let Some((home, source)) = source(graph, net, branches) else { return Vec::new() };
    let has_trunk = branches.len() > 1;
    let mut paths = Vec::new();
    for (at, Branch { y, drops }) in branches.iter().enumerate() {
        let bend = |x: Px, side: Px| format!("M{} {y}Q{x} {y} {x} {}", x + side, y + BEND);
        let right = drops.iter().map(|d| d.1).max().unwrap_or(source);
        let left = drops.iter().map(|d| d.1).min().unwrap_or(source);
        for (card, x) in drops {
            let foot = layout.cards[*card].y;
            let straight = format!("M{x} {}V{foot}", y + BEND);
            let mut whole = String::new();
            let is_source = at == home && *x == source;
            let from_left = if is_source { has_trunk || left < *x } else { at != home || source < *x };
            let from_right = if is_source { right > *x } else { at == home && source > *x };
            if from_left {
                whole.push_str(&bend(*x, -BEND));
            }
            if from_right {
                whole.push_str(&bend(*x, BEND));
            }
            whole.push_str(&straight);
            paths.push((straight, whole));
        }
    }
    paths
}
