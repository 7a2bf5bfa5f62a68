#!/bin/sh
# Starts the load balancer before there is a cluster behind it. Made by stackgen; running it again brings its files anew.
# HAProxy checks API servers with the cluster's CA. So the CA is made first, where Kubespray finds and keeps it.
set -eu
hosts=$(cd "$(dirname "$0")/../../hosts" && pwd)

# A command on a machine, as root. $1: address, $2: command.
on() {
  ssh -o BatchMode=yes "root@$1" "sh -c '$(printf %s "$2" | sed "s/'/'\\\\''/g")'"
}

on 192.168.60.11 'sh -s' <<'END'
set -eu
mkdir -p /etc/kubernetes/ssl
cd /etc/kubernetes/ssl
[ ! -e ca.crt ] || exit 0
umask 077
openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=kubernetes \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,digitalSignature,keyEncipherment,keyCertSign \
  -keyout ca.key -out ca.crt
chmod 644 ca.crt
END

# $1: name, $2: address.
balance() {
  tar --create --directory "$hosts/$1/" --owner root --group root . |
    on "$2" 'tar --extract --no-overwrite-dir --no-same-permissions --directory /'
  on 192.168.60.11 'cat /etc/kubernetes/ssl/ca.crt' | on "$2" 'tee /etc/haproxy/kubernetes-ca.crt >/dev/null'
  on "$2" 'systemctl enable haproxy keepalived'
  on "$2" 'systemctl reload-or-restart haproxy keepalived'
}

balance alt-1 192.168.60.11
balance alt-2 192.168.60.12
balance alt-3 192.168.60.13
