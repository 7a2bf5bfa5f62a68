//! Objects that are deleted, and what goes with them.

use super::changed::{Changed, texts};
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::{Node, Value};

const DATA: Rule = Rule {
    id: "data-object-deleted",
    level: Level::DataLoss,
    title: "object that holds data is deleted",
    advice: "What it holds goes with it. Back it up, or keep the object: give it the annotation \
             `argocd.argoproj.io/sync-options: Prune=false` and merge that first.",
};

const NEEDED: Rule = Rule {
    id: "needed-object-deleted",
    level: Level::Outage,
    title: "object that others need is deleted",
    advice: "What uses it stops working. See that nothing does any more.",
};

const OTHER: Rule = Rule {
    id: "object-deleted",
    level: Level::Info,
    title: "object deleted",
    advice: "Argo CD removes it from the cluster.",
};

const KEPT: Rule = Rule {
    id: "object-left-behind",
    level: Level::Info,
    title: "object stays behind in the cluster",
    advice: "Nothing deletes it and nothing manages it any more. Delete it by hand when it is not needed.",
};

pub(super) const RULES: &[&Rule] = &[&DATA, &NEEDED, &OTHER, &KEPT];

/// Kinds that hold data: (group, kind, what goes with the object).
const HOLDS_DATA: [(&str, &str, &str); 17] = [
    ("", "Namespace", "everything in the namespace goes with it, claims and Secrets too"),
    ("", "PersistentVolume", "the cluster no longer knows the volume"),
    ("", "PersistentVolumeClaim", "its volume is deleted too, unless the volume's reclaim policy is Retain"),
    ("ceph.rook.io", "CephBlockPool", "the volumes in it can go with it"),
    ("ceph.rook.io", "CephBlockPoolRadosNamespace", "the volumes in it can go with it"),
    ("ceph.rook.io", "CephCluster", "the whole storage cluster stops"),
    ("ceph.rook.io", "CephFilesystem", "the files in it can go with it"),
    ("ceph.rook.io", "CephFilesystemSubVolumeGroup", "the files in it can go with it"),
    ("ceph.rook.io", "CephObjectStore", "the buckets in it can go with it"),
    ("ceph.rook.io", "CephObjectStoreUser", "the user and its keys go with it"),
    ("elasticsearch.k8s.elastic.co", "Elasticsearch", "by default its volumes are deleted with it"),
    ("kubeflow.org", "Profile", "the profile's namespace and all in it go with it"),
    ("longhorn.io", "BackupTarget", "backups there are no longer known"),
    ("longhorn.io", "Volume", "the volume and its data go with it"),
    (
        "objectbucket.io",
        "ObjectBucketClaim",
        "its bucket is deleted too, unless its storage class has the reclaim policy Retain",
    ),
    ("postgresql.cnpg.io", "Cluster", "the databases and their volumes go with it"),
    ("velero.io", "BackupStorageLocation", "Velero no longer knows the backups that are there"),
];

