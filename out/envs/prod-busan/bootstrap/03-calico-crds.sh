#!/bin/sh
# Step 3 of 7: calico-crds. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

helm upgrade --install calico-crds crd.projectcalico.org.v1 \
  --repo https://docs.tigera.io/calico/charts --version v3.32.1 \
  --namespace tigera-operator --create-namespace --values components/calico-crds/values.yaml \
  --wait --timeout 15m
