#!/bin/sh
# Initialises Vault and unseals its servers. Made by stackgen; running it again does no harm.
#
# The keys and the root token are shown once, here, and kept nowhere: give each key to another person. Arguments go to
# `vault operator init`; with `-pgp-keys=…` each key is shown encrypted for its keeper.
set -eu
. "$(dirname "$0")/vault.sh"

# `vault status` says 0 for unsealed and 2 for sealed; anything else means that there is no answer.
status() {
  kubectl --namespace "$namespace" exec "$1" --container vault -- vault status >/dev/null 2>&1 && echo unsealed && return
  case $? in
    2) echo sealed ;;
    *) echo unreachable ;;
  esac
}

for pod in $pods; do
  until [ "$(kubectl --namespace "$namespace" get pod "$pod" --output 'jsonpath={.status.phase}' 2>/dev/null)" = Running ]; do
    echo "waiting for $pod" >&2
    sleep 5
  done
done

# It says 0 where Vault is initialised, 2 where it is not, and 1 as long as there is no answer.
while :; do
  initialised=0
  in_pod vault operator init -status </dev/null >/dev/null 2>&1 || initialised=$?
  [ "$initialised" = 1 ] || break
  echo 'waiting for an answer' >&2
  sleep 5
done
if [ "$initialised" = 0 ]; then
  echo 'Vault is initialised already.' >&2
else
  in_pod vault operator init "$@" </dev/null
fi

for pod in $pods; do
  while [ "$(status "$pod")" != unsealed ]; do
    echo "One key for $pod:" >&2
    # A server that has just joined may need a moment before it takes keys.
    kubectl --namespace "$namespace" exec --stdin --tty "$pod" --container vault -- vault operator unseal || sleep 5
  done
done
echo 'All servers are unsealed. Next: 2-configure.sh' >&2
