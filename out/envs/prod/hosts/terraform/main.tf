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
      name    = "cp-a"
      address = "10.40.0.11"
      roles   = ["control-plane"]
      zone    = "a"
    },
    {
      name    = "cp-b"
      address = "10.40.1.11"
      roles   = ["control-plane"]
      zone    = "b"
    },
    {
      name    = "cp-c"
      address = "10.40.2.11"
      roles   = ["control-plane"]
      zone    = "c"
    },
    {
      name    = "worker-a-1"
      address = "10.40.0.21"
      roles   = ["worker"]
      zone    = "a"
    },
    {
      name    = "worker-a-2"
      address = "10.40.0.22"
      roles   = ["worker"]
      zone    = "a"
    },
    {
      name    = "worker-b-1"
      address = "10.40.1.21"
      roles   = ["worker"]
      zone    = "b"
    },
    {
      name    = "worker-b-2"
      address = "10.40.1.22"
      roles   = ["worker"]
      zone    = "b"
    },
    {
      name    = "worker-c-1"
      address = "10.40.2.21"
      roles   = ["worker"]
      zone    = "c"
    },
    {
      name    = "worker-c-2"
      address = "10.40.2.22"
      roles   = ["worker"]
      zone    = "c"
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
  default     = ["10.40.0.0/22"]

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
