#!/bin/sh
# Step 1 of 7: namespaces. Made by stackgen; running it again does no harm.
set -eu
cd "$(dirname "$0")/.."

kubectl apply --server-side --force-conflicts --filename components/namespaces/resources
