#!/bin/sh
# Takes a snapshot of etcd and keeps those of the last 7 days. Made by stackgen; etcd-snapshot.timer starts it.
# A snapshot is all that the cluster knows, Secrets among it: only root may read it.
set -eu
umask 077
folder=/var/backups/etcd
ctr='ctr --address /run/containerd/containerd.sock --namespace k8s.io'

# etcd is a pod of the kubelet's own, and its image has the client.
container=
for id in $($ctr containers list --quiet 'labels."io.kubernetes.pod.namespace"==kube-system,labels."io.kubernetes.container.name"==etcd'); do
  if $ctr tasks list | awk -v id="$id" '$1 == id && $3 == "RUNNING" { found = 1 } END { exit !found }'; then container=$id; fi
done
[ -n "$container" ] || { echo 'etcd does not run here' >&2; exit 1; }

# The one folder of the machine's that the pod may write to.
new=/var/lib/etcd/snapshot.new
trap 'rm -f "$new" "$new.part"' EXIT
$ctr tasks exec --exec-id "snapshot-$$" "$container" etcdctl \
  --endpoints https://127.0.0.1:2379 \
  --cacert /etc/kubernetes/pki/etcd/ca.crt \
  --cert /etc/kubernetes/pki/etcd/healthcheck-client.crt \
  --key /etc/kubernetes/pki/etcd/healthcheck-client.key \
  snapshot save "$new"

# A snapshot ends with its own checksum, which whoever restores it looks at: better now than then.
[ "$(head -c -32 "$new" | sha256sum | cut -d ' ' -f 1)" = "$(tail -c 32 "$new" | od -A n -t x1 -v | tr -d ' \n')" ] ||
  { echo 'the snapshot is broken' >&2; exit 1; }

mkdir -p "$folder"
file=$folder/$(date -u +%Y%m%dT%H%M%SZ).db
mv "$new" "$file.part"
mv "$file.part" "$file"
find "$folder" -type f -name '*.db*' -mtime +6 -delete
