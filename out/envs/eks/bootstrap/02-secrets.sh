#!/bin/sh
# Step 2 of 5: secrets. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

missing=0
need() {
  if ! kubectl --namespace "$1" get secret "$2" >/dev/null 2>&1; then
    echo "the Secret $2 in namespace $1 must be made by hand, with these keys: $3" >&2
    missing=1
  fi
}

need argocd repo-platform 'url username password'

exit "$missing"
