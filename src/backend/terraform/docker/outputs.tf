output "hosts" {
  description = "Each container: what it does, and where it is."
  value = {
    for name, node in local.nodes : name => {
      node         = node.node
      location     = node.location
      roles        = node.roles
      ip_address   = try(node.networks[0].ipv4_address, null)
      container_id = docker_container.node[name].id
    }
  }
}

output "inventory" {
  description = "Ansible's inventory, as TPA writes it."
  value = join("\n", concat(
    ["[${local.inventory_group}]"],
    [for name in local.listed : "${name} ansible_connection=docker node=${local.nodes[name].node} platform=docker"],
    [""],
  ))
}

output "connection_strings" {
  description = "For libpq, without a database and a user: all hosts, and which of them is wanted. What stands before Postgres leads to the primary."
  value = {
    for name, it in local.connections : name => {
      for attribute in name == "postgres" ? ["read-write", "prefer-standby", "any"] : ["any"] : attribute => join(" ", [
        "host=${join(",", [for host in it.hosts : try(local.nodes[host].networks[0].ipv4_address, host)])}",
        "port=${join(",", [for host in it.hosts : it.port])}",
        "target_session_attrs=${attribute}",
      ])
    }
  }
}
