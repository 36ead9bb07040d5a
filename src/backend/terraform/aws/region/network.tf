locals {
  vpc_id     = one(concat(aws_vpc.cluster[*].id, data.aws_vpc.existing[*].id))
  gateway_id = one(concat(aws_internet_gateway.cluster[*].id, data.aws_internet_gateway.existing[*].id))

  # A region without machines has nothing; the module stays, and protects volumes that may still be there.
  is_used = length(var.nodes) > 0

  # A VPC that is made here has no gateway of its own; one that exists keeps what it has.
  makes_vpc     = local.is_used && var.network.vpc_filters == null
  finds_vpc     = local.is_used && var.network.vpc_filters != null
  is_public     = local.is_used && var.public
  makes_gateway = local.is_used && var.network.internet_gateway || local.makes_vpc && var.public

  # By network, so that another name for a location moves no machine.
  subnets = {
    for name, location in var.locations : location.subnet => {
      zone = location.zone
      name = coalesce(location.subnet_name, name)
    }... if local.is_used
  }
}

resource "aws_vpc" "cluster" {
  count = local.makes_vpc ? 1 : 0

  cidr_block           = var.network.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = {
    Name = var.network.vpc_name
  }

  # Everything is in it.
  lifecycle {
    prevent_destroy = true
  }
}

data "aws_vpc" "existing" {
  count = local.finds_vpc ? 1 : 0

  dynamic "filter" {
    for_each = var.network.vpc_filters

    content {
      name   = filter.key
      values = filter.value
    }
  }
}

# Without rules: what is not given a group can neither reach nor be reached.
resource "aws_default_security_group" "cluster" {
  count = local.makes_vpc ? 1 : 0

  vpc_id = aws_vpc.cluster[0].id
}

resource "aws_subnet" "location" {
  for_each = local.subnets

  vpc_id                  = local.vpc_id
  cidr_block              = each.key
  availability_zone       = each.value[0].zone
  map_public_ip_on_launch = false

  tags = {
    Name        = each.value[0].name
    Description = "Automatically created for ${var.cluster_name} in ${each.value[0].zone}"
  }

  # A subnet in another zone would be another one, with other machines and volumes in it.
  lifecycle {
    ignore_changes = [availability_zone]

    postcondition {
      condition     = self.availability_zone == each.value[0].zone
      error_message = "The subnet ${each.key} is in ${self.availability_zone}, and its location is in ${each.value[0].zone} now. Write the zone where it is, `zone = ${trimprefix(self.availability_zone, var.region)}`, or put new locations behind the others."
    }
  }
}

resource "aws_internet_gateway" "cluster" {
  count = local.makes_gateway ? 1 : 0

  vpc_id = local.vpc_id

  tags = {
    Name = "${var.region}-igw"
  }

  # Public addresses of machines lead through it; aws takes it away from none that has one.
  lifecycle {
    prevent_destroy = true
  }
}

data "aws_internet_gateway" "existing" {
  count = local.is_public && !local.makes_gateway ? 1 : 0

  filter {
    name   = "attachment.vpc-id"
    values = [local.vpc_id]
  }
}

resource "aws_route_table" "cluster" {
  count = local.is_public ? 1 : 0

  vpc_id = local.vpc_id

  tags = {
    Name        = "${var.cluster_name}/${var.region}/routes"
    Description = "Automatically created for ${var.cluster_name} in ${var.region}"
  }
}

resource "aws_route" "internet" {
  count = local.is_public ? 1 : 0

  route_table_id         = aws_route_table.cluster[0].id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = local.gateway_id
}

resource "aws_route_table_association" "location" {
  for_each = { for network, subnet in aws_subnet.location : network => subnet.id if var.public }

  subnet_id      = each.value
  route_table_id = aws_route_table.cluster[0].id
}
