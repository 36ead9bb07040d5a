# What machines may do themselves: look at what they are, and read what the cluster keeps for them.

data "aws_partition" "current" {}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "node" {
  statement {
    sid       = "Look"
    actions   = ["ec2:DescribeAddresses", "ec2:DescribeInstances", "ec2:DescribeVolumes"]
    resources = ["*"]
  }

  dynamic "statement" {
    for_each = local.bucket == null ? [] : [local.bucket]

    content {
      sid       = "Read"
      actions   = ["s3:GetObject"]
      resources = ["arn:${data.aws_partition.current.partition}:s3:::${statement.value}/${local.cluster_name}/*"]
    }
  }
}

resource "aws_iam_role" "node" {
  name               = local.role
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "node" {
  name   = "${local.cluster_name}_instance_permissions"
  role   = aws_iam_role.node.name
  policy = data.aws_iam_policy_document.node.json
}

resource "aws_iam_instance_profile" "node" {
  name = aws_iam_role.node.name
  role = aws_iam_role.node.name

  # The first boot of a machine needs what the policy allows.
  depends_on = [aws_iam_role_policy.node]
}
