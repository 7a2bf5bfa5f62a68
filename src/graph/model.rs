//! What a picture of a platform shows: components in lanes, and the capabilities that connect them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::render::{Reason, Rendered};
use crate::resolve::{Instance, Platform};
use crate::source::Status;

/// The order of lanes, from what people see down to machines; others come first, by alphabet.
const CATEGORIES: [(&str, &str); 9] = [
    ("delivery", "Delivery"),
    ("identity", "Identity"),
    ("platform", "Platform"),
    ("observability", "Observability"),
    ("security", "Security"),
    ("network", "Network"),
    ("storage", "Storage"),
    ("data", "Data"),
    ("host", "Hosts"),
];

/// A platform as a picture shows it.
#[derive(Debug)]
pub struct Graph {
    /// The environment's path.
    pub environment: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// What it is, in a line.
    pub subtitle: String,
    /// Components by category.
    pub lanes: Vec<Lane>,
    /// All components: lane by lane, those that fill a capability first, by wave and name.
    pub cards: Vec<Card>,
    /// Capabilities that connect components, by name.
    pub nets: Vec<Net>,
    /// Who waits for whom for another reason than a capability.
    pub waits: Vec<Wait>,
}

/// A category of components.
#[derive(Debug)]
pub struct Lane {
    /// The category.
    pub category: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// The cards in it: a range of [`Graph::cards`].
    pub cards: std::ops::Range<usize>,
}

/// A component.
#[derive(Debug)]
pub struct Card {
    /// Its name.
    pub name: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// The version of its chart, or how else it is delivered.
    pub version: String,
    /// Its sync wave; none where it has no Application.
    pub wave: Option<u32>,
    /// The capabilities that it fills.
    pub fills: Vec<Arc<str>>,
    /// Whether it should still be chosen.
    pub status: Status,
}

/// A capability with its provider and all that use it.
#[derive(Debug)]
pub struct Net {
    /// The capability.
    pub capability: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// The card of the provider.
    pub provider: usize,
    /// The cards that use it, sorted.
    pub consumers: Vec<Consumer>,
}

/// A component that uses a capability.
#[derive(Clone, Copy, Debug)]
pub struct Consumer {
    /// Its card.
    pub card: usize,
    /// Whether it cannot do without.
    pub required: bool,
    /// Whether it comes after the provider.
    pub waits: bool,
}

/// One component waits for another.
#[derive(Debug)]
pub struct Wait {
    /// The card that waits.
    pub from: usize,
    /// The card that comes first.
    pub to: usize,
    /// Why, in a word.
    pub label: String,
    /// Whether it comes with the one that waits.
    pub companion: bool,
}

/// The picture of an environment.
pub fn graph(rendered: &Rendered<'_>) -> Graph {
    let platform = &rendered.platform;
    let mut order: Vec<usize> = (0..platform.instances.len()).collect();
    let wave = |instance: &Instance<'_>| rendered.unit(&instance.name).map(|unit| unit.wave);
    order.sort_by_key(|i| {
        let instance = &platform.instances[*i];
        let category = category(instance);
        (rank(&category), category, instance.fills.is_empty(), wave(instance), instance.name.clone())
    });
    let cards: Vec<Card> = order.iter().map(|i| card(rendered, &platform.instances[*i])).collect();
    let mut place = vec![0; order.len()];
    for (card, instance) in order.iter().enumerate() {
        place[*instance] = card;
    }
    Graph {
        environment: platform.settings.environment.path.clone(),
        title: title(rendered),
        subtitle: subtitle(rendered),
        lanes: lanes(platform, &order),
        cards,
        nets: nets(platform, &place),
        waits: waits(rendered, &place),
    }
}

fn category(instance: &Instance<'_>) -> Arc<str> {
    instance.source.component.metadata.category.as_ref().map_or_else(|| Arc::from("platform"), |c| c.text.clone())
}

/// The place of a category among those that have one.
pub(super) fn rank(category: &str) -> Option<usize> {
    CATEGORIES.iter().position(|(name, _)| *name == category)
}

fn lane_title(category: &str) -> String {
    if let Some((_, title)) = CATEGORIES.iter().find(|(name, _)| *name == category) {
        return (*title).to_owned();
    }
    let mut letters = category.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn lanes(platform: &Platform<'_>, order: &[usize]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for (card, instance) in order.iter().enumerate() {
        let category = category(&platform.instances[*instance]);
        match lanes.last_mut().filter(|lane| lane.category == category) {
            Some(lane) => lane.cards.end = card + 1,
            None => lanes.push(Lane { title: lane_title(&category), category, cards: card..card + 1 }),
        }
    }
    lanes
}

