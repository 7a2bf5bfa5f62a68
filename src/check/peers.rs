//! Environments that serve together must say so of each other.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::render::Rendered;

pub(super) const RULE: Rule = Rule { code: &checks::PEERS, severity: Severity::Error, run };

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let environment = &rendered.platform.settings.environment;
    for peer in &environment.peers {
        if peer.peers.contains(&environment.path) {
            continue;
        }
        let message = format!("`{}` does not name `{}` as its peer", peer.path, environment.path);
        report.find(&[&peer.path], peer.span, message, |found| {
            found.help(format!("write `peers: [{}]` in the sources of `{}`", environment.path, peer.path))
        });
    }
}
