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
path "platform/data/dev/argo-cd/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-elasticsearch - <<'POLICY'
path "platform/data/dev/elasticsearch/writer" { capabilities = ["read"] }
path "platform/data/dev/elasticsearch/reader" { capabilities = ["read"] }
path "platform/data/dev/jaeger/elasticsearch" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-fluent-bit - <<'POLICY'
path "platform/data/dev/elasticsearch/writer" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-github-actions - <<'POLICY'
path "platform/data/dev/github-actions/app" { capabilities = ["read"] }
path "platform/data/dev/harbor/robots/github-actions" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-grafana - <<'POLICY'
path "platform/data/dev/grafana/admin" { capabilities = ["read"] }
path "platform/data/dev/grafana/oidc" { capabilities = ["read"] }
path "platform/data/dev/elasticsearch/reader" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-harbor - <<'POLICY'
path "platform/data/dev/harbor/admin" { capabilities = ["read"] }
path "platform/data/dev/harbor/internal" { capabilities = ["read"] }
path "platform/data/dev/harbor/token" { capabilities = ["read"] }
path "platform/data/dev/harbor/registry" { capabilities = ["read"] }
path "platform/data/dev/harbor/database" { capabilities = ["read"] }
path "platform/data/dev/harbor/oidc" { capabilities = ["read"] }
path "platform/data/dev/harbor/robots/github-actions" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-jaeger - <<'POLICY'
path "platform/data/dev/jaeger/elasticsearch" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-keycloak - <<'POLICY'
path "platform/data/dev/keycloak/admin" { capabilities = ["read"] }
path "platform/data/dev/keycloak/database" { capabilities = ["read"] }
path "platform/data/dev/keycloak/setup" { capabilities = ["read"] }
path "platform/data/dev/argo-cd/oidc" { capabilities = ["read"] }
path "platform/data/dev/grafana/oidc" { capabilities = ["read"] }
path "platform/data/dev/harbor/oidc" { capabilities = ["read"] }
path "platform/data/dev/kiali/oidc" { capabilities = ["read"] }
path "platform/data/dev/vault/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-kiali - <<'POLICY'
path "platform/data/dev/kiali/session" { capabilities = ["read"] }
path "platform/data/dev/kiali/oidc" { capabilities = ["read"] }
POLICY
vault_reading policy write reader-opentelemetry - <<'POLICY'
path "platform/data/dev/elasticsearch/writer" { capabilities = ["read"] }
POLICY
# Whoever puts secrets into the cluster may read exactly what the components declare.
v write auth/kubernetes/role/external-secrets \
  bound_service_account_names=external-secrets bound_service_account_namespaces=external-secrets audience=vault \
  token_policies='reader-argo-cd,reader-elasticsearch,reader-fluent-bit,reader-github-actions,reader-grafana,reader-harbor,reader-jaeger,reader-keycloak,reader-kiali,reader-opentelemetry' \
  token_ttl=1h

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
