#!/bin/sh
# Step 4 of 5: argo-cd. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

helm upgrade --install argocd argo-cd \
  --repo https://argoproj.github.io/argo-helm --version 10.1.1 \
  --namespace argocd --create-namespace --values components/argo-cd/values.yaml \
  --wait --timeout 15m
