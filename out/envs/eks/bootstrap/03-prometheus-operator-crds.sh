#!/bin/sh
# Step 3 of 5: prometheus-operator-crds. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

helm upgrade --install prometheus-operator-crds prometheus-operator-crds \
  --repo https://prometheus-community.github.io/helm-charts --version 31.0.1 \
  --namespace monitoring --create-namespace --values components/prometheus-operator-crds/values.yaml \
  --wait --timeout 15m
