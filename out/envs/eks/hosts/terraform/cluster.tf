# The cluster. Secrets are encrypted with a key of its own, and the control plane's logs are kept.

variable "nodes" {
  description = "Whether nodes are made. Not before a pod network of the platform's own is on its way: they are not ready without one."
  type        = bool
  default     = true
}

variable "sign_in" {
  description = "Whether the API server knows the identity provider, which must be up and reachable from the internet."
  type        = bool
  default     = false
}

resource "aws_kms_key" "secrets" {
  description         = "Secrets of the cluster ${local.name}"
  enable_key_rotation = true
}

resource "aws_kms_alias" "secrets" {
  name          = "alias/eks/${local.name}"
  target_key_id = aws_kms_key.secrets.key_id
}

resource "aws_cloudwatch_log_group" "control_plane" {
  name              = "/aws/eks/${local.name}/cluster"
  retention_in_days = 30
}

resource "aws_iam_role" "cluster" {
  name = "${local.name}-cluster"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "eks.amazonaws.com" }
      Action    = ["sts:AssumeRole"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "cluster" {
  role       = aws_iam_role.cluster.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"
}

resource "aws_eks_cluster" "main" {
  name     = local.name
  role_arn = aws_iam_role.cluster.arn
  version  = "1.34"

  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  # What every cluster has of its own accord is said below instead, as far as it is wanted.
  bootstrap_self_managed_addons = false
  deletion_protection           = true

  access_config {
    authentication_mode                         = "API"
    bootstrap_cluster_creator_admin_permissions = true
  }

  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.secrets.arn
    }
  }

  kubernetes_network_config {
    service_ipv4_cidr = "172.20.0.0/16"
  }

  vpc_config {
    subnet_ids              = [for subnet in aws_subnet.private : subnet.id]
    endpoint_private_access = true
    endpoint_public_access  = false
  }

  depends_on = [
    aws_cloudwatch_log_group.control_plane,
    aws_iam_role_policy_attachment.cluster,
  ]
}

# Pods of the cluster may take roles at AWS.
resource "aws_iam_openid_connect_provider" "cluster" {
  url            = aws_eks_cluster.main.identity[0].oidc[0].issuer
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_eks_access_entry" "admin" {
  for_each      = toset([])
  cluster_name  = aws_eks_cluster.main.name
  principal_arn = each.key
}

resource "aws_eks_access_policy_association" "admin" {
  for_each      = aws_eks_access_entry.admin
  cluster_name  = aws_eks_cluster.main.name
  principal_arn = each.value.principal_arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

  access_scope {
    type = "cluster"
  }
}

resource "aws_eks_identity_provider_config" "people" {
  count        = var.sign_in ? 1 : 0
  cluster_name = aws_eks_cluster.main.name

  oidc {
    identity_provider_config_name = "people"
    issuer_url                    = "https://keycloak.eks.example.com/realms/platform"
    client_id                     = "kubernetes"
    username_claim                = "preferred_username"
    username_prefix               = "oidc:"
    groups_claim                  = "groups"
    groups_prefix                 = "oidc:"
  }
}

resource "aws_iam_role" "node" {
  name = "${local.name}-node"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = ["sts:AssumeRole"]
    }]
  })
}

resource "aws_iam_role_policy_attachment" "node" {
  for_each = toset([
    "AmazonEKSWorkerNodePolicy",
    "AmazonEC2ContainerRegistryPullOnly",
  ])
  role       = aws_iam_role.node.name
  policy_arn = "arn:aws:iam::aws:policy/${each.key}"
}

resource "aws_launch_template" "standard" {
  name_prefix = "${local.name}-standard-"

  # A pod must not take the node's role: the answer does not get as far as a pod.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_type = "gp3"
      volume_size = 100
      encrypted   = true
    }
  }
}

resource "aws_eks_node_group" "standard" {
  count                  = var.nodes ? 1 : 0
  cluster_name           = aws_eks_cluster.main.name
  node_group_name_prefix = "standard-"
  node_role_arn          = aws_iam_role.node.arn
  subnet_ids             = [for subnet in aws_subnet.private : subnet.id]
  version                = aws_eks_cluster.main.version
  ami_type               = "AL2023_x86_64_STANDARD"
  instance_types         = ["m7i.xlarge"]

  launch_template {
    id      = aws_launch_template.standard.id
    version = aws_launch_template.standard.latest_version
  }

  scaling_config {
    min_size     = 3
    max_size     = 6
    desired_size = 3
  }

  update_config {
    max_unavailable = 1
  }

  lifecycle {
    create_before_destroy = true
    # An autoscaler's to say.
    ignore_changes = [scaling_config[0].desired_size]
  }

  depends_on = [aws_iam_role_policy_attachment.node]
}

# Roles of pods, each for one service account alone.
locals {
  issuer = replace(aws_iam_openid_connect_provider.cluster.url, "https://", "")
  pods = {
    network = {
      account  = "kube-system:aws-node"
      policies = ["AmazonEKS_CNI_Policy"]
    }
    volumes = {
      account  = "kube-system:ebs-csi-controller-sa"
      policies = ["service-role/AmazonEBSCSIDriverPolicy"]
    }
    "aws-load-balancer-controller" = {
      account  = "aws-load-balancer-controller:aws-load-balancer-controller"
      policies = []
    }
  }
}

resource "aws_iam_role" "pod" {
  for_each = local.pods
  name     = "${local.name}-${each.key}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.cluster.arn }
      Action    = ["sts:AssumeRoleWithWebIdentity"]
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "system:serviceaccount:${each.value.account}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "pod" {
  for_each = merge([
    for name, pod in local.pods : { for policy in pod.policies : "${name}/${policy}" => { role = name, policy = policy } }
  ]...)
  role       = aws_iam_role.pod[each.value.role].name
  policy_arn = "arn:aws:iam::aws:policy/${each.value.policy}"
}

# What no policy of Amazon's says.
resource "aws_iam_policy" "pod" {
  for_each = toset(["aws-load-balancer-controller"])
  name     = "${local.name}-${each.key}"
  policy   = file("${path.module}/roles/${each.key}.json")
}

resource "aws_iam_role_policy_attachment" "pod_own" {
  for_each   = aws_iam_policy.pod
  role       = aws_iam_role.pod[each.key].name
  policy_arn = each.value.arn
}

# What nodes need to be ready.
resource "aws_eks_addon" "network" {
  cluster_name             = aws_eks_cluster.main.name
  addon_name               = "vpc-cni"
  service_account_role_arn = aws_iam_role.pod["network"].arn
  depends_on               = [aws_iam_role_policy_attachment.pod]
}

resource "aws_eks_addon" "proxy" {
  cluster_name = aws_eks_cluster.main.name
  addon_name   = "kube-proxy"
}

resource "aws_eks_addon" "dns" {
  count        = var.nodes ? 1 : 0
  cluster_name = aws_eks_cluster.main.name
  addon_name   = "coredns"
  # It is ready only on a node.
  depends_on = [aws_eks_node_group.standard]
}

resource "aws_eks_addon" "volumes" {
  count                    = var.nodes ? 1 : 0
  cluster_name             = aws_eks_cluster.main.name
  addon_name               = "aws-ebs-csi-driver"
  service_account_role_arn = aws_iam_role.pod["volumes"].arn
  # It is ready only on a node.
  depends_on = [aws_iam_role_policy_attachment.pod, aws_eks_node_group.standard]
}
