#!/bin/sh
# All steps in their order, against the cluster of the current kubectl context. Made by stackgen.
set -eu
cd "$(dirname "$0")"

for step in [0-9]*.sh; do
  echo "== $step"
  sh "./$step"
done
