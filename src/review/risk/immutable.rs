//! Fields that the API server refuses to change.

use super::changed::{Changed, arrow, words};
use super::deletion::annotation;
use super::scene::Scene;
use super::{Found, Level, Rule};
use crate::yaml::{Node, Value};

const IMMUTABLE: Rule = Rule {
    id: "immutable-field",
    level: Level::Outage,
    title: "field that cannot be changed",
    advice: "The API server refuses the change and the sync fails, until somebody deletes the object so that it is made anew. Plan what \
             that interrupts.",
};

const RECREATED: Rule = Rule {
    id: "object-recreated",
    level: Level::Outage,
    title: "object is deleted and made anew",
    advice: "The field cannot be changed, and the sync option `Force=true` makes Argo CD delete the object and make it again.",
};

pub(super) const RULES: &[&Rule] = &[&IMMUTABLE, &RECREATED];

type Path = &'static [&'static str];

/// (group, kind, path). For custom resources: what their definitions say by a rule on `oldSelf`.
const FIELDS: [(&str, &str, Path); 71] = [
    ("", "PersistentVolume", &["spec", "cephfs"]),
    ("", "PersistentVolume", &["spec", "csi"]),
    ("", "PersistentVolume", &["spec", "fc"]),
    ("", "PersistentVolume", &["spec", "hostPath"]),
    ("", "PersistentVolume", &["spec", "iscsi"]),
    ("", "PersistentVolume", &["spec", "local"]),
    ("", "PersistentVolume", &["spec", "nfs"]),
    ("", "PersistentVolume", &["spec", "rbd"]),
    ("", "PersistentVolume", &["spec", "volumeMode"]),
    ("", "PersistentVolumeClaim", &["spec", "accessModes"]),
    ("", "PersistentVolumeClaim", &["spec", "dataSource"]),
    ("", "PersistentVolumeClaim", &["spec", "dataSourceRef"]),
    ("", "PersistentVolumeClaim", &["spec", "selector"]),
    ("", "PersistentVolumeClaim", &["spec", "volumeMode"]),
    ("", "PersistentVolumeClaim", &["spec", "volumeName"]),
    ("", "Secret", &["type"]),
    ("", "Service", &["spec", "clusterIP"]),
    ("", "Service", &["spec", "clusterIPs"]),
    ("apps", "DaemonSet", &["spec", "selector"]),
    ("apps", "Deployment", &["spec", "selector"]),
    ("apps", "ReplicaSet", &["spec", "selector"]),
    ("apps", "StatefulSet", &["spec", "podManagementPolicy"]),
    ("apps", "StatefulSet", &["spec", "selector"]),
    ("apps", "StatefulSet", &["spec", "serviceName"]),
    ("argoproj.io", "Rollout", &["spec", "selector"]),
    ("batch", "Job", &["spec", "completionMode"]),
    ("batch", "Job", &["spec", "selector"]),
    ("batch", "Job", &["spec", "template"]),
    ("ceph.rook.io", "CephBlockPoolRadosNamespace", &["spec", "blockPoolName"]),
    ("ceph.rook.io", "CephBlockPoolRadosNamespace", &["spec", "clusterID"]),
    ("ceph.rook.io", "CephBlockPoolRadosNamespace", &["spec", "name"]),
    ("ceph.rook.io", "CephClient", &["spec", "secretName"]),
    ("ceph.rook.io", "CephCluster", &["spec", "dataDirHostPath"]),
    ("ceph.rook.io", "CephFilesystemSubVolumeGroup", &["spec", "clusterID"]),
    ("ceph.rook.io", "CephFilesystemSubVolumeGroup", &["spec", "csiMetadataRadosNamespace"]),
    ("ceph.rook.io", "CephFilesystemSubVolumeGroup", &["spec", "filesystemName"]),
    ("ceph.rook.io", "CephFilesystemSubVolumeGroup", &["spec", "name"]),
    ("ceph.rook.io", "CephObjectStore", &["spec", "sharedPools", "dataPoolName"]),
    ("ceph.rook.io", "CephObjectStore", &["spec", "sharedPools", "metadataPoolName"]),
    ("ceph.rook.io", "CephObjectStoreAccount", &["spec", "accountID"]),
    ("ceph.rook.io", "CephObjectStoreAccount", &["spec", "store"]),
    ("ceph.rook.io", "CephObjectStoreUser", &["spec", "accountRef"]),
    ("ceph.rook.io", "CephObjectZone", &["spec", "sharedPools", "dataPoolName"]),
    ("ceph.rook.io", "CephObjectZone", &["spec", "sharedPools", "metadataPoolName"]),
    ("cilium.io", "CiliumLocalRedirectPolicy", &["spec", "redirectBackend"]),
    ("cilium.io", "CiliumLocalRedirectPolicy", &["spec", "redirectFrontend"]),
    ("cilium.io", "CiliumLocalRedirectPolicy", &["spec", "skipRedirectFromBackend"]),
    ("crd.projectcalico.org", "IPPool", &["spec", "blockSize"]),
    ("crd.projectcalico.org", "IPPool", &["spec", "cidr"]),
    ("gateway.networking.k8s.io", "GatewayClass", &["spec", "controllerName"]),
    ("gateway.networking.x-k8s.io", "XMesh", &["spec", "controllerName"]),
    ("k8s.keycloak.org", "KeycloakOIDCClient", &["spec", "keycloakCRName"]),
    ("k8s.keycloak.org", "KeycloakOIDCClient", &["spec", "realm"]),
    ("k8s.keycloak.org", "KeycloakSAMLClient", &["spec", "keycloakCRName"]),
    ("k8s.keycloak.org", "KeycloakSAMLClient", &["spec", "realm"]),
    ("longhorn.io", "Volume", &["spec", "backingImage"]),
    ("longhorn.io", "Volume", &["spec", "dataLayout"]),
    ("longhorn.io", "Volume", &["spec", "encrypted"]),
    ("metallb.io", "BGPPeer", &["spec", "enableGracefulRestart"]),
    ("networking.k8s.io", "IngressClass", &["spec", "controller"]),
    ("node.k8s.io", "RuntimeClass", &["handler"]),
    ("projectcalico.org", "IPPool", &["spec", "blockSize"]),
    ("projectcalico.org", "IPPool", &["spec", "cidr"]),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding", &["roleRef"]),
    ("rbac.authorization.k8s.io", "RoleBinding", &["roleRef"]),
    ("scheduling.k8s.io", "PriorityClass", &["preemptionPolicy"]),
    ("scheduling.k8s.io", "PriorityClass", &["value"]),
    ("storage.k8s.io", "StorageClass", &["parameters"]),
    ("storage.k8s.io", "StorageClass", &["provisioner"]),
    ("storage.k8s.io", "StorageClass", &["reclaimPolicy"]),
    ("storage.k8s.io", "StorageClass", &["volumeBindingMode"]),
];

