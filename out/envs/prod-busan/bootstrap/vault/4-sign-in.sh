#!/bin/sh
# Lets people sign in to Vault by the identity provider, once that is up. Made by stackgen; running it again does no harm.
set -eu
. "$(dirname "$0")/vault.sh"
sign_in

issuer=https://keycloak.busan.example.com/realms/platform

v auth list | grep -q '^oidc/' || v auth enable oidc
secret=$(v kv get -mount="$mount" -field=clientSecret "$prefix/vault/oidc")
ca=
# The secret goes in by standard input, since arguments can be read by others.
printf '%s' "$secret" | vault_reading write auth/oidc/config \
  oidc_discovery_url="$issuer" oidc_discovery_ca_pem="$ca" oidc_client_id=vault oidc_client_secret=- default_role=default

v write auth/oidc/role/default \
  user_claim=sub groups_claim=groups bound_audiences=vault \
  oidc_scopes=profile,email \
  allowed_redirect_uris=https://vault.busan.example.com/ui/vault/auth/oidc/oidc/callback \
  allowed_redirect_uris=http://localhost:8250/oidc/callback \
  token_policies=default token_ttl=1h token_max_ttl=12h

accessor=$(v read -field=accessor sys/auth/oidc)

# $1: group of the identity provider, $2: policy.
group() {
  v write identity/group name="$1" type=external policies="$2" >/dev/null
  # A group has one alias, and a second one of the same name is an error.
  v read -format=json "identity/group/name/$1" | grep -q "\"mount_accessor\": \"$accessor\"" ||
    v write identity/group-alias name="$1" mount_accessor="$accessor" \
      canonical_id="$(v read -field=id "identity/group/name/$1")" >/dev/null
}
group platform-admins platform-admin
group platform-viewers platform-viewer

echo 'People can sign in. Revoke the root token now: `vault token revoke`, with it as the token.' >&2