/// Kinds that others need: (group, kind, what stops).
const NEEDED_BY_OTHERS: [(&str, &str, &str); 51] = [
    ("", "ConfigMap", "pods that mount it do not start"),
    ("", "Secret", "pods that read it do not start"),
    ("", "Service", "its name and address no longer answer"),
    ("", "ServiceAccount", "pods that run as it cannot be made"),
    ("apps", "DaemonSet", "its pods are deleted"),
    ("apps", "Deployment", "its pods are deleted"),
    ("apps", "StatefulSet", "its pods are deleted; claims made from its templates stay by default"),
    ("argoproj.io", "Rollout", "its pods are deleted"),
    ("batch", "CronJob", "its jobs no longer run"),
    ("cert-manager.io", "Certificate", "the certificate is no longer renewed"),
    ("cert-manager.io", "ClusterIssuer", "its certificates are no longer renewed"),
    ("cert-manager.io", "Issuer", "its certificates are no longer renewed"),
    ("cilium.io", "CiliumBGPAdvertisement", "its routes are withdrawn"),
    ("cilium.io", "CiliumBGPClusterConfig", "its BGP sessions end"),
    ("cilium.io", "CiliumBGPPeerConfig", "BGP sessions that use it end"),
    ("cilium.io", "CiliumEgressGatewayPolicy", "traffic leaves with other addresses"),
    ("cilium.io", "CiliumL2AnnouncementPolicy", "addresses are no longer announced"),
    ("cilium.io", "CiliumLoadBalancerIPPool", "Services lose the addresses that they have from it"),
    ("crd.projectcalico.org", "BGPPeer", "its BGP session ends"),
    ("crd.projectcalico.org", "IPPool", "no pod gets an address from it any more"),
    ("external-secrets.io", "ClusterExternalSecret", "its Secrets are deleted, or no longer kept up to date"),
    ("external-secrets.io", "ClusterSecretStore", "Secrets are no longer read from it"),
    (
        "external-secrets.io",
        "ExternalSecret",
        "its Secret is deleted with it where the creation policy is Owner, the default",
    ),
    ("external-secrets.io", "SecretStore", "Secrets are no longer read from it"),
    ("gateway.networking.k8s.io", "GRPCRoute", "its hosts no longer answer"),
    ("gateway.networking.k8s.io", "Gateway", "all its hosts no longer answer"),
    ("gateway.networking.k8s.io", "GatewayClass", "its Gateways are no longer served"),
    ("gateway.networking.k8s.io", "HTTPRoute", "its hosts no longer answer"),
    ("gateway.networking.k8s.io", "TCPRoute", "its ports no longer answer"),
    ("gateway.networking.k8s.io", "TLSRoute", "its hosts no longer answer"),
    ("k8s.keycloak.org", "Keycloak", "nobody can sign in through it any more"),
    ("k8s.keycloak.org", "KeycloakRealmImport", "the realm itself stays, but is not made anew where it is lost"),
    ("metallb.io", "BGPAdvertisement", "its routes are withdrawn"),
    ("metallb.io", "BGPPeer", "its BGP session ends"),
    ("metallb.io", "IPAddressPool", "Services lose the addresses that they have from it"),
    ("metallb.io", "L2Advertisement", "addresses are no longer announced"),
    ("monitoring.coreos.com", "Alertmanager", "alerts are no longer sent"),
    ("monitoring.coreos.com", "Prometheus", "metrics are no longer collected"),
    ("networking.istio.io", "Gateway", "its hosts no longer answer"),
    ("networking.istio.io", "VirtualService", "its routes are gone"),
    ("networking.k8s.io", "Ingress", "its hosts no longer answer"),
    ("networking.k8s.io", "IngressClass", "its Ingresses are no longer served"),
    ("operator.tigera.io", "Installation", "the pod network is taken down"),
    ("projectcalico.org", "BGPConfiguration", "BGP falls back to its defaults"),
    ("projectcalico.org", "BGPPeer", "its BGP session ends"),
    ("projectcalico.org", "IPPool", "no pod gets an address from it any more"),
    ("secrets.hashicorp.com", "VaultAuth", "Secrets are no longer read through it"),
    ("secrets.hashicorp.com", "VaultConnection", "Secrets are no longer read through it"),
    ("secrets.hashicorp.com", "VaultStaticSecret", "its Secret is no longer kept up to date"),
    ("storage.k8s.io", "StorageClass", "no new volume can be made with it"),
    ("velero.io", "Schedule", "its backups are no longer made"),
];

/// Kinds whose deletion other families tell of.
const TOLD_ELSEWHERE: [(&str, &str); 26] = [
    ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"),
    ("argoproj.io", "AppProject"),
    ("argoproj.io", "Application"),
    ("cilium.io", "CiliumClusterwideNetworkPolicy"),
    ("cilium.io", "CiliumNetworkPolicy"),
    ("crd.projectcalico.org", "GlobalNetworkPolicy"),
    ("crd.projectcalico.org", "NetworkPolicy"),
    ("kyverno.io", "ClusterPolicy"),
    ("kyverno.io", "Policy"),
    ("networking.k8s.io", "NetworkPolicy"),
    ("policies.kyverno.io", "ImageValidatingPolicy"),
    ("policies.kyverno.io", "MutatingPolicy"),
    ("policies.kyverno.io", "NamespacedImageValidatingPolicy"),
    ("policies.kyverno.io", "NamespacedValidatingPolicy"),
    ("policies.kyverno.io", "ValidatingPolicy"),
    ("policy", "PodDisruptionBudget"),
    ("policy.networking.k8s.io", "ClusterNetworkPolicy"),
    ("projectcalico.org", "GlobalNetworkPolicy"),
    ("projectcalico.org", "NetworkPolicy"),
    ("rbac.authorization.k8s.io", "ClusterRole"),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io", "Role"),
    ("rbac.authorization.k8s.io", "RoleBinding"),
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
];

