#!/bin/sh
# Step 5 of 7: calico. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

helm upgrade --install calico tigera-operator \
  --repo https://docs.tigera.io/calico/charts --version v3.32.1 \
  --namespace tigera-operator --create-namespace --values components/calico/values.yaml \
  --wait --timeout 15m
kubectl wait --for=condition=Established crd --all --timeout=120s
try=1
until kubectl apply --server-side --force-conflicts --filename components/calico/resources; do
  [ "$try" -lt 30 ] || exit 1
  try=$((try + 1))
  sleep 10
done
