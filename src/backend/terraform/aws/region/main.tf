locals {
  key_name = one(concat(aws_key_pair.cluster[*].key_name, var.public_key == null ? [var.key_name] : []))

  images = { for name, node in var.nodes : name => node.image == null ? data.aws_ami.node[0] : data.aws_ami.own[name] }

  # Assignments that stand above the script of the first boot.
  settings = {
    cluster_name   = var.cluster_name
    ssh_port       = tostring(var.first_boot.ssh_port)
    root_key       = var.first_boot.root_key == null ? "" : var.first_boot.root_key
    hostkey_bucket = var.first_boot.hostkey_bucket == null ? "" : var.first_boot.hostkey_bucket
    bucket_region  = var.first_boot.bucket_region == null ? "" : var.first_boot.bucket_region
  }

  # Every volume but those of the image and of the machine itself, by "<machine>:<device>".
  volumes = merge([
    for name, node in var.nodes : {
      for device, volume in node.volumes : "${name}:${device}" => merge(volume, {
        node   = name
        device = device
        zone   = aws_subnet.location[var.locations[node.location].subnet].availability_zone
        kms    = !volume.encrypted ? null : volume.kms_key_id != null ? volume.kms_key_id : var.kms_key_arn

        tags = merge(node.tags, volume.use == null ? {} : { Use = volume.use }, {
          Name               = "${var.cluster_name}:${node.node}:${device}"
          TPAAttachmentLabel = "${var.cluster_name}:${node.node}:${device}"
          Cluster            = var.cluster_name
          Volume             = "${name}:${device}"
          node               = tostring(node.node)
        })
      })
    }
  ]...)

  # Sizes of the volumes that are attached now, by their tag: "<machine>:<device>", or "<machine>:root".
  sizes = {
    for key, sizes in { for volume in data.aws_ebs_volume.attached : volume.tags.Volume => volume.size... if can(volume.tags.Volume) } : key => max(sizes...)
  }
}

# What exists. The plan of a smaller volume would pass otherwise, and EBS would refuse it in the middle of the apply.
data "aws_ebs_volumes" "attached" {
  filter {
    name   = "tag:Cluster"
    values = [var.cluster_name]
  }

  filter {
    name   = "status"
    values = ["in-use"]
  }
}

data "aws_ebs_volume" "attached" {
  for_each = toset(data.aws_ebs_volumes.attached.ids)

  filter {
    name   = "volume-id"
    values = [each.key]
  }
}

data "aws_ami" "node" {
  count = anytrue([for node in var.nodes : node.image == null]) ? 1 : 0

  owners             = var.image.owner == null ? null : [var.image.owner]
  include_deprecated = true

  dynamic "filter" {
    for_each = merge(var.image.filters, var.image.name == null ? {} : { name = [var.image.name] })

    content {
      name   = filter.key
      values = filter.value
    }
  }
}

data "aws_ami" "own" {
  for_each = { for name, node in var.nodes : name => node.image if node.image != null }

  include_deprecated = true

  filter {
    name   = "image-id"
    values = [each.value]
  }
}

resource "aws_instance" "node" {
  for_each = var.nodes

  ami                         = local.images[each.key].id
  instance_type               = each.value.instance_type
  subnet_id                   = aws_subnet.location[var.locations[each.value.location].subnet].id
  private_ip                  = each.value.private_ip
  associate_public_ip_address = coalesce(each.value.public_ip, var.public) ? true : null
  vpc_security_group_ids      = local.group_ids
  key_name                    = local.key_name
  iam_instance_profile        = var.instance_profile
  disable_api_termination     = each.value.termination_protection

  user_data = join("\n", concat(
    ["#!/bin/sh"],
    [for name, value in var.first_boot.environment : "export ${name}='${replace(value, "'", "'\\''")}'"],
    compact([var.first_boot.before]),
    [for name, value in local.settings : "${name}='${replace(value, "'", "'\\''")}'"],
    ["ssh_user='${each.value.ssh_user}'"],
    [file("${path.module}/first-boot.sh")],
    compact([var.first_boot.after]),
  ))

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  dynamic "root_block_device" {
    for_each = each.value.root_volume == null ? [] : [each.value.root_volume]

    content {
      volume_type           = root_block_device.value.type
      volume_size           = root_block_device.value.size
      iops                  = root_block_device.value.iops
      throughput            = root_block_device.value.throughput
      encrypted             = root_block_device.value.encrypted
      kms_key_id            = !root_block_device.value.encrypted ? null : root_block_device.value.kms_key_id != null ? root_block_device.value.kms_key_id : var.kms_key_arn
      delete_on_termination = root_block_device.value.delete_on_termination

      tags = merge(each.value.tags, {
        Name               = "${var.cluster_name}:${each.value.node}:${local.images[each.key].root_device_name}"
        TPAAttachmentLabel = "${var.cluster_name}:${each.value.node}:${local.images[each.key].root_device_name}"
        Cluster            = var.cluster_name
        Volume             = "${each.key}:root"
        node               = tostring(each.value.node)
      })
    }
  }

  dynamic "ephemeral_block_device" {
    for_each = each.value.instance_storage

    content {
      device_name  = ephemeral_block_device.key
      virtual_name = ephemeral_block_device.value
    }
  }

  tags = merge(each.value.tags, {
    Name    = each.key
    Cluster = var.cluster_name
    node    = tostring(each.value.node)
  })

  lifecycle {
    # Whatever the edit was: nothing here takes a machine away or replaces it.
    prevent_destroy = true

    # A new image, script, key pair or kind of root volume is for new machines. A machine that is stopped seems to have
    # no public address.
    ignore_changes = [
      ami,
      associate_public_ip_address,
      ephemeral_block_device,
      key_name,
      private_ip,
      root_block_device[0].encrypted,
      root_block_device[0].kms_key_id,
      user_data,
    ]

    precondition {
      condition     = try(each.value.root_volume.size, null) == null || try(each.value.root_volume.size >= local.sizes["${each.key}:root"], true)
      error_message = "The root volume of ${each.key} has ${try(local.sizes["${each.key}:root"], 0)} GB, and EBS makes no volume smaller: write that size."
    }

    postcondition {
      condition     = each.value.private_ip == null || self.private_ip == each.value.private_ip
      error_message = "The machine ${each.key} keeps its private address, ${self.private_ip}: write that one, or none."
    }

    postcondition {
      condition     = each.value.root_volume == null || try(self.root_block_device[0].encrypted || !each.value.root_volume.encrypted, true)
      error_message = "The root volume of ${each.key} is not encrypted, and cannot be later: write `encrypted = false` for it, or replace the machine."
    }

    # The name of an alias is not what the machine knows.
    postcondition {
      condition     = try(!strcontains(each.value.root_volume.kms_key_id, ":key/") || self.root_block_device[0].kms_key_id == each.value.root_volume.kms_key_id, true)
      error_message = "The root volume of ${each.key} keeps its key, ${try(self.root_block_device[0].kms_key_id, "none")}: write that one, or replace the machine."
    }
  }

  depends_on = [aws_route.internet]
}

