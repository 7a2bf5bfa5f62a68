#!/bin/sh
# Joins the other nodes to the first. Made by stackgen; nodes that stand are left alone. Arguments: nodes, or nothing for all.
set -eu
. "$(dirname "$0")/machines.sh"

kubectl='kubectl --kubeconfig /etc/kubernetes/admin.conf'

# A kubeconfig with the cluster's CA and a new token.
discovery() {
  on "$first" 'sh -s' <<'END'
set -eu
token=$(kubeadm token create --ttl 1h --description 'a node joins')
cat <<CONFIG
apiVersion: v1
kind: Config
clusters:
  - name: cluster
    cluster:
      server: https://api.prod.example.com:6443
      certificate-authority-data: $(base64 -w 0 /etc/kubernetes/pki/ca.crt)
users:
  - name: joining
    user:
      token: $token
contexts:
  - name: joining
    context: { cluster: cluster, user: joining }
current-context: joining
CONFIG
END
}

# shellcheck disable=SC2086 # Names without spaces.
[ $# -gt 0 ] || set -- $nodes
for node; do
  if [ "$node" = "$first" ] || on "$node" 'test -e /etc/kubernetes/kubelet.conf'; then continue; fi
  echo "== $node" >&2
  if is_control_plane "$node"; then
    # What all API servers must share, from one to the other through here, and never in a file here.
    on "$first" 'cd /etc/kubernetes && tar --create pki/ca.crt pki/ca.key pki/sa.key pki/sa.pub pki/front-proxy-ca.crt pki/front-proxy-ca.key pki/etcd/ca.crt pki/etcd/ca.key api-server/encryption.yaml' |
      on "$node" 'tar --extract --preserve-permissions --no-overwrite-dir --directory /etc/kubernetes'
  fi
  discovery | on "$node" 'install -m 600 /dev/stdin /etc/kubernetes/kubeadm/discovery.yaml'
  on "$node" 'kubeadm join --config /etc/kubernetes/kubeadm/join.yaml'
  on "$node" 'rm /etc/kubernetes/kubeadm/discovery.yaml'
done

# Labels that nodes may not give themselves.
on "$first" "$kubectl label --overwrite node worker-a-1 node-role.kubernetes.io/worker="
on "$first" "$kubectl label --overwrite node worker-a-2 node-role.kubernetes.io/worker="
on "$first" "$kubectl label --overwrite node worker-b-1 node-role.kubernetes.io/worker="
on "$first" "$kubectl label --overwrite node worker-b-2 node-role.kubernetes.io/worker="
on "$first" "$kubectl label --overwrite node worker-c-1 node-role.kubernetes.io/worker="
on "$first" "$kubectl label --overwrite node worker-c-2 node-role.kubernetes.io/worker="
