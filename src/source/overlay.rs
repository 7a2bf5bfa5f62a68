//! Overlays and environments: layers of decisions.

use super::component::Deletion;
use super::day::Day;
use super::document::{Document, Header, Metadata};
use crate::decode::{Named, Spanned, Text, choice, record};
use crate::template::Template;
use crate::yaml::Node;

choice! {
    /// How large a platform, or a component of it, is.
    pub enum Size {
        /// One node, no spare.
        "small" => Small,
        /// A few nodes.
        "standard" => Standard,
        /// No single point of failure.
        "ha" => Ha,
    }
}

choice! {
    /// Who renders a chart.
    pub enum Delivery {
        /// Argo CD, from the pinned chart and our values.
        "helm" => Helm,
        /// This build: the objects lie in git.
        "rendered" => Rendered,
    }
}

record! {
    /// Changes to a chart's pin.
    pub struct ChartPatch {
        /// Another repository, such as a mirror.
        "repository" => repository: Option<Text>,
        /// Another version.
        "version" => version: Option<Text>,
        /// Who renders it, instead of what `gitops.delivery` says.
        "delivery" => delivery: Option<Delivery>,
    }
}

record! {
    /// Changes to how Argo CD syncs a component.
    pub struct SyncPatch {
        /// Server-side apply, for large objects.
        "serverSideApply" => server_side_apply: Option<bool>,
        /// What deleting it does.
        "deletion" => deletion: Option<Deletion>,
        /// Further differences that are not ours to mend.
        "ignoreDifferences" => ignore_differences: Vec<Node>,
        /// Further sync options.
        "options" => options: Vec<Text>,
    }
}

record! {
    /// What a layer says of one component.
    pub struct ComponentPatch {
        /// Off, or on although nothing binds it.
        "enabled" => enabled: Option<Spanned<bool>>,
        /// Its size, instead of the cluster's.
        "size" => size: Option<Spanned<Size>>,
        /// Values of parameters: templates.
        "parameters" => parameters: Named<Template>,
        /// A patch of its Helm values: a template.
        "values" => values: Option<Template>,
        /// Patches of its objects, by `Kind/name`: templates.
        "resources" => resources: Named<Template>,
        /// Further objects: a template list.
        "addResources" => add_resources: Option<Template>,
        /// Changes to its chart's pin.
        "chart" => chart: Option<ChartPatch>,
        /// Changes to how Argo CD syncs it.
        "sync" => sync: Option<SyncPatch>,
    }
}

record! {
    /// A finding of `check` that is accepted.
    pub struct Waiver {
        /// The finding's code.
        "check" => check: Text,
        /// The component or object that it is accepted for; everywhere where this is absent.
        "where" => place: Option<Text>,
        /// Why.
        "reason" => reason: Text,
        /// The last day on which it is accepted, as `2027-01-31`. `stackgen check --today` asks for it; a build knows no date.
        "until" => until: Option<Spanned<Day>>,
    }
}

record! {
    /// A layer of decisions. The last one of a chain is an environment: one cluster.
    pub struct Overlay {
        /// `stackgen.dev/v1`
        "apiVersion" => api_version: Header,
        /// `Overlay` or `Environment`
        "kind" => kind: Text,
        /// Name and description.
        "metadata" => metadata: Metadata,
        /// The architecture.
        "architecture" => architecture: Option<Text>,
        /// Profiles, from general to special.
        "profiles" => profiles: Vec<Text>,
        /// Environments whose layers come before this one's.
        "extends" => extends: Vec<Text>,
        /// Environments that serve the same hosts as this one: an environment's own, not inherited.
        "peers" => peers: Vec<Text>,
        /// Facts of the cluster.
        "cluster" => cluster: Option<Node>,
        /// Where git is, and how Argo CD reads it.
        "gitops" => gitops: Option<Node>,
        /// Capability to component, instead of the architecture's binding.
        "select" => select: Named<Text>,
        /// What this layer says of components.
        "components" => components: Named<ComponentPatch>,
        /// Findings that are accepted.
        "waive" => waive: Vec<Waiver>,
    }
}

impl Document for Overlay {
    const KINDS: &'static [&'static str] = &["Overlay", "Environment"];

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl Overlay {
    /// Whether it is an environment.
    pub fn is_environment(&self) -> bool {
        &*self.kind.text == "Environment"
    }
}