pub(super) fn check(changed: &Changed<'_>, scene: &Scene<'_>, found: &mut Found) {
    let Some((before, after)) = changed.both() else { return };
    let forced = is_forced(changed, after, scene);
    let rule = if forced { &RECREATED } else { &IMMUTABLE };
    for (_, _, path) in FIELDS.iter().filter(|(group, kind, _)| changed.is(group, &[*kind])) {
        if let Some(sides) = changed.differs(path).filter(|(old, _)| is_settled(path, *old)) {
            let scalar = |node: Option<&Node>| node.is_none_or(|n| n.as_map().is_none());
            let what = if scalar(sides.0) && scalar(sides.1) { arrow(sides) } else { "is another one".to_owned() };
            found.named(rule, changed, &path.join("."), what);
        }
    }
    let is_immutable = |node: &Node| node.get("immutable").is_some_and(|n| matches!(n.value, Value::Bool(true)));
    if changed.is("", &["ConfigMap", "Secret"]) && is_immutable(before) {
        for key in ["data", "stringData", "binaryData", "immutable"] {
            if changed.differs(&[key]).is_some() {
                found.named(rule, changed, key, "is changed, and the object says that it is immutable");
            }
        }
    }
}

/// What the cluster chooses where nothing is said may be said later, as long as it is the same.
fn is_settled(path: Path, before: Option<&Node>) -> bool {
    let chosen_by_cluster = matches!(path.last(), Some(&("clusterIP" | "clusterIPs" | "volumeName" | "blockSize")));
    !(chosen_by_cluster && (before.is_none() || words(before) == "\"\""))
}

fn is_forced(changed: &Changed<'_>, after: &Node, scene: &Scene<'_>) -> bool {
    let own = annotation(after, "argocd.argoproj.io/sync-options").unwrap_or_default();
    let application =
        super::changed::texts(scene.application_after(changed.component), &["spec", "syncPolicy", "syncOptions"]);
    own.split(',').map(str::trim).chain(application.iter().map(String::as_str)).any(|option| option == "Force=true")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted() {
        assert!(super::FIELDS.is_sorted());
    }
}
