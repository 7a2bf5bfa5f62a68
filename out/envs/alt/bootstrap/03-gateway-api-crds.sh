#!/bin/sh
# Step 3 of 7: gateway-api-crds. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
printf %s 'apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
- https://github.com/kubernetes-sigs/gateway-api//config/crd?ref=v1.6.1
' >"$folder/kustomization.yaml"
kubectl apply --server-side --force-conflicts --kustomize "$folder"
rm -r "$folder"
