//! Components: deployable systems.

use serde_json::{Value as Json, json};

use super::document::{Document, Header, Metadata};
use crate::decode::{Context, Decode, Definitions, Named, Spanned, Text, choice, record};
use crate::template::Template;
use crate::types::TypeSpec;
use crate::yaml::{Key, Node};

choice! {
    /// Where a component is in its life.
    pub enum Status {
        /// In use.
        "active" => Active,
        /// Works, but new platforms should choose something else.
        "deprecated" => Deprecated,
        /// Gets no more fixes.
        "retired" => Retired,
    }
}

choice! {
    /// Levels of the Pod Security Standards, from strict to lax.
    pub enum PodSecurity {
        /// Hardened pods.
        "restricted" => Restricted,
        /// No known privilege escalation.
        "baseline" => Baseline,
        /// Anything.
        "privileged" => Privileged,
    }
}

choice! {
    /// What happens to a component's objects when its Application is deleted.
    pub enum Deletion {
        /// They are deleted too.
        "cascade" => Cascade,
        /// They stay.
        "orphan" => Orphan,
        /// Argo CD asks first, for deleting and for pruning.
        "confirm" => Confirm,
    }
}

choice! {
    /// What a component's pods need that policies forbid by default.
    pub enum Need {
        /// Privileged containers.
        "privileged" => Privileged,
        /// The host's network.
        "host-network" => HostNetwork,
        /// The host's process ids.
        "host-pid" => HostPid,
        /// The host's IPC.
        "host-ipc" => HostIpc,
        /// Paths of the host.
        "host-path" => HostPath,
        /// Ports of the host.
        "host-ports" => HostPorts,
        /// Running as root.
        "root" => Root,
        /// Further Linux capabilities.
        "capabilities" => Capabilities,
        /// Images without signature.
        "unsigned-images" => UnsignedImages,
        /// Images from any registry.
        "any-registry" => AnyRegistry,
        /// Containers without limits.
        "no-limits" => NoLimits,
        /// Containers without probes.
        "no-probes" => NoProbes,
        /// A writable root file system.
        "writable-root" => WritableRoot,
    }
}

record! {
    /// Whether a component should still be chosen.
    pub struct Lifecycle {
        /// `active`, `deprecated` or `retired`.
        "status" => status: Status = Status::Active,
        /// Since when, as `2026-03` or `2026-03-31`.
        "since" => since: Option<Text>,
        /// Why.
        "reason" => reason: Option<Text>,
        /// What to choose instead.
        "successor" => successor: Option<Text>,
    }
}

record! {
    /// A pinned Helm chart.
    pub struct Chart {
        /// Repository: `https://…`, or `oci://…`.
        "repository" => repository: Text,
        /// The chart's name.
        "name" => name: Text,
        /// The version; or a range of versions, which the lock settles.
        "version" => version: Text,
        /// The release's name; the component's by default.
        "releaseName" => release_name: Option<Text>,
        /// The Kubernetes versions that the chart says it works with.
        "kubernetes" => kubernetes: Option<Text>,
        /// API versions that the chart is told of, as a template list.
        "apiVersions" => api_versions: Option<Template>,
        /// Leave out the chart's `crds/` folder.
        "skipCrds" => skip_crds: bool = false,
        /// Cluster-scoped kinds that the chart renders, as `group/Kind` (`/Namespace` for the core group).
        "clusterKinds" => cluster_kinds: Vec<Text>,
        /// Further namespaces that the chart writes into.
        "namespaces" => namespaces: Vec<Text>,
    }
}

record! {
    /// Pinned kustomizations of a remote repository.
    pub struct Kustomize {
        /// Git repository.
        "repository" => repository: Text,
        /// Tag or commit.
        "revision" => revision: Text,
        /// The path of a kustomization that is taken as it is.
        "path" => path: Option<Text>,
        /// Kustomizations with what is changed in them, as a template list.
        "bases" => bases: Option<Template>,
        /// Cluster-scoped kinds that it has, as `group/Kind`.
        "clusterKinds" => cluster_kinds: Vec<Text>,
        /// Further namespaces that it writes into.
        "namespaces" => namespaces: Vec<Text>,
    }
}

record! {
    /// A kustomization, and what is changed in it.
    pub struct KustomizeBase {
        /// Its path in the repository.
        "path" => path: Text,
        /// Namespace of all that is namespaced.
        "namespace" => namespace: Option<Text>,
        /// Paths of components, from its own.
        "components" => components: Vec<Text>,
        /// Images from elsewhere.
        "images" => images: Vec<KustomizeImage>,
        /// Changes of its objects.
        "patches" => patches: Vec<KustomizePatch>,
    }
}

record! {
    /// An image that is taken from elsewhere.
    pub struct KustomizeImage {
        /// Its name in the manifests, without a tag.
        "name" => name: Text,
        /// Its new name.
        "newName" => new_name: Option<Text>,
        /// Its new tag.
        "newTag" => new_tag: Option<Text>,
    }
}

record! {
    /// A change of a kustomization's objects.
    pub struct KustomizePatch {
        /// Which: `group`, `version`, `kind`, `name`, `namespace`, `labelSelector`, `annotationSelector`. The object that the
        /// patch itself names where it is absent.
        "target" => target: Named<Text>,
        /// A map that is merged into them, or a list of JSON Patch operations.
        "patch" => patch: Node,
    }
}

record! {
    /// The namespace that a component lives in.
    pub struct NamespaceSpec {
        /// Its name.
        "name" => name: Text,
        /// The Pod Security level that is enforced.
        "podSecurity" => pod_security: PodSecurity = PodSecurity::Restricted,
        /// Further labels, a template map.
        "labels" => labels: Option<Template>,
    }
}