/// What becomes of an object that is no longer in Git.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Argo CD deletes it.
    Deleted,
    /// Argo CD deletes it once somebody has agreed.
    Confirmed,
    /// It is deleted when somebody prunes.
    ByHand,
    /// It stays.
    Kept,
}

impl Fate {
    /// What to add to a message.
    pub(super) fn words(self) -> &'static str {
        match self {
            Fate::Deleted | Fate::Kept => "",
            Fate::Confirmed => " (Argo CD asks for confirmation first)",
            Fate::ByHand => " (when somebody prunes: automatic pruning is off)",
        }
    }
}

pub(super) fn check(changed: &Changed<'_>, scene: &Scene<'_>, found: &mut Found) {
    let (Some(id), Some(node)) = (changed.id.filter(|_| changed.is_gone()), changed.before) else { return };
    if TOLD_ELSEWHERE.contains(&(id.group.as_str(), id.kind.as_str())) {
        return;
    }
    let fate = fate(scene, changed.owner(), node);
    let (rule, effect) = effect(&id.group, &id.kind);
    let what = match changed.renamed {
        Some(new) if new.name == id.name => {
            format!("moves to namespace `{}`: deleted here, made anew there", new.namespace)
        }
        Some(new) => format!("becomes `{}`: Kubernetes cannot rename, so it is deleted and made anew", new.name),
        None => "is deleted".to_owned(),
    };
    if fate == Fate::Kept {
        found.add(&KEPT, changed, "is no longer in Git, and stays in the cluster");
        return;
    }
    let effect = if effect.is_empty() { String::new() } else { format!("; {effect}") };
    found.add(rule, changed, format!("{what}{effect}{}", fate.words()));
}

fn effect(group: &str, kind: &str) -> (&'static Rule, &'static str) {
    let of = |table: &'static [(&str, &str, &'static str)]| {
        table.iter().find(|(g, k, _)| (*g, *k) == (group, kind)).map(|(_, _, effect)| *effect)
    };
    match (of(&HOLDS_DATA), of(&NEEDED_BY_OTHERS)) {
        (Some(effect), _) => (&DATA, effect),
        (_, Some(effect)) => (&NEEDED, effect),
        _ => (&OTHER, ""),
    }
}

/// What becomes of an object of a component. What the object itself says goes before what its Application says.
pub(super) fn fate(scene: &Scene<'_>, component: &str, object: &Node) -> Fate {
    let own = annotation(object, "argocd.argoproj.io/sync-options").unwrap_or_default();
    let own: Vec<String> = own.split(',').map(|option| option.trim().to_owned()).collect();
    let (before, after) = (scene.application_before(component), scene.application_after(component));
    let keeps = if after.is_none() && before.is_some() { "Delete=false" } else { "Prune=false" };
    if own.iter().any(|o| o == keeps) || annotation(object, "helm.sh/resource-policy") == Some("keep") {
        return Fate::Kept;
    }
    let Some(application) = after.or(before) else { return Fate::Deleted };
    let options = texts(Some(application), &["spec", "syncPolicy", "syncOptions"]);
    let says = |option: &str| own.iter().chain(&options).any(|o| o == option);
    if after.is_none() && texts(Some(application), &["metadata", "finalizers"]).is_empty() {
        return Fate::Kept;
    }
    match after {
        None if says("Delete=false") => Fate::Kept,
        None if says("Delete=confirm") => Fate::Confirmed,
        Some(_) if says("Prune=false") => Fate::Kept,
        Some(_) if says("Prune=confirm") => Fate::Confirmed,
        Some(application) if !prunes(application) => Fate::ByHand,
        _ => Fate::Deleted,
    }
}

fn prunes(application: &Node) -> bool {
    application.at(&["spec", "syncPolicy", "automated", "prune"]).is_some_and(|n| matches!(n.value, Value::Bool(true)))
}

pub(super) fn annotation<'a>(object: &'a Node, name: &str) -> Option<&'a str> {
    object.at(&["metadata", "annotations", name]).and_then(Node::as_str)
}

#[cfg(test)]
mod tests {
    use super::{HOLDS_DATA, NEEDED_BY_OTHERS, TOLD_ELSEWHERE};

    #[test]
    fn the_tables_are_sorted() {
        let names =
            |table: &[(&'static str, &'static str, &str)]| table.iter().map(|(g, k, _)| (*g, *k)).collect::<Vec<_>>();
        assert!(names(&HOLDS_DATA).is_sorted());
        assert!(names(&NEEDED_BY_OTHERS).is_sorted());
        assert!(TOLD_ELSEWHERE.is_sorted());
    }
}
