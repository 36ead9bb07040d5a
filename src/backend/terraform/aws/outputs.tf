locals {
  # Where ssh finds a machine.
  ssh_hosts = {
    for name, node in local.created : name => node.public_ip == null || node.public_ip == "" ? node.private_ip : node.public_ip
  }

  # On Nitro, and on any instance type that shows EBS volumes as NVMe disks.
  disks = {
    for name, node in local.created : name => {
      for device, id in node.volume_ids : device => "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${replace(id, "-", "")}"
    }
  }

  hosts = {
    for name, node in local.nodes : name => {
      node        = node.node
      location    = node.location
      region      = local.locations[node.location].region
      zone        = local.locations[node.location].zone
      roles       = node.roles
      ssh_user    = node.ssh_user
      ssh_host    = try(node.ansible_host, local.ssh_hosts[name])
      instance_id = local.created[name].instance_id
      private_ip  = local.created[name].private_ip
      public_ip   = local.created[name].public_ip

      volumes = {
        for device, id in local.created[name].volume_ids : device => {
          id   = id
          disk = local.disks[name][device]
          vars = try(node.volume_vars[device], {})
        }
      }
    }
  }
}

output "hosts" {
  description = "Each machine: where it is, how it is reached, and its volumes."
  value       = local.hosts
}

output "inventory" {
  description = "Ansible's inventory, as TPA writes it."
  value = join("\n", concat(
    ["[${local.inventory_group}]"],
    [for name in local.listed : "${name} ansible_host=${local.hosts[name].ssh_host} node=${local.hosts[name].node} platform=bare"],
    [""],
  ))
}

output "bare_instances" {
  description = "The section `instances` of a config.yml whose platform is bare."
  value = yamlencode({
    instances = [
      for name in local.listed : merge(
        {
          Name       = name
          node       = local.nodes[name].node
          location   = local.nodes[name].location
          role       = local.nodes[name].roles
          platform   = "bare"
          private_ip = local.hosts[name].private_ip
          vars       = merge({ ansible_user = local.nodes[name].ssh_user }, try(local.nodes[name].vars, {}))

          volumes = [
            for device, volume in local.hosts[name].volumes : { device_name = volume.disk, vars = volume.vars }
            if length(volume.vars) > 0
          ]
        },
        { for key in ["upstream", "backup"] : key => local.nodes[name][key] if can(local.nodes[name][key]) },
        local.ssh_hosts[name] == local.hosts[name].private_ip ? {} : { public_ip = local.ssh_hosts[name] },
      )
    ]
  })
}

output "connection_strings" {
  description = "For libpq, without a database and a user: all hosts, and which of them is wanted. What stands before Postgres leads to the primary."
  value = {
    for name, it in local.connections : name => {
      for attribute in name == "postgres" ? ["read-write", "prefer-standby", "any"] : ["any"] : attribute => join(" ", [
        "host=${join(",", [for host in it.hosts : local.hosts[host].private_ip])}",
        "port=${join(",", [for host in it.hosts : it.port])}",
        "target_session_attrs=${attribute}",
      ])
    }
  }
}
