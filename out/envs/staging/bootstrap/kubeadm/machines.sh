# What the steps beside this file have in common. Read by them; it does nothing by itself.

# The files for machines, by machine.
hosts=$(cd "$(dirname "$0")/../../hosts" && pwd)

first=staging-1
nodes='staging-1 staging-2 staging-3'
balancers='staging-1 staging-2 staging-3'

is_control_plane() {
  case $1 in staging-1 | staging-2 | staging-3) return 0 ;; *) return 1 ;; esac
}

address() {
  case $1 in
    staging-1) echo 192.168.20.11 ;;
    staging-2) echo 192.168.20.12 ;;
    staging-3) echo 192.168.20.13 ;;
    *) echo "there is no machine $1" >&2; return 1 ;;
  esac
}

# A command on a machine, as root. $1: machine, $2: command.
on() {
  ssh -o BatchMode=yes "root@$(address "$1")" "sh -c '$(printf %s "$2" | sed "s/'/'\\\\''/g")'"
}

# Puts a folder's files onto a machine, as they lie. $1: machine, $2: folder in `hosts`.
put() {
  [ -d "$hosts/$2" ] || return 0
  tar --create --directory "$hosts/$2" --owner root --group root . |
    on "$1" 'tar --extract --no-overwrite-dir --no-same-permissions --directory /'
}

# Starts the load balancer, once there is a CA to check API servers with. $1: machine.
balance() {
  on "$first" 'cat /etc/kubernetes/pki/ca.crt' | on "$1" 'tee /etc/haproxy/kubernetes-ca.crt >/dev/null'
  on "$1" 'systemctl enable haproxy keepalived'
  on "$1" 'systemctl reload-or-restart haproxy keepalived'
}
