#!/bin/sh
# Step 5 of 7: cilium. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

helm upgrade --install cilium cilium \
  --repo https://helm.cilium.io/ --version 1.20.0 \
  --namespace kube-system --create-namespace --values components/cilium/values.yaml \
  --wait --timeout 15m
kubectl wait --for=condition=Established crd --all --timeout=120s
try=1
until kubectl apply --server-side --force-conflicts --filename components/cilium/resources; do
  [ "$try" -lt 30 ] || exit 1
  try=$((try + 1))
  sleep 10
done
