locals {
  # What a container has where the source does not say.
  defaults = {
    privileged    = false
    restart       = "unless-stopped"
    memory        = null
    shm_size      = null
    log_driver    = null
    log_opts      = null
    env           = {}
    sysctls       = {}
    tags          = {}
    capabilities  = []
    dropped       = []
    security_opts = []
    ulimits       = []
    devices       = []
    ports         = []
    mounts        = []
  }

  containers = { for name, node in local.nodes : name => merge(local.defaults, node) }
}

resource "docker_network" "cluster" {
  for_each = { for network in local.networks : network.name => network }

  name     = each.key
  driver   = try(each.value.driver, null)
  options  = try(each.value.options, null)
  ipv6     = try(each.value.ipv6, null)
  internal = try(each.value.internal, null)

  dynamic "ipam_config" {
    for_each = try(each.value.ipam, [])

    content {
      subnet   = ipam_config.value.subnet
      gateway  = try(ipam_config.value.gateway, null)
      ip_range = try(ipam_config.value.ip_range, null)
    }
  }

  dynamic "labels" {
    for_each = merge(local.labels, try(each.value.labels, {}))

    content {
      label = labels.key
      value = labels.value
    }
  }

  # Containers are in it.
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [labels]
  }
}

# Distributions of TPA's names are built here, with systemd; other images are taken as they are.
resource "docker_image" "node" {
  for_each = local.images

  name         = each.value == null ? each.key : replace(each.key, "/^tpa/", "m1")
  keep_locally = true

  dynamic "build" {
    for_each = each.value == null ? [] : [each.value]

    content {
      context    = "${path.module}/image"
      build_args = { BASE_IMAGE = build.value }
    }
  }

  triggers = each.value == null ? null : { dockerfile = filesha256("${path.module}/image/Dockerfile") }
}

resource "docker_container" "node" {
  for_each = local.containers

  name          = each.key
  hostname      = each.key
  image         = docker_image.node[each.value.image].image_id
  restart       = each.value.restart
  stop_signal   = "RTMIN+3"
  stdin_open    = true
  tty           = true
  privileged    = each.value.privileged
  memory        = each.value.memory
  shm_size      = each.value.shm_size
  cgroupns_mode = "host"
  security_opts = each.value.security_opts
  log_driver    = each.value.log_driver
  log_opts      = each.value.log_opts
  sysctls       = each.value.sysctls
  env           = [for name, value in each.value.env : "${name}=${value}"]

  tmpfs = {
    "/run"      = ""
    "/run/lock" = ""
    "/tmp"      = ""
  }

  dynamic "networks_advanced" {
    for_each = each.value.networks

    content {
      name         = try(docker_network.cluster[networks_advanced.value.name].name, networks_advanced.value.name)
      ipv4_address = try(networks_advanced.value.ipv4_address, null)
      ipv6_address = try(networks_advanced.value.ipv6_address, null)
      aliases      = try(networks_advanced.value.aliases, null)
    }
  }

  volumes {
    host_path      = var.cgroup_mount.host_path
    container_path = "/sys/fs/cgroup"
    read_only      = var.cgroup_mount.read_only
  }

  dynamic "volumes" {
    for_each = each.value.mounts

    content {
      host_path      = try(volumes.value.host_path, null)
      volume_name    = try(volumes.value.volume_name, null)
      container_path = volumes.value.container_path
      read_only      = try(volumes.value.read_only, null)
    }
  }

  dynamic "ports" {
    for_each = each.value.ports

    content {
      internal = ports.value.internal
      external = try(ports.value.external, null)
      ip       = try(ports.value.ip, null)
      protocol = try(ports.value.protocol, null)
    }
  }

  dynamic "capabilities" {
    for_each = length(each.value.capabilities) + length(each.value.dropped) == 0 ? [] : [each.value]

    content {
      add  = capabilities.value.capabilities
      drop = capabilities.value.dropped
    }
  }

  dynamic "ulimit" {
    for_each = each.value.ulimits

    content {
      name = ulimit.value.name
      soft = ulimit.value.soft
      hard = ulimit.value.hard
    }
  }

  dynamic "devices" {
    for_each = each.value.devices

    content {
      host_path      = devices.value.host_path
      container_path = devices.value.container_path
      permissions    = devices.value.permissions
    }
  }

  dynamic "labels" {
    for_each = merge(local.labels, each.value.tags)

    content {
      label = labels.key
      value = labels.value
    }
  }

  # The data is in the containers, and most of what they have is given to them when they are made. A new image or label
  # is for new ones. A container that is called otherwise in the source is renamed by `docker rename`: here it would be
  # made again.
  lifecycle {
    prevent_destroy = true
    ignore_changes  = [hostname, image, labels, name]
  }
}
