locals {
  # Null, where neither the source nor the variable says it.
  addresses = {
    for name, node in local.nodes : name => {
      for key in ["ip_address", "public_ip", "private_ip"] : key => try(coalesce(try(var.addresses[name][key], null), try(node[key], null)), null)
    }
  }

  hosts = {
    for name, node in local.nodes : name => merge(local.addresses[name], {
      node         = node.node
      location     = node.location
      roles        = node.roles
      ssh_user     = node.ssh_user
      ssh_host     = try(node.ansible_host, coalesce(local.addresses[name].public_ip, local.addresses[name].ip_address, local.addresses[name].private_ip))
      cluster_host = coalesce(local.addresses[name].ip_address, local.addresses[name].private_ip, local.addresses[name].public_ip)
    })
  }
}

output "hosts" {
  description = "Each machine: what it does, and how it is reached."
  value       = local.hosts

  precondition {
    condition     = length(setsubtract(keys(var.addresses), keys(local.nodes))) == 0
    error_message = "The variable addresses names machines that the source does not have."
  }
}

output "inventory" {
  description = "Ansible's inventory, as TPA writes it."
  value = join("\n", concat(
    ["[${local.inventory_group}]"],
    [for name in local.listed : "${name} ansible_host=${local.hosts[name].ssh_host} node=${local.hosts[name].node} platform=bare"],
    [""],
  ))
}

output "connection_strings" {
  description = "For libpq, without a database and a user: all hosts, and which of them is wanted. What stands before Postgres leads to the primary."
  value = {
    for name, it in local.connections : name => {
      for attribute in name == "postgres" ? ["read-write", "prefer-standby", "any"] : ["any"] : attribute => join(" ", [
        "host=${join(",", [for host in it.hosts : local.hosts[host].cluster_host])}",
        "port=${join(",", [for host in it.hosts : it.port])}",
        "target_session_attrs=${attribute}",
      ])
    }
  }
}
