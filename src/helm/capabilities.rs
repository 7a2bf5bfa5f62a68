//! What templates learn of the cluster: `.Capabilities`.

use std::sync::Arc;

use super::error::Error;
use super::objects::Object;
use super::value::Value;

/// The version of Kubernetes that Helm assumes where nobody says one.
const DEFAULT_KUBE_VERSION: &str = "v1.35.0";

/// The API versions that Helm assumes a cluster to have.
const API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// A version of Kubernetes as Helm takes it apart.
pub(crate) struct KubeVersion {
    /// As given, with a `v`.
    pub(crate) version: String,
    /// Three numbers, for constraints.
    pub(crate) normalized: String,
    major: String,
    minor: String,
}

impl KubeVersion {
    pub(crate) fn parse(text: Option<&str>) -> Result<KubeVersion, Error> {
        let text = text.unwrap_or(DEFAULT_KUBE_VERSION);
        let bare = text.strip_prefix('v').unwrap_or(text);
        let end = bare.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(bare.len());
        let numbers: Option<Vec<u64>> =
            bare[..end].trim_end_matches('.').split('.').map(|part| part.parse().ok()).collect();
        match numbers.as_deref() {
            Some([major, minor, rest @ ..]) => {
                let mut normalized = format!("v{major}.{minor}");
                for number in rest.iter().copied().chain((rest.is_empty()).then_some(0)) {
                    normalized.push_str(&format!(".{number}"));
                }
                let version = format!("v{bare}");
                Ok(KubeVersion { version, normalized, major: major.to_string(), minor: minor.to_string() })
            }
            _ => Err(Error::new(format!("invalid kube version '{text}': could not parse {text:?} as version"))),
        }
    }

    /// `.Capabilities`
    pub(crate) fn capabilities(&self, extra: &[String]) -> Value {
        let known = API_VERSIONS.iter().copied().chain(extra.iter().map(String::as_str));
        let kube = Object::KubeVersion {
            version: self.version.clone(),
            normalized: self.normalized.clone(),
            major: self.major.clone(),
            minor: self.minor.clone(),
        };
        Value::object(Object::Capabilities {
            kube: Value::object(kube),
            api_versions: Value::object(Object::ApiVersions(known.map(Arc::from).collect())),
            helm: Value::object(Object::HelmVersion),
        })
    }
}
