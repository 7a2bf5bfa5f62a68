#!/bin/sh
# Whether an API server answers through this machine's HAProxy. keepalived runs it.
exec curl --silent --fail --output /dev/null --max-time 4 \
  --cacert /etc/haproxy/kubernetes-ca.crt \
  --resolve kubernetes.default.svc:6443:127.0.0.1 \
  https://kubernetes.default.svc:6443/readyz
