#!/bin/sh
# Makes the builder of the platform and chooses it. Made by stackgen; running it again makes it anew, with its settings of today.
set -eu

if docker buildx inspect prod-busan >/dev/null 2>&1; then
  # Its cache stays, where it has one outside of its containers.
  docker buildx rm --keep-state prod-busan
fi

docker buildx create --name prod-busan --use --bootstrap \
  --buildkitd-config /etc/buildkit/buildkitd.toml \
  --driver docker-container \
  --driver-opt image=docker.io/moby/buildkit:v0.32.2 \
  --platform linux/amd64
