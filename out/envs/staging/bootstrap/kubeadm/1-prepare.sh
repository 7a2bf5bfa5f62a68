#!/bin/sh
# Gives machines their files. Made by stackgen; running it again brings what changed. Arguments: machines, or nothing for all.
set -eu
. "$(dirname "$0")/machines.sh"

# shellcheck disable=SC2086 # Names without spaces.
[ $# -gt 0 ] || set -- $nodes $balancers
for machine; do
  echo "== $machine" >&2
  case " $nodes " in
    *" $machine "*)
      put "$machine" every-node
      if is_control_plane "$machine"; then put "$machine" every-control-plane; fi
      ;;
  esac
  put "$machine" "$machine"
  case " $nodes " in
    *" $machine "*)
      on "$machine" 'systemctl restart systemd-modules-load systemd-sysctl containerd'
      on "$machine" 'systemctl enable containerd kubelet'
      if is_control_plane "$machine"; then
        on "$machine" 'systemctl daemon-reload && systemctl enable etcd-snapshot.timer && systemctl restart etcd-snapshot.timer'
      fi
      ;;
  esac
  # A load balancer that runs already reads its new files.
  case " $balancers " in
    *" $machine "*)
      on "$machine" 'if test -e /etc/haproxy/kubernetes-ca.crt; then systemctl reload-or-restart haproxy keepalived; fi'
      ;;
  esac
done
