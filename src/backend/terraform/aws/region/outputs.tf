locals {
  # An elastic address in place of the one that was given at launch.
  public_ips = merge(
    { for name, node in var.nodes : name => coalesce(node.public_ip, var.public) ? aws_instance.node[name].public_ip : null },
    { for name, address in aws_eip.node : name => address.public_ip },
    { for name, node in var.nodes : name => node.elastic_ip_address if node.elastic_ip_address != null },
  )
}

output "nodes" {
  description = "What only aws knows of each machine."
  value = {
    for name, node in var.nodes : name => {
      instance_id = aws_instance.node[name].id
      private_ip  = aws_instance.node[name].private_ip
      public_ip   = local.public_ips[name]
      volume_ids  = { for device, volume in node.volumes : device => aws_ebs_volume.data["${name}:${device}"].id }
    }
  }
}

output "vpc_id" {
  description = "The VPC of the region."
  value       = local.vpc_id
}

output "route_table_id" {
  description = "The route table of the subnets: that of a VPC which is made here, where none is public."
  value       = one(concat(aws_route_table.cluster[*].id, local.is_public ? [] : aws_vpc.cluster[*].main_route_table_id))
}

output "security_group_ids" {
  description = "The security groups of the machines."
  value       = local.group_ids
}