fn card(rendered: &Rendered<'_>, instance: &Instance<'_>) -> Card {
    let component = &instance.source.component;
    let version = match (&instance.chart, &component.kustomize) {
        (Some(chart), _) => format!("{} {}", chart.name, chart.version),
        (None, Some(kustomize)) => kustomize.revision.text.to_string(),
        (None, None) if instance.source.resources.is_empty() => "files".to_owned(),
        (None, None) => "resources".to_owned(),
    };
    Card {
        name: instance.name.clone(),
        title: component.metadata.title().to_owned(),
        version,
        wave: rendered.unit(&instance.name).map(|unit| unit.wave),
        fills: instance.fills.clone(),
        status: component.lifecycle.as_ref().map_or(Status::Active, |l| l.status),
    }
}

fn title(rendered: &Rendered<'_>) -> String {
    let environment = rendered.platform.settings.environment;
    let title = environment.layers.iter().rev().find(|l| l.is_environment()).and_then(|l| l.metadata.title.as_ref());
    title.map_or_else(|| environment.name.to_string(), |title| title.text.to_string())
}

fn subtitle(rendered: &Rendered<'_>) -> String {
    let platform = &rendered.platform;
    let settings = &platform.settings;
    let cluster = &settings.cluster;
    let waves = rendered.units.iter().map(|unit| unit.wave + 1).max().unwrap_or(0);
    let count = |number: usize, one: &str| format!("{number} {one}{}", if number == 1 { "" } else { "s" });
    let mut parts = vec![
        settings.architecture.metadata.title().to_owned(),
        format!("Kubernetes {}", cluster.kubernetes.0.text),
        count(platform.instances.len(), "component"),
        count(waves as usize, "wave"),
    ];
    if !cluster.nodes.is_empty() {
        parts.insert(2, count(cluster.nodes.len(), "node"));
    }
    parts.join(" · ")
}

fn nets(platform: &Platform<'_>, place: &[usize]) -> Vec<Net> {
    let mut nets: BTreeMap<&Arc<str>, Net> = BTreeMap::new();
    for (capability, provider) in &platform.providers {
        let document = platform.program.capabilities.get(capability);
        let title = document.map_or_else(|| capability.to_string(), |c| c.metadata.title().to_owned());
        let net =
            Net { capability: capability.clone(), title, provider: place[provider.instance], consumers: Vec::new() };
        nets.insert(capability, net);
    }
    for (index, instance) in platform.instances.iter().enumerate() {
        for (want, required) in instance.source.component.wants() {
            if let Some(net) = nets.get_mut(&want.capability.text).filter(|net| net.provider != place[index]) {
                net.consumers.push(Consumer { card: place[index], required, waits: want.wait });
            }
        }
    }
    let mut nets: Vec<Net> = nets.into_values().collect();
    for net in &mut nets {
        net.consumers.sort_by_key(|consumer| (consumer.card, !consumer.required, !consumer.waits));
        net.consumers.dedup_by_key(|consumer| consumer.card);
    }
    nets
}

fn waits(rendered: &Rendered<'_>, place: &[usize]) -> Vec<Wait> {
    let card = |unit: usize| rendered.units[unit].instance.map(|instance| place[instance]);
    let mut waits: Vec<Wait> = Vec::new();
    for edge in &rendered.edges {
        let label = match &edge.reason {
            Reason::Companion => "companion".to_owned(),
            Reason::CustomResource(group) => group.to_string(),
            Reason::Namespace | Reason::Capability(_) => continue,
        };
        if let (Some(from), Some(to)) = (card(edge.from), card(edge.to)) {
            let companion = matches!(edge.reason, Reason::Companion);
            waits.push(Wait { from, to, label, companion });
        }
    }
    waits
}

impl Graph {
    /// One link for each pair of components: who needs whom, what for, and whether it cannot do without. Sorted.
    pub fn links(&self) -> Vec<(usize, usize, String, bool)> {
        let mut links: BTreeMap<(usize, usize), (Vec<&str>, bool)> = BTreeMap::new();
        for net in &self.nets {
            for consumer in &net.consumers {
                let link = links.entry((consumer.card, net.provider)).or_default();
                link.0.push(&net.capability);
                link.1 |= consumer.required;
            }
        }
        for wait in &self.waits {
            let link = links.entry((wait.from, wait.to)).or_default();
            link.0.push(&wait.label);
            link.1 = true;
        }
        links.into_iter().map(|((from, to), (labels, solid))| (from, to, labels.join(", "), solid)).collect()
    }
}
