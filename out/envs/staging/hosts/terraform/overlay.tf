# What is known now, as a layer of the platform's sources:
#   tofu output -raw overlay >overlays/envs/staging/infrastructure.yaml

output "overlay" {
  description = "A layer for the environment, beside its environment.yaml."
  value = yamlencode({
    apiVersion = "stackgen.dev/v1"
    kind       = "Overlay"
    metadata   = { name = "infrastructure", title = "What Terraform knows" }
    cluster = {
      nodeCidrs = var.networks
      nodes     = [for node in var.nodes : { for key, value in node : key => value if value != null }]
    }
  })
}
