# What the steps beside this file have in common. Read by them; it does nothing by itself.
# Commands run in a pod, so that neither Vault's command line nor a way to its port is needed here. The token goes in by
# standard input: arguments can be read by others, and files stay behind.

namespace=vault
pods='vault-0 vault-1 vault-2'
mount=platform
prefix=alt

# A command in the first pod.
in_pod() {
  kubectl --namespace "$namespace" exec --stdin vault-0 --container vault -- "$@"
}

# Asks for a token, unless VAULT_TOKEN has one.
sign_in() {
  if [ -z "${VAULT_TOKEN:-}" ]; then
    ask 'Token of an administrator of Vault'
    VAULT_TOKEN=$answer
  fi
  v token lookup >/dev/null
}

# Asks for a line that is not shown, and puts it into `answer`.
ask() {
  printf '%s: ' "$1" >&2
  if [ -t 0 ]; then
    stty -echo
    trap 'stty echo' EXIT
    read -r answer
    stty echo
    trap - EXIT
    printf '\n' >&2
  else
    read -r answer
  fi
}

# Vault's command line with the token, and with what stands on standard input.
vault_reading() {
  { printf '%s\n' "$VAULT_TOKEN"; cat; } |
    in_pod sh -c 'read -r VAULT_TOKEN; export VAULT_TOKEN; exec vault "$@"' vault "$@"
}

# Vault's command line with the token.
v() {
  vault_reading "$@" </dev/null
}
