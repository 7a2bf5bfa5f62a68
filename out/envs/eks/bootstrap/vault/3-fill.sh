#!/bin/sh
# Asks for every secret of the platform that the store lacks; what it has is left as it is. Made by stackgen; running it
# again does no harm. `secrets.yaml` says who reads what.
set -eu
. "$(dirname "$0")/vault.sh"
sign_in

# $1: path, $2: property, $3: what it is.
fill() {
  if v kv get -mount="$mount" -field="$2" "$prefix/$1" >/dev/null 2>&1; then
    return
  fi
  printf '\n%s: %s\n%s\n' "$1" "$2" "$3" >&2
  ask '@file reads a file, nothing makes a random one, - skips'
  case $answer in
    -) echo "skipped: $1 $2" >&2; return ;;
    '') random | store "$1" "$2" ;;
    @*) cat -- "${answer#@}" | store "$1" "$2" ;;
    *) printf '%s' "$answer" | store "$1" "$2" ;;
  esac
}

random() {
  LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 32
}

# Further properties must not take away the ones that are there.
store() {
  how='put'
  if v kv get -mount="$mount" "$prefix/$1" >/dev/null 2>&1; then how='patch'; fi
  vault_reading kv "$how" -mount="$mount" "$prefix/$1" "$2=-" >/dev/null
}

fill argo-cd/oidc clientSecret 'OIDC client secret of Argo CD.'
fill argo-cd/oidc clientSecret 'OIDC client secret of Argo CD, as Keycloak knows it.'
fill elasticsearch/object-storage accessKey 'Access key of the bucket `elasticsearch-eks`.'
fill elasticsearch/object-storage secretKey 'Its secret key.'
fill elasticsearch/reader password 'Password of Elasticsearch'\''s user `logs-reader`: six or more letters and digits.'
fill elasticsearch/reader password 'Password of the user `logs-reader` of Elasticsearch; letters and digits, since Grafana expands `$`.'
fill elasticsearch/writer password 'Password of Elasticsearch'\''s user `logs-writer`: six or more letters and digits.'
fill elasticsearch/writer password 'Password of the log store'\''s user `logs-writer`.'
fill elasticsearch/writer password 'Password of the log store'\''s user `logs-writer`.'
fill grafana/admin username 'Built-in administrator of Grafana.'
fill grafana/admin password 'Password of the built-in administrator.'
fill grafana/oidc clientSecret 'OIDC client secret of Grafana.'
fill grafana/oidc clientSecret 'OIDC client secret of Grafana, as Keycloak knows it.'
fill harbor/admin password 'Password of the built-in user `admin`. Harbor takes it over once; who changes it in the portal must change it here too, since the setup signs in by it.'
fill harbor/database password 'Password of the database'\''s user.'
fill harbor/internal secretKey 'Key that encrypts credentials in the database: exactly 16 characters.'
fill harbor/internal coreSecret 'Secret of the core: 16 letters and digits.'
fill harbor/internal csrfKey 'Key against request forgery: exactly 32 characters.'
fill harbor/internal jobserviceSecret 'Secret of the job service: 16 letters and digits.'
fill harbor/internal registrySecret 'Secret of uploads in progress: 16 letters and digits.'
fill harbor/object-storage accessKey 'Access key of the bucket `harbor-eks`.'
fill harbor/object-storage secretKey 'Its secret key.'
fill harbor/oidc clientSecret 'OIDC client secret of Harbor: letters and digits, since it becomes part of a JSON text.'
fill harbor/oidc clientSecret 'OIDC client secret of Harbor, as Keycloak knows it.'
fill harbor/registry password 'Password of `harbor_registry_user`, as whom the core talks to the registry.'
fill harbor/registry htpasswd 'The same as a line `harbor_registry_user:<bcrypt hash>`.'
fill harbor/robots/jenkins password 'Secret of Harbor'\''s robot account `jenkins`: 8 to 128 letters and digits, with a capital, a small letter and a digit among them.'
fill harbor/robots/jenkins password 'Secret of the registry'\''s robot account `jenkins`: 8 to 128 letters and digits, with a capital, a small letter and a digit among them.'
fill harbor/token certificate 'Certificate of the key that signs registry tokens, in PEM. Self-signed will do.'
fill harbor/token privateKey 'That key: RSA in PEM, as PKCS #1.'
fill jenkins/admin username 'Built-in administrator of Jenkins, where nobody else signs people in.'
fill jenkins/admin password 'Password of the built-in administrator.'
fill jenkins/git username 'User, or name of the token, that may push branches to the platform repository.'
fill jenkins/git password 'Its password or token.'
fill jenkins/oidc clientSecret 'OIDC client secret of Jenkins.'
fill jenkins/oidc clientSecret 'OIDC client secret of Jenkins, as Keycloak knows it.'
fill jenkins/signing key 'Private key that pipelines sign images with, as `cosign generate-key-pair` writes it.'
fill jenkins/signing password 'Password of that key.'
fill keycloak/admin username 'First administrator of the server. It is made once and can be removed in Keycloak when others exist.'
fill keycloak/admin password 'Password of the first administrator.'
fill keycloak/database username 'User of the database.'
fill keycloak/database password 'Password of that user.'
fill keycloak/setup clientSecret 'Secret of the realm'\''s client `platform-setup`, which may change clients and nothing else.'
fill kiali/oidc clientSecret 'OIDC client secret of Kiali, as Keycloak knows it.'
fill kiali/oidc clientSecret 'OIDC client secret of Kiali.'
fill kiali/session signingKey 'Key that sessions are encrypted with: 16, 24 or 32 characters.'
fill kubeflow/katib-database password 'Password of Katib'\''s database: letters and digits. It is set when the database is made.'
fill kubeflow/oidc clientSecret 'OIDC client secret of Kubeflow, as Keycloak knows it.'
fill kubeflow/oidc clientSecret 'OIDC client secret of Kubeflow.'
fill kubeflow/session cookieSecret 'Key that sessions are encrypted with: exactly 32 letters and digits.'
fill vault/oidc clientSecret 'OIDC client secret of Vault, as Keycloak knows it.'
fill velero/object-storage accessKey 'Access key of the bucket `velero-eks`.'
fill velero/object-storage secretKey 'Its secret key.'
fill velero/repository password 'Password that copies of volumes are encrypted with. Without it they are lost, and it cannot change: keep it elsewhere too.'
echo 'Done. Kubernetes Secrets follow within the hour, or at once where one is missing.' >&2
