# What is known now, as a layer of the platform's sources:
#   tofu output -raw overlay >overlays/envs/eks/infrastructure.yaml

output "overlay" {
  description = "A layer for the environment, beside its environment.yaml."
  value = yamlencode({
    apiVersion = "stackgen.dev/v1"
    kind       = "Overlay"
    metadata   = { name = "infrastructure", title = "What Terraform knows" }
    cluster = {
      provider  = "eks"
      region    = "eu-central-1"
      zones     = local.zones
      nodeCidrs = [aws_vpc.main.cidr_block]
      apiServer = { host = lower(replace(aws_eks_cluster.main.endpoint, "https://", "")), port = 443 }
      facts = {
        eks = {
          oidcProviderArn = aws_iam_openid_connect_provider.cluster.arn
          oidcIssuer      = aws_eks_cluster.main.identity[0].oidc[0].issuer
          vpcId           = aws_vpc.main.id
          subnetIds       = [for subnet in aws_subnet.private : subnet.id]
          roles           = { for name, role in aws_iam_role.pod : name => role.arn }
        }
      }
    }
  })
}

output "certificate_authority" {
  description = "Certificate of the cluster's CA, in PEM: no secret."
  value       = base64decode(aws_eks_cluster.main.certificate_authority[0].data)
}