record! {
    /// How Argo CD syncs a component.
    pub struct Sync {
        /// Server-side apply, for large objects.
        "serverSideApply" => server_side_apply: bool = false,
        /// What deleting it does.
        "deletion" => deletion: Deletion = Deletion::Cascade,
        /// Differences that are not ours to mend.
        "ignoreDifferences" => ignore_differences: Vec<Node>,
        /// Further sync options.
        "options" => options: Vec<Text>,
    }
}

impl Sync {
    /// The settings where a component says nothing.
    pub fn standard(span: crate::yaml::Span) -> Self {
        Sync {
            span,
            server_side_apply: false,
            deletion: Deletion::Cascade,
            ignore_differences: Vec::new(),
            options: Vec::new(),
        }
    }
}

record! {
    /// A key of a Secret, and the property in the store that fills it.
    pub struct SecretKey {
        /// The property at the path.
        "property" => property: Text,
        /// What it is, for the one who fills it.
        "description" => description: Option<Text>,
    }
}

record! {
    /// A file from a text template.
    pub struct FileSpec {
        /// The template below `files/`.
        "source" => source: Text,
        /// Where it goes: below `hosts/`, `pipelines/`, `access/` or `bootstrap/`.
        "target" => target: Text,
        /// Further names that the template sees.
        "with" => with: Named<Node>,
    }
}

record! {
    /// What must be so for a component to work.
    pub struct Assert {
        /// Whether it is so.
        "that" => that: Spanned<bool>,
        /// What is wrong where it is not.
        "message" => message: Text,
        /// What to do.
        "help" => help: Option<Text>,
        /// The parameter at fault, whose place is shown.
        "parameter" => parameter: Option<Text>,
    }
}

/// A capability that a component requires or uses.
#[derive(Debug)]
pub struct Want {
    /// The capability.
    pub capability: Text,
    /// Whether this component comes after the provider.
    pub wait: bool,
    /// Optional fields of the contract that the provider must publish.
    pub fields: Vec<Text>,
}

record! {
    /// A capability that a component requires or uses, with settings.
    pub struct WantMap {
        /// The capability.
        "capability" => capability: Text,
        /// Whether this component comes after the provider.
        "wait" => wait: bool = true,
        /// Optional fields of the contract that the provider must publish.
        "fields" => fields: Vec<Text>,
    }
}

impl Decode for Want {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        if node.as_map().is_some() {
            let map = WantMap::decode(node, cx)?;
            return Some(Want { capability: map.capability, wait: map.wait, fields: map.fields });
        }
        Text::decode(node, cx).map(|capability| Want { capability, wait: true, fields: Vec::new() })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "string" }, WantMap::schema(definitions)] })
    }
}

record! {
    /// A deployable system.
    pub struct Component {
        /// `stackgen.dev/v1`
        "apiVersion" => api_version: Header,
        /// `Component`
        "kind" => kind: Header,
        /// Name and description.
        "metadata" => metadata: Metadata,
        /// Whether it should still be chosen.
        "lifecycle" => lifecycle: Option<Lifecycle>,
        /// Capabilities that it can fill, each with the fields that it publishes: templates.
        "provides" => provides: Named<Template>,
        /// Capabilities that must have a provider.
        "requires" => requires: Vec<Want>,
        /// Capabilities that are wired where they have a provider.
        "uses" => uses: Vec<Want>,
        /// Components that come with this one, and before it.
        "companions" => companions: Vec<Text>,
        /// Whether it stands at all, a template; for one that fills no capability.
        "when" => when: Option<Template>,
        /// What it hands to providers, by kind: a map or a list of maps, as templates.
        "contributes" => contributes: Named<Template>,
        /// Its inputs.
        "parameters" => parameters: Named<TypeSpec>,
        /// The Helm chart that installs it.
        "chart" => chart: Option<Chart>,
        /// The remote kustomization that installs it.
        "kustomize" => kustomize: Option<Kustomize>,
        /// API groups, or `Kind.group`, whose CustomResourceDefinitions it brings.
        "crds" => crds: Vec<Text>,
        /// Those custom resources that are cluster-scoped, as `Kind.group`.
        "clusterCrds" => cluster_crds: Vec<Text>,
        /// The namespace that it lives in.
        "namespace" => namespace: Option<NamespaceSpec>,
        /// Labels for namespaces of other components: namespace to labels, a template map.
        "namespaceLabels" => namespace_labels: Option<Template>,
        /// What its pods need that policies forbid by default.
        "needs" => needs: Vec<Need>,
        /// Secrets that its pods read: a template list, never a value.
        "secrets" => secrets: Option<Template>,
        /// Files for machines, pipelines and people: a template list.
        "files" => files: Option<Template>,
        /// What must be so for it to work: a template list.
        "asserts" => asserts: Option<Template>,
        /// Whether it must exist before Argo CD can work.
        "bootstrap" => bootstrap: bool = false,
        /// How Argo CD syncs it.
        "sync" => sync: Option<Sync>,
        /// Notes for its users, in Markdown.
        "notes" => notes: Option<Text>,
    }
}

impl Document for Component {
    const KINDS: &'static [&'static str] = &["Component"];

    fn metadata(&self) -> &Metadata {
        &self.metadata
    }
}

impl Component {
    /// Requires and uses, and whether each must have a provider.
    pub fn wants(&self) -> impl Iterator<Item = (&Want, bool)> {
        self.requires.iter().map(|w| (w, true)).chain(self.uses.iter().map(|w| (w, false)))
    }

    /// The published fields of a capability.
    pub fn provides_key(&self, capability: &str) -> Option<(&Key, &Template)> {
        self.provides.get_key_value(capability)
    }
}
