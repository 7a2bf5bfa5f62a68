# The machines that exist. Nothing is made: they are checked, and told of.

variable "nodes" {
  description = "Machines of the cluster."
  type = list(object({
    name    = string
    address = string
    roles   = list(string)
    zone    = optional(string)
    labels  = optional(map(string))
  }))
  default = [
    {
      name    = "alt-1"
      address = "192.168.60.11"
      roles   = ["control-plane", "worker"]
    },
    {
      name    = "alt-2"
      address = "192.168.60.12"
      roles   = ["control-plane", "worker"]
    },
    {
      name    = "alt-3"
      address = "192.168.60.13"
      roles   = ["control-plane", "worker"]
    },
  ]

  validation {
    condition     = length(distinct(var.nodes[*].name)) == length(var.nodes) && length(distinct(var.nodes[*].address)) == length(var.nodes)
    error_message = "Two machines have one name or address."
  }

  validation {
    condition     = length([for node in var.nodes : node if contains(node.roles, "control-plane")]) % 2 == 1
    error_message = "There must be one control-plane node, or three, or five."
  }
}

variable "networks" {
  description = "Networks that machines stand in."
  type        = list(string)
  default     = ["192.168.60.0/24"]

  validation {
    condition     = alltrue([for network in var.networks : can(cidrnetmask(network)) || can(cidrhost(network, 0))])
    error_message = "A network is written as 10.0.0.0/16."
  }
}

# A machine that is new or gone shows in a plan.
resource "terraform_data" "machine" {
  for_each = { for node in var.nodes : node.name => node }
  input    = each.value
}
