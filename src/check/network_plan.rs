//! Address ranges of pods, Services, machines and the load balancer that overlap.

use super::{Report, Rule};
use crate::diagnostic::{Severity, codes::checks};
use crate::network::IpRange;
use crate::render::Rendered;
use crate::resolve::Platform;
use crate::yaml::{Node, Span, Value};

pub(super) const RULE: Rule = Rule { code: &checks::NETWORK_OVERLAP, severity: Severity::Error, run };

/// A range of the plan.
struct Range {
    what: Use,
    range: IpRange,
    span: Span,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Pods,
    Services,
    Machines,
    Machine,
    ApiServer,
    LoadBalancer,
}

impl Use {
    fn words(self) -> &'static str {
        match self {
            Use::Pods => "pods",
            Use::Services => "Services",
            Use::Machines => "machines",
            Use::Machine => "a machine",
            Use::ApiServer => "the API server",
            Use::LoadBalancer => "the load balancer",
        }
    }

    /// Whether two uses may share addresses: single machines, and pools of the load balancer, lie in the machines' network.
    fn may_share(self, other: Use) -> bool {
        use Use::{ApiServer, LoadBalancer, Machine, Machines};
        let inside = |u| matches!(u, Machines | Machine | ApiServer);
        (inside(self) && inside(other)) || matches!((self, other), (Machines, LoadBalancer) | (LoadBalancer, Machines))
    }
}

fn run(rendered: &Rendered<'_>, report: &mut Report<'_>) {
    let ranges = ranges(&rendered.platform);
    // A cloud's own pod network gives pods addresses of the machines' network.
    let inside =
        fact(&rendered.platform, "cni", "inMachinesNetwork").is_some_and(|f| matches!(f.value, Value::Bool(true)));
    let is_pods = |range: &Range| matches!(range.what, Use::Pods | Use::Machines | Use::Machine);
    let collide = |a: &Range, b: &Range| {
        a.range.overlaps(b.range) && !(a.what.may_share(b.what) || inside && is_pods(a) && is_pods(b))
    };
    for (index, later) in ranges.iter().enumerate() {
        // A pool over several machines is one mistake, and so is a network of machines over something else.
        let mut machines = Vec::new();
        for earlier in ranges[..index].iter().filter(|earlier| collide(earlier, later)) {
            if later.what != Use::Machines && networks_of(&ranges, later).any(|network| collide(network, earlier)) {
                continue;
            }
            if matches!(earlier.what, Use::Machine) {
                machines.push(earlier);
                continue;
            }
            tell(later, &[earlier], report);
        }
        if !machines.is_empty() {
            tell(later, &machines, report);
        }
    }
}

/// The networks of machines that a range lies in.
fn networks_of<'a>(ranges: &'a [Range], inner: &'a Range) -> impl Iterator<Item = &'a Range> {
    ranges.iter().filter(|r| {
        r.what == Use::Machines && r.range.contains(inner.range.first) && r.range.contains(inner.range.last)
    })
}

/// One range over others of one use.
fn tell(later: &Range, earlier: &[&Range], report: &mut Report<'_>) {
    let Some(first) = earlier.first() else { return };
    let shown: Vec<String> = earlier.iter().map(|r| r.range.to_string()).collect();
    let words = if earlier.len() == 1 { first.what.words() } else { Use::Machines.words() };
    let message = format!("{} of {} overlaps {} of {words}", later.range, later.what.words(), shown.join(", "));
    report.find(&["cluster"], later.span, message, |found| {
        if later.span == first.span {
            return found.here(format!("both come from here: {} and {}", first.range, later.range));
        }
        let found = found.here(format!("of {}", later.what.words()));
        let found = match (first.what, later.what) {
            (Use::Pods, Use::Machines) => found.help(
                "give pods a range of their own, or set up a pod network that takes their addresses from the machines'",
            ),
            _ => found,
        };
        earlier.iter().fold(found, |found, r| found.label(r.span, format!("of {}", r.what.words())))
    });
}

fn ranges(platform: &Platform<'_>) -> Vec<Range> {
    let cluster = &platform.settings.cluster;
    let mut ranges = Vec::new();
    let nets = [
        (Use::Pods, &cluster.pod_cidrs),
        (Use::Services, &cluster.service_cidrs),
        (Use::Machines, &cluster.node_cidrs),
    ];
    for (what, nets) in nets {
        ranges.extend(nets.iter().map(|c| Range { what, range: IpRange::of(c.net), span: c.span }));
    }
    for node in &cluster.nodes {
        let range = IpRange { first: node.address.ip, last: node.address.ip };
        ranges.push(Range { what: Use::Machine, range, span: node.address.span });
    }
    if let Some(api) = &cluster.api_server
        && let Some(range) = IpRange::parse(&api.host.text)
    {
        ranges.push(Range { what: Use::ApiServer, range, span: api.host.span });
    }
    for node in pools(platform) {
        ranges.extend(node.as_str().and_then(IpRange::parse).map(|range| Range {
            what: Use::LoadBalancer,
            range,
            span: node.span,
        }));
    }
    ranges
}

/// The addresses that the load balancer may hand out.
pub(super) fn pools<'a>(platform: &'a Platform<'_>) -> &'a [Node] {
    fact(platform, "load-balancer", "addresses").and_then(Node::as_seq).unwrap_or_default()
}

/// What the provider of a capability publishes.
fn fact<'a>(platform: &'a Platform<'_>, capability: &str, field: &str) -> Option<&'a Node> {
    platform.provider(capability)?.published.get(capability)?.get(field)
}
