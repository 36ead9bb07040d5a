locals {
  makes_group  = local.is_used && var.network.group_filters == null
  finds_groups = local.is_used && var.network.group_filters != null
  group_ids    = concat(aws_security_group.cluster[*].id, data.aws_security_group.existing[*].id)

  # By what a rule allows, so that none moves when another one comes or goes.
  rules = {
    for rule in var.ingress : join(" ", compact([
      rule.protocol,
      rule.from_port == null ? "" : rule.from_port == rule.to_port ? tostring(rule.from_port) : "${rule.from_port}-${rule.to_port}",
      coalesce(rule.cidr, rule.cidr_ipv6, rule.group),
    ])) => rule...
  }
}

resource "aws_security_group" "cluster" {
  count = local.makes_group ? 1 : 0

  name        = "Group ${var.cluster_name}/${var.region}"
  description = "Automatically created for ${var.cluster_name} in ${var.region}"
  vpc_id      = local.vpc_id

  # Machines are in it: another name would be another group.
  lifecycle {
    ignore_changes = [name, description]
  }
}

data "aws_security_group" "existing" {
  count = local.finds_groups ? length(var.network.group_filters) : 0

  vpc_id = local.vpc_id

  dynamic "filter" {
    for_each = var.network.group_filters[count.index]

    content {
      name   = filter.key
      values = [filter.value]
    }
  }
}

resource "aws_vpc_security_group_ingress_rule" "cluster" {
  for_each = { for key, rules in local.rules : key => rules[0] if local.makes_group }

  security_group_id            = aws_security_group.cluster[0].id
  description                  = coalesce(each.value.description, "${each.value.protocol} from ${coalesce(each.value.cidr, each.value.cidr_ipv6, each.value.group)}")
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = each.value.cidr
  cidr_ipv6                    = each.value.cidr_ipv6
  referenced_security_group_id = each.value.group
}

resource "aws_vpc_security_group_egress_rule" "all" {
  count = local.makes_group ? 1 : 0

  security_group_id = aws_security_group.cluster[0].id
  description       = "to anywhere"
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_key_pair" "cluster" {
  count = local.is_used && var.public_key != null ? 1 : 0

  key_name   = var.key_name
  public_key = var.public_key
}
