#!/usr/bin/env bash
# Records what the real Helm (4.1) prints for every case, or for those named. Run it from anywhere; HELM names another binary.
#
# A case is a folder with chart/, and, if it needs them, values.yaml (the user's values) and flags (one per line).
# It gets expected.yaml, or error.txt where Helm refuses.
set -euo pipefail
cd "$(dirname "$0")"
helm=${HELM:-helm}
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cases=("$@")
[ $# -gt 0 ] || cases=(*/)
for case in "${cases[@]}"; do
  case=${case%/}
  arguments=(template release-name "$case/chart" --namespace default)
  [ ! -f "$case/values.yaml" ] || arguments+=(--values "$case/values.yaml")
  [ ! -f "$case/flags" ] || while read -r flag; do arguments+=($flag); done <"$case/flags"
  rm -f "$case/expected.yaml" "$case/error.txt"
  if HOME=$home TZ=UTC "$helm" "${arguments[@]}" >"$home/out" 2>"$home/err"; then
    cp "$home/out" "$case/expected.yaml"
  else
    # The message alone: warnings stand before it, a hint at a flag after it.
    awk '/^Error: / { on = 1; sub(/^Error: /, "") } /^Use --debug flag/ { on = 0 } on' "$home/err" |
      awk '{ lines = lines $0 "\n" } END { sub(/\n+$/, "\n", lines); printf "%s", lines }' >"$case/error.txt"
  fi
done
