#!/bin/sh
# Step 7 of 7: root. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

kubectl apply --server-side --force-conflicts --filename root.yaml
