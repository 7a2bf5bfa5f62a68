#!/bin/sh
# Configures Vault: audit, the KV store, Kubernetes sign-in, and who may read what. Made by stackgen; running it again
# does no harm, and is needed when a component has come that reads secrets.
set -eu
. "$(dirname "$0")/vault.sh"
sign_in

# Into the pods' log, which is rotated and collected.
v audit list 2>/dev/null | grep -q '^stdout/' || v audit enable -path=stdout file file_path=stdout

v secrets list | grep -q "^$mount/" || v secrets enable -path="$mount" -version=2 kv

v auth list | grep -q '^kubernetes/' || v auth enable kubernetes
# Without more, Vault asks this cluster's API server by the rights of its own service account.
v write auth/kubernetes/config kubernetes_host=https://kubernetes.default.svc.cluster.local:443

vault_reading policy write reader-argo-cd - <<'POLICY'
path "platform/data/eks/argo-cd/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-elasticsearch - <<'POLICY'
path "platform/data/eks/elasticsearch/writer" { capabilities = ["read"] }
path "platform/data/eks/elasticsearch/reader" { capabilities = ["read"] }
path "platform/data/eks/elasticsearch/object-storage" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-fluent-bit - <<'POLICY'
path "platform/data/eks/elasticsearch/writer" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-grafana - <<'POLICY'
path "platform/data/eks/grafana/admin" { capabilities = ["read"] }
path "platform/data/eks/grafana/oidc" { capabilities = ["read"] }
path "platform/data/eks/elasticsearch/reader" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-harbor - <<'POLICY'
path "platform/data/eks/harbor/admin" { capabilities = ["read"] }
path "platform/data/eks/harbor/internal" { capabilities = ["read"] }
path "platform/data/eks/harbor/token" { capabilities = ["read"] }
path "platform/data/eks/harbor/registry" { capabilities = ["read"] }
path "platform/data/eks/harbor/database" { capabilities = ["read"] }
path "platform/data/eks/harbor/oidc" { capabilities = ["read"] }
path "platform/data/eks/harbor/object-storage" { capabilities = ["read"] }
path "platform/data/eks/harbor/robots/jenkins" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-jenkins - <<'POLICY'
path "platform/data/eks/jenkins/admin" { capabilities = ["read"] }
path "platform/data/eks/jenkins/oidc" { capabilities = ["read"] }
path "platform/data/eks/harbor/robots/jenkins" { capabilities = ["read"] }
path "platform/data/eks/jenkins/signing" { capabilities = ["read"] }
path "platform/data/eks/jenkins/git" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-keycloak - <<'POLICY'
path "platform/data/eks/keycloak/admin" { capabilities = ["read"] }
path "platform/data/eks/keycloak/database" { capabilities = ["read"] }
path "platform/data/eks/keycloak/setup" { capabilities = ["read"] }
path "platform/data/eks/argo-cd/oidc" { capabilities = ["read"] }
path "platform/data/eks/grafana/oidc" { capabilities = ["read"] }
path "platform/data/eks/harbor/oidc" { capabilities = ["read"] }
path "platform/data/eks/jenkins/oidc" { capabilities = ["read"] }
path "platform/data/eks/kiali/oidc" { capabilities = ["read"] }
path "platform/data/eks/kubeflow/oidc" { capabilities = ["read"] }
path "platform/data/eks/vault/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-kiali - <<'POLICY'
path "platform/data/eks/kiali/session" { capabilities = ["read"] }
path "platform/data/eks/kiali/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-kubeflow - <<'POLICY'
path "platform/data/eks/kubeflow/oidc" { capabilities = ["read"] }
path "platform/data/eks/kubeflow/session" { capabilities = ["read"] }
path "platform/data/eks/kubeflow/katib-database" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-opentelemetry - <<'POLICY'
path "platform/data/eks/elasticsearch/writer" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-velero - <<'POLICY'
path "platform/data/eks/velero/object-storage" { capabilities = ["read"] }
path "platform/data/eks/velero/repository" { capabilities = ["read"] }
POLICY
# Whoever puts secrets into the cluster may read exactly what the components declare.
v write auth/kubernetes/role/external-secrets \
  bound_service_account_names=external-secrets bound_service_account_namespaces=external-secrets audience=vault \
  token_policies='reader-argo-cd,reader-elasticsearch,reader-fluent-bit,reader-grafana,reader-harbor,reader-jenkins,reader-keycloak,reader-kiali,reader-kubeflow,reader-opentelemetry,reader-velero' \
  token_ttl=1h

vault_reading policy write snapshot - <<'POLICY'
path "sys/storage/raft/snapshot" { capabilities = ["read"] }
POLICY
v write auth/kubernetes/role/snapshot \
  bound_service_account_names=vault-snapshot bound_service_account_namespaces="$namespace" audience=vault \
  token_policies=snapshot token_ttl=15m

# All that these steps do, and all of the store: whoever has it needs no root token.
vault_reading policy write platform-admin - <<'POLICY'
path "platform/*" { capabilities = ["create", "read", "update", "patch", "delete", "list"] }
path "auth/*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"] }
path "identity/*" { capabilities = ["create", "read", "update", "patch", "delete", "list"] }
path "sys/*" { capabilities = ["create", "read", "update", "patch", "delete", "list", "sudo"] }
POLICY

# Which secrets there are, and not what is in them.
vault_reading policy write platform-viewer - <<'POLICY'
path "platform/metadata/*" { capabilities = ["read", "list"] }
path "sys/health" { capabilities = ["read"] }
POLICY

echo 'Vault is configured. Next: 3-fill.sh' >&2
