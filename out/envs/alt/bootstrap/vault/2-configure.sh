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
path "platform/data/alt/argo-cd/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-gitlab - <<'POLICY'
path "platform/data/alt/gitlab/root" { capabilities = ["read"] }
path "platform/data/alt/gitlab/database" { capabilities = ["read"] }
path "platform/data/alt/gitlab/redis" { capabilities = ["read"] }
path "platform/data/alt/gitlab/object-storage" { capabilities = ["read"] }
path "platform/data/alt/gitlab/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-gitlab-runner - <<'POLICY'
path "platform/data/alt/gitlab/runner" { capabilities = ["read"] }
path "platform/data/alt/harbor/robots/gitlab" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-grafana - <<'POLICY'
path "platform/data/alt/grafana/admin" { capabilities = ["read"] }
path "platform/data/alt/grafana/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-harbor - <<'POLICY'
path "platform/data/alt/harbor/admin" { capabilities = ["read"] }
path "platform/data/alt/harbor/internal" { capabilities = ["read"] }
path "platform/data/alt/harbor/token" { capabilities = ["read"] }
path "platform/data/alt/harbor/registry" { capabilities = ["read"] }
path "platform/data/alt/harbor/database" { capabilities = ["read"] }
path "platform/data/alt/harbor/oidc" { capabilities = ["read"] }
path "platform/data/alt/harbor/object-storage" { capabilities = ["read"] }
path "platform/data/alt/harbor/robots/gitlab" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-keycloak - <<'POLICY'
path "platform/data/alt/keycloak/admin" { capabilities = ["read"] }
path "platform/data/alt/keycloak/database" { capabilities = ["read"] }
path "platform/data/alt/keycloak/setup" { capabilities = ["read"] }
path "platform/data/alt/argo-cd/oidc" { capabilities = ["read"] }
path "platform/data/alt/gitlab/oidc" { capabilities = ["read"] }
path "platform/data/alt/grafana/oidc" { capabilities = ["read"] }
path "platform/data/alt/harbor/oidc" { capabilities = ["read"] }
path "platform/data/alt/kiali/oidc" { capabilities = ["read"] }
path "platform/data/alt/kubeflow/oidc" { capabilities = ["read"] }
path "platform/data/alt/vault/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-kiali - <<'POLICY'
path "platform/data/alt/kiali/session" { capabilities = ["read"] }
path "platform/data/alt/kiali/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-kubeflow - <<'POLICY'
path "platform/data/alt/kubeflow/oidc" { capabilities = ["read"] }
path "platform/data/alt/kubeflow/session" { capabilities = ["read"] }
path "platform/data/alt/kubeflow/katib-database" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-loki - <<'POLICY'
path "platform/data/alt/loki/object-storage" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-longhorn - <<'POLICY'
path "platform/data/alt/longhorn/object-storage" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-tempo - <<'POLICY'
path "platform/data/alt/tempo/object-storage" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-velero - <<'POLICY'
path "platform/data/alt/velero/object-storage" { capabilities = ["read"] }
path "platform/data/alt/velero/repository" { capabilities = ["read"] }
POLICY
# Whoever puts secrets into the cluster may read exactly what the components declare.
v write auth/kubernetes/role/vault-secrets-operator-argocd \
  bound_service_account_names=vault-reader bound_service_account_namespaces=argocd audience=vault \
  token_policies='reader-argo-cd' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-gitlab \
  bound_service_account_names=vault-reader bound_service_account_namespaces=gitlab audience=vault \
  token_policies='reader-gitlab' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-gitlab-runner \
  bound_service_account_names=vault-reader bound_service_account_namespaces=gitlab-runner audience=vault \
  token_policies='reader-gitlab-runner' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-harbor \
  bound_service_account_names=vault-reader bound_service_account_namespaces=harbor audience=vault \
  token_policies='reader-harbor' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-keycloak \
  bound_service_account_names=vault-reader bound_service_account_namespaces=keycloak audience=vault \
  token_policies='reader-keycloak' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-kiali \
  bound_service_account_names=vault-reader bound_service_account_namespaces=kiali audience=vault \
  token_policies='reader-kiali' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-kubeflow \
  bound_service_account_names=vault-reader bound_service_account_namespaces=kubeflow audience=vault \
  token_policies='reader-kubeflow' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-loki \
  bound_service_account_names=vault-reader bound_service_account_namespaces=loki audience=vault \
  token_policies='reader-loki' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-longhorn-system \
  bound_service_account_names=vault-reader bound_service_account_namespaces=longhorn-system audience=vault \
  token_policies='reader-longhorn' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-monitoring \
  bound_service_account_names=vault-reader bound_service_account_namespaces=monitoring audience=vault \
  token_policies='reader-grafana' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-tempo \
  bound_service_account_names=vault-reader bound_service_account_namespaces=tempo audience=vault \
  token_policies='reader-tempo' \
  token_ttl=1h
v write auth/kubernetes/role/vault-secrets-operator-velero \
  bound_service_account_names=vault-reader bound_service_account_namespaces=velero audience=vault \
  token_policies='reader-velero' \
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
