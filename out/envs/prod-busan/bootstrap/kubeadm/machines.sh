# What the steps beside this file have in common. Read by them; it does nothing by itself.

# The files for machines, by machine.
hosts=$(cd "$(dirname "$0")/../../hosts" && pwd)

first=cp-a
nodes='cp-a cp-b cp-c worker-a-1 worker-a-2 worker-b-1 worker-b-2 worker-c-1 worker-c-2'
balancers='lb-1 lb-2'

is_control_plane() {
  case $1 in cp-a | cp-b | cp-c) return 0 ;; *) return 1 ;; esac
}

address() {
  case $1 in
    cp-a) echo 10.56.0.11 ;;
    cp-b) echo 10.56.1.11 ;;
    cp-c) echo 10.56.2.11 ;;
    worker-a-1) echo 10.56.0.21 ;;
    worker-a-2) echo 10.56.0.22 ;;
    worker-b-1) echo 10.56.1.21 ;;
    worker-b-2) echo 10.56.1.22 ;;
    worker-c-1) echo 10.56.2.21 ;;
    worker-c-2) echo 10.56.2.22 ;;
    lb-1) echo 10.57.0.11 ;;
    lb-2) echo 10.57.0.12 ;;
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
