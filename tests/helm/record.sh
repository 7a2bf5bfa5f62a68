#!/usr/bin/env bash
# Records what the real Helm (4.1) prints for every case, or for those named. Run it from anywhere; HELM names another binary.
# With `--check` first, nothing is written: it shows what is recorded otherwise than Helm says it, and ends with 1 if anything is.
#
# A case is a folder with chart/, and, if it needs them, values.yaml (the user's values) and flags (one per line).
# It gets expected.yaml, or error.txt where Helm refuses.
set -euo pipefail
cd "$(dirname "$0")"
helm=${HELM:-helm}
check=
[ "${1-}" != --check ] || { check=1; shift; }
home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
cases=("$@")
[ $# -gt 0 ] || cases=(*/)
wrong=0
for case in "${cases[@]}"; do
  case=${case%/}
  arguments=(template release-name "$case/chart" --namespace default)
  [ ! -f "$case/values.yaml" ] || arguments+=(--values "$case/values.yaml")
  [ ! -f "$case/flags" ] || while read -r flag; do arguments+=($flag); done <"$case/flags"
  answer=$home/answer
  rm -rf "$answer"
  mkdir "$answer"
  if HOME=$home TZ=UTC "$helm" "${arguments[@]}" >"$home/out" 2>"$home/err"; then
    cp "$home/out" "$answer/expected.yaml"
  else
    # The message alone: warnings stand before it, a hint at a flag after it.
    awk '/^Error: / { on = 1; sub(/^Error: /, "") } /^Use --debug flag/ { on = 0 } on' "$home/err" |
      awk '{ lines = lines $0 "\n" } END { sub(/\n+$/, "\n", lines); printf "%s", lines }' >"$answer/error.txt"
  fi
  if [ -z "$check" ]; then
    rm -f "$case/expected.yaml" "$case/error.txt"
    cp "$answer"/* "$case/"
    continue
  fi
  for file in expected.yaml error.txt; do
    [ -f "$case/$file" ] || [ -f "$answer/$file" ] || continue
    diff --new-file --unified=1 --label "$case/$file: recorded" --label "$case/$file: Helm today" "$case/$file" "$answer/$file" || wrong=1
  done
done
[ "$wrong" -eq 0 ] || exit 1