# They outlive their machine, whatever the source says of `delete_on_termination`: an edit of that word costs no data.
resource "aws_ebs_volume" "data" {
  for_each = local.volumes

  availability_zone = each.value.zone
  type              = each.value.type
  size              = each.value.size
  iops              = each.value.iops
  throughput        = each.value.throughput
  encrypted         = each.value.encrypted
  kms_key_id        = each.value.kms
  snapshot_id       = each.value.snapshot_id
  tags              = each.value.tags

  lifecycle {
    prevent_destroy = true

    # Another key or snapshot is for new volumes. The tag says what the volume was made for.
    ignore_changes = [encrypted, kms_key_id, snapshot_id, tags["Use"]]

    precondition {
      condition     = try(each.value.size >= local.sizes[each.key], true)
      error_message = "The volume ${each.key} has ${try(local.sizes[each.key], 0)} GB, and EBS makes no volume smaller: write that size."
    }

    postcondition {
      condition     = self.encrypted || !each.value.encrypted
      error_message = "The volume ${each.key} is not encrypted, and cannot be later: write `encrypted = false` for it, or add a volume and move the data."
    }

    postcondition {
      condition     = try(!strcontains(each.value.kms_key_id, ":key/") || self.kms_key_id == each.value.kms_key_id, true)
      error_message = "The volume ${each.key} keeps its key, ${self.kms_key_id}: write that one, or add a volume and move the data."
    }

    postcondition {
      condition     = each.value.use == null || lookup(self.tags, "Use", each.value.use) == each.value.use
      error_message = "The volume ${each.key} was made for ${lookup(self.tags, "Use", "nothing")}, and the source says ${coalesce(each.value.use, "nothing")} now. Write the devices as they were; if the volume is empty, change its tag `Use` first."
    }
  }
}

# Where an earlier m1c has put volumes with `delete_on_termination`. There are none now; `terraform state mv` brings those
# of an old state to the others, and until then none goes.
resource "aws_ebs_volume" "disposable" {
  for_each = toset([])

  availability_zone = each.key
  size              = 1
  encrypted         = true
  kms_key_id        = var.kms_key_arn

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_volume_attachment" "data" {
  for_each = local.volumes

  device_name                    = each.value.device
  volume_id                      = aws_ebs_volume.data[each.key].id
  instance_id                    = aws_instance.node[each.value.node].id
  stop_instance_before_detaching = true
}

resource "aws_eip" "node" {
  for_each = { for name, node in var.nodes : name => node if node.elastic_ip && node.elastic_ip_address == null }

  domain = "vpc"

  tags = {
    Name = each.key
  }

  # An address that is given back is somebody else's.
  lifecycle {
    prevent_destroy = true
  }
}

data "aws_eip" "allocated" {
  for_each = { for name, node in var.nodes : name => node.elastic_ip_address if node.elastic_ip_address != null }

  public_ip = each.value
}

resource "aws_eip_association" "node" {
  for_each = { for name, node in var.nodes : name => node if node.elastic_ip }

  allocation_id = each.value.elastic_ip_address == null ? aws_eip.node[each.key].id : data.aws_eip.allocated[each.key].id
  instance_id   = aws_instance.node[each.key].id
}

resource "aws_route53_record" "node" {
  for_each = { for name, node in var.nodes : name => node.dns if node.dns != null }

  zone_id         = each.value.zone_id
  name            = "${each.key}.${each.value.zone}"
  type            = "A"
  ttl             = 60
  records         = [local.public_ips[each.key] == null ? aws_instance.node[each.key].private_ip : local.public_ips[each.key]]
  allow_overwrite = true
}
