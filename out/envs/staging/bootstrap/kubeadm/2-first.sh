#!/bin/sh
# Makes the first control-plane node. Made by stackgen; running it again leaves a node that stands alone.
set -eu
. "$(dirname "$0")/machines.sh"

# Made where it is used, and only once: what is encrypted cannot be read without it.
on "$first" 'sh -s' <<'END'
set -eu
umask 077
file=/etc/kubernetes/api-server/encryption.yaml
[ ! -e "$file" ] || exit 0
cat >"$file.new" <<KEY
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets]
    providers:
      - secretbox:
          keys:
            - name: first
              secret: $(head -c 32 /dev/urandom | base64)
      # What was written before there was a key.
      - identity: {}
KEY
mv "$file.new" "$file"
END

# The load balancers check API servers with this CA, and nobody reaches the first one without them.
on "$first" 'test -e /etc/kubernetes/pki/ca.key || kubeadm init phase certs ca --config /etc/kubernetes/kubeadm/init.yaml'
for machine in $balancers; do
  balance "$machine"
done

on "$first" 'test -e /etc/kubernetes/kubelet.conf || kubeadm init --config /etc/kubernetes/kubeadm/init.yaml'

cat >&2 <<END
The first node stands. Its administrator's kubeconfig is /etc/kubernetes/admin.conf on $first: keep it out of git, and use
it for the steps that follow and in emergencies.
END
